package import TimeSeries

/// Observations: what was measured, slot by slot.
extension ProjectStore {
  /// Writes all columns of a history; slots already there are replaced.
  ///
  /// - Parameters:
  ///   - history: The columns; NaN becomes NULL.
  ///   - site: Name of the site.
  ///   - quality: Quality of each slot; `ok` for a value and `gap` for none where not given.
  /// - Throws: `StoreError`; nothing is written then.
  package func write(
    _ history: SiteHistory, site: String, quality: [Quantity: [SlotQuality]] = [:]
  ) throws {
    try connection.transaction {
      try register(site: site, zone: history.zone)
      let grid = history.grid
      let many = try connection.prepare(slotInsertion(rows: ProjectStore.rowsAtOnce))
      let one = try connection.prepare(slotInsertion(rows: 1))
      for quantity in Quantity.allCases {
        guard let column = history[quantity] else { continue }
        let marks = quality[quantity]
        let series = try series(site, quantity, stepSeconds: grid.stepSeconds)
        // Adding to a table in order of its key is faster than replacing one row after the other.
        try connection.run(
          """
          DELETE FROM slot_values
          WHERE series = ? AND slot_start >= ? AND slot_start < ? AND (slot_start - ?) % ? = 0
          """,
          [
            .integer(series), .integer(grid.start), .integer(grid.end), .integer(grid.start),
            .integer(grid.stepSeconds),
          ])
        func add(_ slots: Range<Int>, by statement: borrowing SQLiteStatement) throws(StoreError) {
          var position = 2
          for i in slots {
            try statement.bind(.integer(grid.instant(i)), at: position)
            try statement.bind(SQLValue(column[i]), at: position + 1)
            let mark = marks?[i] ?? (column[i].isNaN ? .gap : .ok)
            try statement.bind(.integer(mark.number), at: position + 2)
            position += 3
          }
          try statement.runAgain(binding: .integer(series), at: 1)
        }
        let whole = grid.count - grid.count % ProjectStore.rowsAtOnce
        for first in stride(from: 0, to: whole, by: ProjectStore.rowsAtOnce) {
          try add(first..<first + ProjectStore.rowsAtOnce, by: many)
        }
        for i in whole..<grid.count { try add(i..<i + 1, by: one) }
      }
    }
  }

  /// Rows that one statement adds; each has three parameters of its own.
  private static let rowsAtOnce = 64

  /// A statement that adds some slots of one series: the series is parameter 1, slots follow.
  private func slotInsertion(rows: Int) -> String {
    let slots = (0..<rows).map { "(?1, ?\(3 * $0 + 2), ?\(3 * $0 + 3), ?\(3 * $0 + 4))" }
    return "INSERT INTO slot_values(series, slot_start, value, quality) VALUES"
      + slots.joined(separator: ",")
  }

  /// Returns the number of a site's column at a step, which is entered where it is new.
  private func series(_ site: String, _ quantity: Quantity, stepSeconds: Int) throws -> Int {
    let key: [SQLValue] = [.text(site), .text(quantity.rawValue), .integer(stepSeconds)]
    try connection.run(
      "INSERT OR IGNORE INTO series(site, quantity, step_s) VALUES(?, ?, ?)", key)
    return try integer(
      "SELECT id FROM series WHERE site = ? AND quantity = ? AND step_s = ?", key)
  }

  /// Returns the end of the newest slot in which one of some quantities was measured; nothing where none was.
  package func newestObservation(site: String, of quantities: [Quantity]) throws -> Int? {
    var newest: Int?
    for quantity in quantities {
      try connection.query(
        """
        SELECT max(slot_start + step_s) FROM slot_observations
        WHERE site = ? AND quantity = ? AND value IS NOT NULL
        """, [.text(site), .text(quantity.rawValue)]
      ) { row in
        if let end = row.integer(0) { newest = max(newest ?? end, end) }
      }
    }
    return newest
  }

  /// Returns the grid that covers the observations of a site.
  ///
  /// - Parameters:
  ///   - site: Name of the site.
  ///   - stepSeconds: Step of the observations; the one that most of them have when absent. [s]
  /// - Returns: Nothing where there are none.
  /// - Throws: `StoreError` when the database cannot be read.
  package func observedGrid(site: String, stepSeconds: Int? = nil) throws -> TimeGrid? {
    var grid: TimeGrid?
    var most = 0
    try connection.query(
      """
      SELECT step_s, min(slot_start), max(slot_start), count(*) FROM slot_observations
      WHERE site = ? GROUP BY step_s ORDER BY step_s
      """, [.text(site)]
    ) { row in
      guard let step = row.integer(0), let first = row.integer(1), let last = row.integer(2),
        let count = row.integer(3), stepSeconds == nil || step == stepSeconds, count > most
      else { return }
      most = count
      grid = TimeGrid(from: first, to: last + step, stepSeconds: step)
    }
    return grid
  }

  /// Reads the qualities of a site's observations on a grid; slots without an observation are gaps.
  package func qualities(site: String, grid: TimeGrid) throws -> [Quantity: [SlotQuality]] {
    var qualities: [Quantity: [SlotQuality]] = [:]
    try connection.query(
      """
      SELECT quantity, slot_start, quality FROM slot_observations
      WHERE site = ? AND step_s = ? AND slot_start >= ? AND slot_start < ?
      """,
      [.text(site), .integer(grid.stepSeconds), .integer(grid.start), .integer(grid.end)]
    ) { row in
      guard let quantity = row.text(0).flatMap(Quantity.init(rawValue:)),
        let start = row.integer(1), let slot = grid.index(containing: start),
        let quality = row.text(2).flatMap(SlotQuality.init(rawValue:))
      else { return }
      qualities[
        quantity, default: [SlotQuality](repeating: .gap, count: grid.count)][slot] = quality
    }
    return qualities
  }

  /// Reads the observations of a site on a grid.
  ///
  /// - Parameters:
  ///   - site: Name of the site.
  ///   - grid: Slots; those without an observation of the same start and step are NaN.
  ///   - quantities: Columns to read.
  /// - Returns: The history in the site's zone; a quantity never observed at this step has no column.
  /// - Throws: `StoreError`, also for a site that is not there.
  package func history(
    site: String, grid: TimeGrid, quantities: [Quantity] = Quantity.allCases
  ) throws -> SiteHistory {
    let zone = try self.zone(of: site)
    var history = SiteHistory(grid: grid, zone: zone, columns: [:])
    for quantity in quantities {
      var column = [Double](repeating: .nan, count: grid.count)
      var found = false
      try connection.query(
        """
        SELECT slot_start, value FROM slot_values
        WHERE series = (SELECT id FROM series WHERE site = ? AND quantity = ? AND step_s = ?)
          AND slot_start >= ? AND slot_start < ?
        """,
        [
          .text(site), .text(quantity.rawValue), .integer(grid.stepSeconds), .integer(grid.start),
          .integer(grid.end),
        ]
      ) { row in
        guard let start = row.integer(0), let slot = grid.index(containing: start),
          grid.instant(slot) == start
        else { return }
        column[slot] = row.real(1)
        found = true
      }
      if found { history[quantity] = column }
    }
    return history
  }

  /// Names of all sites, in order.
  package func sites() throws -> [String] {
    var names: [String] = []
    try connection.query("SELECT name FROM sites ORDER BY name") { row in
      if let name = row.text(0) { names.append(name) }
    }
    return names
  }

  /// Enters a site, or checks that it is known with the same zone.
  func register(site: String, zone: Zone) throws {
    try connection.run(
      "INSERT OR IGNORE INTO sites(name, zone) VALUES(?, ?)",
      [.text(site), .text(zone.identifier)])
    let known = try self.zone(of: site)
    guard known.identifier == zone.identifier else {
      throw StoreError(
        message: "site '\(site)' is in \(known.identifier), not in \(zone.identifier)")
    }
  }

  /// Returns the zone of a site.
  package func zone(of site: String) throws -> Zone {
    var name: String?
    try connection.query("SELECT zone FROM sites WHERE name = ?", [.text(site)]) {
      name = $0.text(0)
    }
    guard let name else { throw StoreError(message: "there is no site '\(site)'") }
    do throws(UnknownZone) {
      return try Zone(name)
    } catch {
      throw StoreError(message: "site '\(site)' is in an unknown zone '\(error.identifier)'")
    }
  }
}

extension SlotQuality {
  /// The number in the table `qualities`.
  fileprivate var number: Int {
    switch self {
    case .ok: 0
    case .gap: 1
    case .reset: 2
    case .spike: 3
    case .clamped: 4
    case .filled: 5
    }
  }
}
