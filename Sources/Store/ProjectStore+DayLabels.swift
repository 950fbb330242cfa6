package import TimeSeries

/// What is known of the quality of a day of a site.
package struct DayLabel: Sendable, Hashable {
  /// The words for it.
  package enum Verdict: String, Sendable, CaseIterable {
    /// Everything can be used.
    case clean
    /// One channel cannot.
    case masked
    /// Nothing that was metered can.
    case excluded
  }

  /// The day on the site's calendar, since 1970-01-01.
  package var day: Int
  package var verdict: Verdict
  /// The channel that is masked; nothing for a verdict on the whole day.
  package var quantity: Quantity?

  /// Creates a label.
  package init(day: Int, verdict: Verdict, quantity: Quantity? = nil) {
    self.day = day
    self.verdict = verdict
    self.quantity = quantity
  }

  /// Share of the slots of a day without a measurement of its own from which a channel is masked.
  private static let maskedShare = 0.25

  /// Labels the days of a history by the quality of its slots.
  ///
  /// A channel is masked on a day of which a quarter or more of its slots were not measured: gaps, values out of
  /// range, values put in. A day without its load, or without the meter that stands for it, is excluded.
  ///
  /// - Returns: One label for each clean or excluded day, and one for each masked channel of the others, in order.
  /// - Throws: Where the history is kept elsewhere and cannot be read.
  package static func labels(of history: some HistoryColumns) throws -> [DayLabel] {
    let grid = history.grid
    // The slots of each day, which are those that begin on it.
    var days: [(day: Int, slots: Range<Int>)] = []
    var first = 0
    while first < grid.count {
      let day = history.zone.civil(at: grid.instant(first)).dayNumber
      let rest = history.zone.startOfDay(day + 1) - grid.instant(first)
      let end = min(grid.count, first + max(1, (rest + grid.stepSeconds - 1) / grid.stepSeconds))
      days.append((day, first..<end))
      first = end
    }
    var bad: [Quantity: [Int]] = [:]
    for quantity in history.quantities {
      var counts = [Int](repeating: 0, count: days.count)
      var k = 0
      try history.forEachPart(quantity) { slots, part in
        for (slot, mark) in zip(slots, part.quality) {
          if slot == days[k].slots.upperBound { k += 1 }
          if mark == .gap || mark == .spike || mark == .filled { counts[k] += 1 }
        }
      }
      bad[quantity] = counts
    }
    var labels: [DayLabel] = []
    for (k, (day, slots)) in days.enumerated() {
      let masked = history.quantities.filter {
        Double(bad[$0]?[k] ?? 0) >= DayLabel.maskedShare * Double(slots.count)
      }
      if masked.isEmpty {
        labels.append(DayLabel(day: day, verdict: .clean))
      } else if masked.contains(.load) || masked.contains(.net) {
        labels.append(DayLabel(day: day, verdict: .excluded))
      } else {
        labels += masked.map { DayLabel(day: day, verdict: .masked, quantity: $0) }
      }
    }
    return labels
  }

  /// The quantities whose values of the day do not count.
  package var withheld: [Quantity] {
    switch verdict {
    case .clean: []
    case .masked: quantity.map { [$0] } ?? []
    // Weather and prices come from elsewhere and stay.
    case .excluded: [.load, .net, .pv, .batteryPower, .stateOfCharge]
    }
  }
}

extension SiteHistory {
  /// Takes out what labels withhold.
  ///
  /// - Returns: Slots taken out, by quantity.
  package mutating func withhold(_ labels: [DayLabel]) -> [Quantity: Int] {
    var days: [Quantity: Set<Int>] = [:]
    for label in labels {
      for quantity in label.withheld { days[quantity, default: []].insert(label.day) }
    }
    var counts: [Quantity: Int] = [:]
    for (quantity, days) in days {
      guard var column = self[quantity] else { continue }
      for i in grid.indices where !column[i].isNaN {
        guard days.contains(zone.civil(at: grid.instant(i)).dayNumber) else { continue }
        column[i] = .nan
        counts[quantity, default: 0] += 1
      }
      self[quantity] = column
      guard quantity == .pv else { continue }
      for name in planeNames {
        self[plane: name] = self[plane: name].map { plane in
          plane.indices.map { column[$0].isNaN ? .nan : plane[$0] }
        }
      }
    }
    return counts
  }
}

/// Quality of the days of a site.
extension ProjectStore {
  /// Keeps labels; those that the same days had go.
  package func write(_ labels: [DayLabel], site: String) throws {
    _ = try zone(of: site)
    try connection.transaction {
      for day in Set(labels.map(\.day)) {
        try connection.run(
          "DELETE FROM day_labels WHERE site = ? AND day = ?", [.text(site), .text(dateText(day))])
      }
      for label in labels {
        try connection.run(
          "INSERT OR REPLACE INTO day_labels(site, day, quantity, verdict) VALUES(?, ?, ?, ?)",
          [
            .text(site), .text(dateText(label.day)), .text(label.quantity?.rawValue ?? ""),
            .text(label.verdict.rawValue),
          ])
      }
    }
  }

  /// Reads the labels of a site, in order of days.
  package func dayLabels(site: String) throws -> [DayLabel] {
    var labels: [DayLabel] = []
    try connection.query(
      """
      SELECT CAST(julianday(day) - 2440587.5 AS INTEGER), quantity, verdict FROM day_labels
      WHERE site = ? ORDER BY day, quantity
      """, [.text(site)]
    ) { row in
      guard let day = row.integer(0),
        let verdict = row.text(2).flatMap(DayLabel.Verdict.init(rawValue:))
      else { return }
      labels.append(
        DayLabel(
          day: day, verdict: verdict, quantity: row.text(1).flatMap(Quantity.init(rawValue:))))
    }
    return labels
  }
}
