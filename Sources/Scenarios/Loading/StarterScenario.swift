import Documents
package import Telemetry
package import TimeSeries

/// A scenario to start from, made from what one data file shows.
///
/// Everything that the file does not say is guessed, and each guess stands in a comment beside its key.
package struct StarterScenario: Sendable {
  /// Path of the data file as the document is to name it.
  package var file: String
  /// Format of a logger; nothing for a plain table.
  package var format: LogFormat?
  /// Header of the stamps.
  package var timeColumn: String
  /// Which end of its interval a stamp names.
  package var label: SlotLabel
  /// Clock of the stamps, where it is not that of the site.
  package var stampZone: Zone?
  /// The columns.
  package var columns: [ColumnMapping]
  /// The site's clock, and how it was found.
  package var zone: Zone
  package var zoneReason: String
  /// Whether the meaning of the columns was guessed, not named by the file.
  package var columnsAreGuessed: Bool
  /// What the file holds.
  package var history: SiteHistory
  /// What stands in for values that are missing.
  package var missingRule = HistorySettings.MissingRule.previousDay

  /// Takes what a file shows.
  package init(
    file: String, format: LogFormat?, timeColumn: String, label: SlotLabel, stampZone: Zone?,
    columns: [ColumnMapping], zone: Zone, zoneReason: String, columnsAreGuessed: Bool,
    history: SiteHistory
  ) {
    self.file = file
    self.format = format
    self.timeColumn = timeColumn
    self.label = label
    self.stampZone = stampZone
    self.columns = columns
    self.zone = zone
    self.zoneReason = zoneReason
    self.columnsAreGuessed = columnsAreGuessed
    self.history = history
  }

  /// Step of the history and of settlement. [s]
  private var stepSeconds: Int { history.grid.stepSeconds }

  /// The whole local days that the file holds, by their numbers; nothing where it holds none.
  private var days: Range<Int>? {
    let grid = history.grid
    var first = zone.civil(at: grid.start).dayNumber
    if zone.startOfDay(first) < grid.start { first += 1 }
    let end = zone.civil(at: grid.end).dayNumber
    return first < end ? first..<end : nil
  }

  /// What forecasters learn from before the period: four weeks, less of a short file.
  private static func warmUp(of days: Int) -> Int { days >= 84 ? 28 : days / 3 }

  /// The replayed days: the last whole year where there is one, else everything after the warm-up.
  private var period: (days: Range<Int>, warmUp: Int)? {
    guard let days else { return nil }
    let warmUp = Self.warmUp(of: days.count)
    let start = max(days.lowerBound + warmUp, days.upperBound - 365)
    guard start < days.upperBound else { return nil }
    return (start..<days.upperBound, warmUp)
  }

  private var isWholeYear: Bool { period?.days.count == 365 }

  /// Slots of the period.
  private var slots: Range<Int> {
    guard let period else { return 0..<0 }
    let grid = history.grid
    let from = (zone.startOfDay(period.days.lowerBound) - grid.start) / stepSeconds
    let to = (zone.startOfDay(period.days.upperBound) - grid.start) / stepSeconds
    return max(0, from)..<min(grid.count, max(from, to))
  }

  private func values(of quantity: Quantity) -> [Double] {
    history[quantity].map { series in slots.map { series[$0] }.filter { !$0.isNaN } } ?? []
  }

  /// Share of the period in which something is missing that a run needs.
  private var missing: Double {
    let needed = [Quantity.load, .net, .price].filter { history[$0] != nil }
    let shares = needed.map { 1 - Double(values(of: $0).count) / Double(max(1, slots.count)) }
    return shares.max() ?? 0
  }

  private var missingWords: String {
    switch missingRule {
    case .previousDay: "a missing value is that of the day before"
    case .hold: "a missing value is the one before it"
    case .zero: "a missing value is none"
    case .leave: "where a value is missing the battery rests, and nothing is billed"
    case .refuse: "a missing value is refused"
    }
  }

  /// Energy that a quantity brings in a mean day. [kWh]
  private func dailyKWh(_ quantity: Quantity) -> Double {
    let found = values(of: quantity).map { max(0, $0) }
    return found.isEmpty ? 0 : found.reduce(0, +) / Double(found.count) * 24
  }

  /// A number of the series 1, 2, 5, 10 … that is near.
  private static func round(_ value: Double) -> Double {
    guard value > 0 else { return 1 }
    var step = 1.0
    while step > value { step /= 10 }
    while step * 10 <= value { step *= 10 }
    let candidates = [1, 1.5, 2, 3, 5, 7.5, 10].map { $0 * step }
    return candidates.min { abs($0 - value) < abs($1 - value) } ?? step
  }

  /// A battery for half of what a mean day uses.
  private var capacityKWh: Double {
    Self.round(0.5 * max(dailyKWh(.load), dailyKWh(.net)))
  }

  private var hasPV: Bool { history[.pv] != nil || values(of: .net).contains { $0 < 0 } }
  private var hasPrice: Bool { history[.price] != nil }

  /// Why no scenario can be made of the file; nothing where one can.
  package var refusal: String? {
    if history[.load] == nil, history[.net] == nil {
      return "the file holds no load and no signed meter"
    }
    guard let days, days.count >= 3 else {
      return "a replay needs three whole days of '\(zone.identifier)', the file holds "
        + "\(self.days?.count ?? 0)"
    }
    return 86_400 % stepSeconds == 0 && stepSeconds <= 3600
      ? nil : "a replay needs steps of an hour at most, the file has \(stepSeconds) s"
  }

  private static func number(_ value: Double) -> String { NumberText.shortest(value) }

  private func date(_ day: Int) -> String { zone.civil(at: zone.startOfDay(day)).dateText }

  /// The document.
  package var text: String {
    guard let period else { return "" }
    var lines: [String] = []
    /// Writes a line, with what was guessed behind it.
    func add(_ line: String, _ note: String? = nil) {
      guard let note else { return lines.append(line) }
      let space = String(repeating: " ", count: max(2, 34 - line.count))
      lines.append("\(line)\(space)# \(note)")
    }
    lines += [
      "# A scenario to start from, made by 'wattif init' from \(file.split(separator: "/").last ?? "").",
      "# It runs as it is. What the file does not say is guessed; each guess says so behind its key.",
      "#",
      "#   wattif check FILE      what a run works with",
      "#   wattif compare FILE    which forecast plans this battery best",
      "#   wattif size FILE       which battery earns most",
      "",
    ]
    add("name: \(TariffDocument.quoted("Site of \(file.split(separator: "/").last ?? "")"))")
    add("\nsite:")
    add("  time_zone: \(zone.identifier)", zoneReason)
    if history[.pv] != nil {
      let peak = values(of: .pv).max() ?? 0
      add(
        "  pv_kwp: \(Self.number(max(0.1, (peak * 10).rounded(.up) / 10)))",
        "guessed: the largest production seen; put the rating of the plant")
      add("  # latitude_deg: 48.4", "with both, forecasts know where the sun is")
      add("  # longitude_deg: 10.0")
    }
    add("\nperiod:")
    add(
      "  from: \(date(period.days.lowerBound))",
      isWholeYear ? "the last whole year of the file" : "everything after the warm-up")
    add("  to: \(date(period.days.upperBound))", "the day after the last one")
    add("  step_s: \(stepSeconds)", "found in the file")
    add(
      "  warm_up_days: \(period.warmUp)", "days before the period that forecasts learn from")
    add("\nhistory:")
    add("  source: files")
    if missing > 0 {
      add("  missing: \(missingRule.rawValue)", "\(missingWords); each is counted")
      if missing > HistorySettings.usualFilledMaxFraction {
        add(
          "  filled_max_fraction: \(Self.number(min(1, (missing * 100).rounded(.up) / 100)))",
          "\(NumberText.percent(missing, decimals: 1)) of the period is missing: little to rely on")
      }
    }
    if history[.ambient] == nil {
      add("  ambient_c: 20", "guessed: air around the battery, as in a cellar")
    }
    add("  skip_errors: true", "rows and cells that cannot be read are left out, and reported")
    add("  files:")
    add("    - file: \(TariffDocument.quoted(file))")
    if let format { add("      format: \(format.rawValue)") }
    if format == nil { add("      time_column: \(TariffDocument.quoted(timeColumn))") }
    if let stampZone, stampZone != zone { add("      time_zone: \(stampZone.identifier)") }
    if label == .end { add("      label: end", "stamps name the end of their interval") }
    add("      columns:")
    for column in columns {
      add(
        "        - column: \(TariffDocument.quoted(column.column))",
        columnsAreGuessed ? "guessed: the first column of numbers" : nil)
      add("          quantity: \(column.quantity.rawValue)")
      if let unit = column.unit {
        add(
          "          unit: \(TariffDocument.quoted(unit))",
          columnsAreGuessed ? "guessed: the file names no unit" : nil)
      }
      if column.factor != 1 {
        add(
          "          factor: \(Self.number(column.factor))",
          column.quantity == .pv && column.factor > 0
            ? "guessed: the plant's rating in kW, which the unit of the column is per" : nil)
      }
      if column.quantity == .pv, values(of: .pv).count < slots.count {
        add("          fill: zero", "guessed: production that is missing is none; each is counted")
      }
      if case .counter = column.reading { add("          reading: counter") }
      if column.combination != .join { add("          combine: \(column.combination.rawValue)") }
    }
    add("\nforecasts:")
    add("  versions:", "'wattif compare' ranks them by money")
    for version in ["naive_day", "baseline_7_day_avg", "slot_ewma", "perfect"] {
      add(
        "    - \(version)",
        version == "perfect" ? "the truth: what forecasts could still earn" : nil)
    }
    let capacity = capacityKWh
    add("\nbattery:")
    add(
      "  capacity_kwh: \(Self.number(capacity))",
      "guessed: half of a mean day; 'wattif twin list' has products")
    add("  chemistry: lfp")
    add("  soc_min_fraction: 0.05")
    add("  soc_max_fraction: 0.95")
    add("\ninverter:")
    add("  power_kw: \(Self.number(capacity / 2))", "guessed: full in two hours")
    add("\ntariff:", "guessed: an example; 'tariff: FILE' takes a document of the folder tariffs")
    add("  name: Example")
    add("  currency: EUR")
    add("  energy:")
    if hasPrice {
      add("    - name: spot")
      add("      spot_multiplier: 1", "the price of the file")
      add("    - name: grid fee and levies")
      add("      price_per_kwh: 0.15")
    } else {
      add("    - name: day and night")
      add("      periods:")
      add("        - name: night")
      add("          times: 22:00 to 06:00")
      add("          price_per_kwh: 0.2")
      add("        - name: day")
      add("          times: 06:00 to 22:00")
      add("          price_per_kwh: 0.32")
    }
    if hasPV {
      add("  export:")
      add("    price_per_kwh: 0.08")
    }
    add("\nplanner:")
    add("  wear_per_kwh: 0.01", "guessed: what a kWh let out costs the cells")
    add("\nsize:")
    add(
      "  energies_kwh: [\([0.5, 1, 2].map { Self.number(capacity * $0) }.joined(separator: ", "))]"
    )
    add(
      "  powers_kw: [\([0.25, 0.5, 1].map { Self.number(capacity * $0) }.joined(separator: ", "))]")
    if !isWholeYear {
      add(
        "  period: scale_to_year",
        "\(period.days.count) days stand for a year: seasons are missing")
    }
    add("  version: baseline_7_day_avg")
    add("  capital:", "guessed: what a battery costs; put your offer")
    add("    per_kwh: 400")
    add("    per_kw: 150")
    add("    fixed: 1000")
    add("  years: 15")
    add("  discount_rate_fraction: 0.03")
    return lines.joined(separator: "\n") + "\n"
  }
}
