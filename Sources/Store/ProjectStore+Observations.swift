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
    try write(MarkedHistory(history, quality: quality), site: site)
    try writePlanes(of: history, site: site)
  }

  /// Writes the production of each plane of modules that a history knows by itself, beside that of the site.
  ///
  /// - Parameters:
  ///   - history: The planes; NaN becomes NULL, a gap.
  ///   - site: Name of the site.
  /// - Throws: `StoreError`; nothing is written then.
  package func writePlanes(of history: SiteHistory, site: String) throws {
    try write(
      history.planeNames.compactMap { name in
        history[plane: name].map { values in
          (
            Self.planePrefix + name,
            { slots in
              let part = Array(values[slots])
              return HistoryPart(values: part, quality: part.map { $0.isNaN ? .gap : .ok })
            }
          )
        }
      }, history.grid, zone: history.zone, site: site)
  }

  /// What the name of a series of a plane begins with.
  private static let planePrefix = Quantity.pv.rawValue + ":"

  /// A series with a way to read some slots of it.
  private typealias Column = (name: String, part: (Range<Int>) throws -> HistoryPart)

  /// Writes all columns of a history, some slots at a time; slots already there are replaced, and those that hold the
  /// same already are left alone.
  ///
  /// - Parameters:
  ///   - history: The columns; NaN becomes NULL.
  ///   - site: Name of the site.
  /// - Throws: `StoreError`, or what reading the columns throws; nothing is written then.
  package func write(_ history: some HistoryColumns, site: String) throws {
    try write(
      history.quantities.map { quantity in
        (quantity.rawValue, { try history.part(quantity, $0) })
      }, history.grid, zone: history.zone, site: site)
  }

  private func write(
    _ columns: [Column], _ grid: TimeGrid, zone: Zone, site: String
  ) throws {
    guard !columns.isEmpty else { return }
    // The series of the slots are entered in the same transaction; to look for them row by row would take a third of
    // the time, and keeps SQLite from writing over a row in its place.
    try connection.withoutReferences {
      try connection.transaction {
        try register(site: site, zone: zone)
        let new = try SlotInsertion(connection, "INSERT")
        let other = try SlotInsertion(connection, "INSERT OR REPLACE")
        for column in columns {
          let series = try series(site, column.name, stepSeconds: grid.stepSeconds)
          for first in stride(from: 0, to: grid.count, by: historyPartSlots) {
            let slots = first..<min(grid.count, first + historyPartSlots)
            let part = try column.part(slots)
            let stretch = grid[slots]
            if let changed = try changes(part, stretch, series: series) {
              try other.add(changed, of: part, stretch, series: series)
            } else {
              try new.add(Array(stretch.indices), of: part, stretch, series: series)
            }
          }
        }
      }
    }
  }

  /// Slots of a stretch that the database does not hold as they are; nothing where it holds none of the stretch.
  private func changes(
    _ part: HistoryPart, _ stretch: TimeGrid, series: Int
  ) throws -> [Int]? {
    var isSame: [Bool] = []
    try connection.query(
      """
      SELECT slot_start, value, quality FROM slot_values
      WHERE series = ? AND slot_start >= ? AND slot_start < ?
      """, [.integer(series), .integer(stretch.start), .integer(stretch.end)]
    ) { row in
      if isSame.isEmpty { isSame = [Bool](repeating: false, count: stretch.count) }
      guard let start = row.integer(0), (start - stretch.start) % stretch.stepSeconds == 0 else {
        return
      }
      let slot = (start - stretch.start) / stretch.stepSeconds
      let (stored, value) = (row.real(1), part.values[slot])
      isSame[slot] =
        (stored == value || stored.isNaN && value.isNaN)
        && row.integer(2) == part.quality[slot].number
    }
    return isSame.isEmpty ? nil : isSame.indices.filter { !isSame[$0] }
  }

  /// Returns the number of a site's column at a step, which is entered where it is new.
  private func series(_ site: String, _ name: String, stepSeconds: Int) throws -> Int {
    let key: [SQLValue] = [.text(site), .text(name), .integer(stepSeconds)]
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
  /// - Returns: The history in the site's zone; a quantity never observed at this step has no column. With
  ///   production come its planes.
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
    if quantities.contains(.pv) { try readPlanes(into: &history, site: site) }
    return history
  }

  private func readPlanes(into history: inout SiteHistory, site: String) throws {
    let grid = history.grid
    var planes: [String: [Double]] = [:]
    try connection.query(
      """
      SELECT quantity, slot_start, value FROM slot_observations
      WHERE site = ? AND step_s = ? AND slot_start >= ? AND slot_start < ?
        AND substr(quantity, 1, ?) = ?
      """,
      [
        .text(site), .integer(grid.stepSeconds), .integer(grid.start), .integer(grid.end),
        .integer(Self.planePrefix.count), .text(Self.planePrefix),
      ]
    ) { row in
      guard let name = row.text(0)?.dropFirst(Self.planePrefix.count), let start = row.integer(1),
        let slot = grid.index(containing: start), grid.instant(slot) == start
      else { return }
      planes[String(name), default: [Double](repeating: .nan, count: grid.count)][slot] =
        row.real(2)
    }
    for (name, values) in planes { history[plane: name] = values }
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

/// Statements that add slots, many at a time.
private struct SlotInsertion: ~Copyable {
  private let many: SQLiteStatement
  private let one: SQLiteStatement
  /// Rows that one statement adds; each has three parameters of its own.
  private static let rowsAtOnce = 64

  init(_ connection: SQLiteConnection, _ verb: String) throws(StoreError) {
    // Both exist before either is stored: a value that is half there cannot be given up.
    let several = try connection.prepare(
      SlotInsertion.text(verb, rows: SlotInsertion.rowsAtOnce))
    let single = try connection.prepare(SlotInsertion.text(verb, rows: 1))
    many = several
    one = single
  }

  /// A statement that adds some slots of one series: the series is parameter 1, slots follow.
  private static func text(_ verb: String, rows: Int) -> String {
    let slots = (0..<rows).map { "(?1, ?\(3 * $0 + 2), ?\(3 * $0 + 3), ?\(3 * $0 + 4))" }
    return "\(verb) INTO slot_values(series, slot_start, value, quality) VALUES"
      + slots.joined(separator: ",")
  }

  /// Adds slots of a stretch, given by their places in it.
  func add(
    _ slots: [Int], of part: HistoryPart, _ stretch: TimeGrid, series: Int
  ) throws(StoreError) {
    try many.bind(integer: series, at: 1)
    try one.bind(integer: series, at: 1)
    let whole = slots.count - slots.count % SlotInsertion.rowsAtOnce
    for first in stride(from: 0, to: whole, by: SlotInsertion.rowsAtOnce) {
      let chosen = slots[first..<first + SlotInsertion.rowsAtOnce]
      try SlotInsertion.run(many, chosen, part, stretch)
    }
    for k in whole..<slots.count { try SlotInsertion.run(one, slots[k...k], part, stretch) }
  }

  private static func run(
    _ statement: borrowing SQLiteStatement, _ slots: ArraySlice<Int>, _ part: HistoryPart,
    _ stretch: TimeGrid
  ) throws(StoreError) {
    var position = 2
    for slot in slots {
      try statement.bind(integer: stretch.instant(slot), at: position)
      try statement.bind(real: part.values[slot], at: position + 1)
      try statement.bind(integer: part.quality[slot].number, at: position + 2)
      position += 3
    }
    try statement.runAgain()
  }
}
