package import Diagnostics
package import TimeSeries

extension DarkstarDatabase {
  /// Writes forecasts of load and production, creating the table when it is not there.
  ///
  /// Rows are written as Darkstar's own planner writes them, so that it reads a version by its name
  /// (`forecast_version`): energies in kWh per slot of 15 min with stamps in local time with offset, p10 and p90 where
  /// the table has them, no correction. A row of the same slot and version is replaced, other versions stay.
  ///
  /// - Parameters:
  ///   - forecasts: The rows; levels other than 0.1 and 0.9 are left out.
  ///   - path: Path of the database.
  ///   - zone: The site's clock.
  /// - Returns: Number of slots written, over all versions.
  /// - Throws: `InputError` when the table lacks what a forecast needs, or the database refuses.
  @discardableResult
  package static func write(
    _ forecasts: [DarkstarForecast], path: String, zone: Zone
  ) throws(InputError) -> Int {
    let database = try SQLiteReader(path: path, writing: true)
    try database.execute(
      """
      CREATE TABLE IF NOT EXISTS slot_forecasts(
        id INTEGER PRIMARY KEY AUTOINCREMENT, slot_start TEXT NOT NULL,
        pv_forecast_kwh REAL DEFAULT 0.0, load_forecast_kwh REAL DEFAULT 0.0,
        pv_p10 REAL, pv_p90 REAL, load_p10 REAL, load_p90 REAL, temp_c REAL,
        forecast_version TEXT NOT NULL, pv_correction_kwh REAL DEFAULT 0.0,
        load_correction_kwh REAL DEFAULT 0.0, correction_source TEXT DEFAULT 'none',
        created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP, UNIQUE(slot_start, forecast_version))
      """)
    let known = try database.columns(of: "slot_forecasts")
    for column in ["slot_start", "forecast_version", "load_forecast_kwh", "pv_forecast_kwh"]
    where !known.contains(column) {
      throw InputError(
        "the table 'slot_forecasts' has no column '\(column)'", at: SourcePosition(file: path))
    }
    var slots: [Slot: [String: Double]] = [:]
    var written: [Slot: Int] = [:]
    for row in forecasts where row.quantity == .load || row.quantity == .pv {
      let name = row.quantity.rawValue
      let column: String
      switch row.quantile {
      case nil: column = "\(name)_forecast_kwh"
      case 0.1?: column = "\(name)_p10"
      case 0.9?: column = "\(name)_p90"
      default: continue
      }
      guard known.contains(column) else { continue }
      let slot = Slot(start: row.slotStart, version: row.version)
      slots[slot, default: [:]][column] = row.powerKW / 4
      if let createdAt = row.createdAt {
        written[slot] = max(written[slot] ?? createdAt, createdAt)
      }
    }
    try database.execute("BEGIN IMMEDIATE")
    do throws(InputError) {
      for slot in slots.keys.sorted() {
        try database.execute(
          statement(
            slot, slots[slot] ?? [:], createdAt: known.contains("created_at") ? written[slot] : nil,
            zone: zone))
      }
      try database.execute("COMMIT")
    } catch {
      try? database.execute("ROLLBACK")
      throw error
    }
    return slots.count
  }

  /// A slot of a version.
  private struct Slot: Hashable, Comparable {
    let start: Int
    let version: String

    static func < (a: Slot, b: Slot) -> Bool { (a.version, a.start) < (b.version, b.start) }
  }

  private static func statement(
    _ slot: Slot, _ energies: [String: Double], createdAt: Int?, zone: Zone
  ) -> String {
    func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
    var columns = ["slot_start", "forecast_version"]
    var values = [quoted(stampText(slot.start, zone: zone)), quoted(slot.version)]
    // What a version does not forecast is NULL; the table's own default would be zero.
    for column in ["load_forecast_kwh", "pv_forecast_kwh"] where energies[column] == nil {
      columns.append(column)
      values.append("NULL")
    }
    for (column, energy) in energies.sorted(by: { $0.key < $1.key }) {
      columns.append(column)
      values.append("\(energy)")
    }
    if let createdAt {
      columns.append("created_at")
      // As SQLite's CURRENT_TIMESTAMP writes it.
      values.append(
        quoted(String(Instant.utcText(createdAt).replacing("T", with: " ").dropLast())))
    }
    return "INSERT OR REPLACE INTO slot_forecasts(\(columns.joined(separator: ", "))) "
      + "VALUES(\(values.joined(separator: ", ")))"
  }

  /// A stamp as Darkstar writes it: local time with seconds before the offset.
  static func stampText(_ instant: Int, zone: Zone) -> String {
    let text = Instant.localText(instant, zone: zone)
    return "\(text.prefix(16)):00\(text.dropFirst(16))"
  }
}
