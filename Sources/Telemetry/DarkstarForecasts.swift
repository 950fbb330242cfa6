public import Diagnostics
public import TimeSeries

/// One value of a forecast kept by Darkstar.
public struct DarkstarForecastRow: Sendable, Hashable {
  /// Name of the version.
  public var version: String
  /// Load or PV.
  public var quantity: Quantity
  /// Begin of the slot. [UTC epoch s]
  public var slotStart: Int
  /// When the row was written, or nothing. [UTC epoch s]
  public var createdAt: Int?
  /// 0.1 or 0.9, or nothing for the value Darkstar plans with.
  public var quantile: Double?
  /// Mean power of the slot: the energy kept over a quarter of an hour, correction included. [kW]
  public var valueKW: Double
}

/// Reads the table `slot_forecasts` of Darkstar's learning database, both ages of its schema.
///
/// The table has one row per slot and version, so later issues have overwritten earlier ones;
/// `created_at` says when. A correction is added to its base. Local stamps without offset are taken
/// as UTC in `created_at`, which SQLite writes, and in `zone` elsewhere.
///
/// - Parameters:
///   - path: The database file.
///   - zone: The site's zone.
/// - Returns: The rows by version, slot and quantity.
/// - Throws: `InputError` when the file is no such database or a stamp cannot be read.
public func readDarkstarForecasts(
  path: String, zone: Zone
) throws(InputError) -> [DarkstarForecastRow] {
  let database = try SQLiteReader(path: path)
  let known = try database.columns(of: "slot_forecasts")
  guard known.contains("slot_start"), known.contains("forecast_version") else {
    throw InputError(
      "there is no table 'slot_forecasts' with 'slot_start' and 'forecast_version'",
      at: SourcePosition(file: path))
  }
  func column(_ name: String) -> String { known.contains(name) ? name : "NULL" }
  let created = column("created_at")
  let sql =
    "SELECT slot_start, forecast_version, \(created), \(column("pv_forecast_kwh")),"
    + " \(column("load_forecast_kwh")), \(column("pv_correction_kwh")),"
    + " \(column("load_correction_kwh")), \(column("pv_p10")), \(column("pv_p90")),"
    + " \(column("load_p10")), \(column("load_p90")) FROM slot_forecasts"
    + " ORDER BY forecast_version, slot_start"
  var rows: [DarkstarForecastRow] = []
  try database.query(sql) { row throws(InputError) in
    let text = row.text(0) ?? ""
    guard let start = stamp(text, zone: zone) else {
      throw InputError(
        "'slot_start' must be a time stamp, found '\(text)'", at: SourcePosition(file: path))
    }
    let createdAt = row.text(2).flatMap { stamp($0, zone: .utc) }.map { $0 / 1000 }
    func add(_ quantity: Quantity, _ quantile: Double?, _ energyKWh: Double) {
      guard energyKWh.isFinite else { return }
      rows.append(
        DarkstarForecastRow(
          version: row.text(1) ?? "", quantity: quantity, slotStart: start / 900_000 * 900,
          createdAt: createdAt, quantile: quantile, valueKW: energyKWh * 4))
    }
    func zero(_ value: Double) -> Double { value.isFinite ? value : 0 }
    add(.pv, nil, row.real(3) + zero(row.real(5)))
    add(.load, nil, row.real(4) + zero(row.real(6)))
    add(.pv, 0.1, row.real(7))
    add(.pv, 0.9, row.real(8))
    add(.load, 0.1, row.real(9))
    add(.load, 0.9, row.real(10))
  }
  return rows
}
