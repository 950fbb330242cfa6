package import Diagnostics
package import TimeSeries

/// One forecast row of Darkstar's learning database.
package struct DarkstarForecast: Sendable, Hashable {
  /// First instant of the slot. [UTC epoch s]
  package var slotStart: Int
  /// Version, such as `aurora` or `baseline_7_day_avg`.
  package var version: String
  /// What is forecast.
  package var quantity: Quantity
  /// Probability of the quantile; nothing for the forecast itself, correction included.
  package var quantile: Double?
  /// Mean power. [kW]
  package var powerKW: Double
  /// When the row was written, if the database says so. [UTC epoch s]
  package var createdAt: Int?

  /// Creates a row.
  package init(
    slotStart: Int, version: String, quantity: Quantity, quantile: Double?, powerKW: Double,
    createdAt: Int?
  ) {
    self.slotStart = slotStart
    self.version = version
    self.quantity = quantity
    self.quantile = quantile
    self.powerKW = powerKW
    self.createdAt = createdAt
  }
}

/// Darkstar's learning database as a partner: reading its forecasts, writing observations it can read.
///
/// Its forecasts have no issue time: a later run overwrites an earlier one, so a row shows the newest
/// forecast made before its slot, at a lead that is not known. Such rows serve as a version only with that
/// said.
package enum DarkstarDatabase {
  /// Reads all forecasts of load and PV, base plus correction, both ages of the schema.
  ///
  /// - Parameters:
  ///   - path: Path of the database.
  ///   - zone: Clock of stamps without offset.
  /// - Returns: Rows in order of version, quantity, slot and quantile.
  /// - Throws: `InputError` when the file is no such database or a stamp cannot be read.
  package static func forecasts(
    path: String, zone: Zone
  ) throws(InputError) -> [DarkstarForecast] {
    let database = try SQLiteReader(path: path)
    let known = try database.columns(of: "slot_forecasts")
    guard known.contains("slot_start"), known.contains("forecast_version") else {
      throw InputError(
        "there is no table 'slot_forecasts' with 'forecast_version'",
        at: SourcePosition(file: path))
    }
    var rows: [DarkstarForecast] = []
    let created = known.contains("created_at") ? "created_at" : "NULL"
    for (quantity, name) in [(Quantity.load, "load"), (.pv, "pv")] {
      guard known.contains("\(name)_forecast_kwh") else { continue }
      let correction =
        known.contains("\(name)_correction_kwh") ? "ifnull(\(name)_correction_kwh, 0)" : "0"
      var columns = ["\(name)_forecast_kwh + \(correction)"]
      let quantiles = [(0.1, "\(name)_p10"), (0.9, "\(name)_p90")].filter { known.contains($0.1) }
      columns += quantiles.map(\.1)
      try database.query(
        "SELECT slot_start, forecast_version, \(created), \(columns.joined(separator: ", ")) "
          + "FROM slot_forecasts"
      ) { row throws(InputError) in
        let text = row.text(0) ?? ""
        guard let time = stamp(text, zone: zone) else {
          throw InputError("'\(text)' is not a time stamp", at: SourcePosition(file: path))
        }
        let levels: [Double?] = [nil] + quantiles.map { $0.0 }
        for (k, level) in levels.enumerated() {
          let energy = try row.real(3 + k)
          guard !energy.isNaN else { continue }
          rows.append(
            DarkstarForecast(
              slotStart: floorDivided(time, 900_000) * 900, version: row.text(1) ?? "",
              quantity: quantity, quantile: level, powerKW: energy * 4,
              createdAt: row.text(2).flatMap { stamp($0, zone: .utc) }.map { $0 / 1000 }))
        }
      }
    }
    return rows.sorted { a, b in
      (a.version, a.quantity.rawValue, a.slotStart, a.quantile ?? 0)
        < (b.version, b.quantity.rawValue, b.slotStart, b.quantile ?? 0)
    }
  }

  /// Writes a history as observations, creating the table when it is not there.
  ///
  /// Slots are 15 min with stamps in local time with offset, energies in kWh per slot. Battery power becomes
  /// charge and discharge. A missing value is NULL; `pv_kwh` and `load_kwh` of such a slot are NULL as well,
  /// where Darkstar itself would have written zero. Slots that are there already are replaced.
  ///
  /// - Parameters:
  ///   - history: The history, at 15 min.
  ///   - path: Path of the database.
  ///   - quality: Quality of slots; gaps and resets go into `quality_flags`.
  /// - Returns: Number of rows written.
  /// - Throws: `InputError` for another step, or when the database refuses.
  @discardableResult
  package static func write(
    _ history: SiteHistory, path: String, quality: [Quantity: [SlotQuality]] = [:]
  ) throws(InputError) -> Int {
    guard history.grid.stepSeconds == 900 else {
      throw InputError(
        "Darkstar's slots are 900 s, found \(history.grid.stepSeconds) s",
        at: SourcePosition(file: path))
    }
    let database = try SQLiteReader(path: path, writing: true)
    try database.execute(
      """
      CREATE TABLE IF NOT EXISTS slot_observations(
        slot_start TEXT PRIMARY KEY, slot_end TEXT NOT NULL, import_kwh REAL DEFAULT 0.0,
        export_kwh REAL DEFAULT 0.0, pv_kwh REAL DEFAULT 0.0, load_kwh REAL DEFAULT 0.0,
        water_kwh REAL DEFAULT 0.0, batt_charge_kwh REAL, batt_discharge_kwh REAL,
        soc_start_percent REAL, soc_end_percent REAL, import_price_sek_kwh REAL,
        export_price_sek_kwh REAL, executed_action TEXT, quality_flags TEXT,
        created_at TIMESTAMP)
      """)
    try database.execute("BEGIN IMMEDIATE")
    do throws(InputError) {
      for slot in history.grid.indices {
        try database.execute(statement(history, slot, quality))
      }
      try database.execute("COMMIT")
    } catch {
      try? database.execute("ROLLBACK")
      throw error
    }
    return history.grid.count
  }

  private static func statement(
    _ history: SiteHistory, _ slot: Int, _ quality: [Quantity: [SlotQuality]]
  ) -> String {
    func value(_ quantity: Quantity, _ convert: (Double) -> Double = { $0 }) -> String {
      guard let value = history[quantity]?[slot], value.isFinite else { return "NULL" }
      return "\(convert(value))"
    }
    func stampText(_ instant: Int) -> String {
      Self.stampText(instant, zone: history.zone)
    }
    var flags: [String] = []
    for (word, mark) in [("gaps", SlotQuality.gap), ("resets", .reset)] {
      let names = Quantity.allCases.filter { quality[$0]?[slot] == mark }
      if !names.isEmpty {
        flags.append("\"\(word)\": [\(names.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))]")
      }
    }
    let start = history.grid.instant(slot)
    let flagText = flags.isEmpty ? "NULL" : "'{\(flags.joined(separator: ", "))}'"
    return """
      INSERT OR REPLACE INTO slot_observations(slot_start, slot_end, pv_kwh, load_kwh, \
      import_kwh, export_kwh, water_kwh, batt_charge_kwh, batt_discharge_kwh, \
      import_price_sek_kwh, quality_flags) VALUES('\(stampText(start))', \
      '\(stampText(start + 900))', \(value(.pv) { $0 / 4 }), \(value(.load) { $0 / 4 }), \
      NULL, NULL, NULL, \(value(.batteryPower) { max(0, -$0) / 4 }), \
      \(value(.batteryPower) { max(0, $0) / 4 }), \(value(.price)), \(flagText))
      """
  }
}
