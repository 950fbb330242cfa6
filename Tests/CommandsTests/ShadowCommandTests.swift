import CommandLine
import Foundation
import Synthesis
import Testing
import TimeSeries

@testable import Commands
@testable import Store
@testable import Telemetry

@Suite("wattif shadow") struct ShadowCommandTests {
  private static let site = """
    name: Home
    site: {time_zone: Europe/Berlin, latitude_deg: 48.4, longitude_deg: 10.0, pv_kwp: 5}
    period: {from: 2024-05-01, to: 2024-05-11, step_s: 900, warm_up_days: 8}
    battery: {capacity_kwh: 5, chemistry: lfp}
    inverter: {power_kw: 3}
    tariff: tariff.yaml

    """
  private static let synthetic = """
    history: {source: synthetic, seed: 11, load: {kind: home, annual_kwh: 4500}}
    forecasts: {versions: [naive_day, baseline_7_day_avg]}

    """
  private static let tariff = """
    name: Day and night
    currency: EUR
    energy:
      - name: energy
        periods:
          - {name: night, times: "00:00 to 06:00", price_per_kwh: 0.1}
          - {name: day, rest: true, price_per_kwh: 0.3}
    demand:
      - {name: peak, price_per_kw: 2}

    """

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private func costs(_ object: [String: Any], _ key: String) throws -> [String: Double] {
    let rows = try #require(object["versions"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: rows.map {
        ($0["version"] as? String ?? "", $0[key] as? Double ?? .nan)
      })
  }

  @Test("day after day comes to what a comparison of all the days finds, peaks included")
  func comparison() throws {
    let folder = try DataCommandTests.Folder()
    _ = try folder.file("tariff.yaml", Self.tariff)
    let site = try folder.file("site.yaml", Self.site + Self.synthetic)
    let shadow = ["shadow", site, "--json", "-q", "-o", "\(folder.path)/shadow"]
    for day in ["2024-05-02", "2024-05-03", "2024-05-05"] {
      let outcome = wattif(shadow + ["--day", day])
      #expect(outcome.code == .done, "\(outcome.error)")
    }
    let state = try String(contentsOfFile: "\(folder.path)/shadow/shadow.json", encoding: .utf8)
    let found = try object(state)
    #expect(found["day"] as? String == "2024-05-05")
    #expect(found["active"] as? String == "naive_day" && found["change"] as? Bool == false)
    let five = try folder.file(
      "five.yaml", (Self.site + Self.synthetic).replacing("to: 2024-05-11", with: "to: 2024-05-06"))
    let compared = try costs(try object(wattif("compare", five, "--json", "-q").output), "cost")
    let followed = try costs(found, "cost")
    for version in ["naive_day", "baseline_7_day_avg"] {
      let (one, other) = (followed[version] ?? .nan, compared[version] ?? .nan)
      #expect(abs(one - other) < 1e-9, "\(version): \(one) and \(other)")
    }
    // The same day again changes nothing, nor does one that has been.
    for day in ["2024-05-05", "2024-05-01"] {
      #expect(wattif(shadow + ["--day", day]).code == .done)
      #expect(
        try String(contentsOfFile: "\(folder.path)/shadow/shadow.json", encoding: .utf8) == state)
    }
    // A run that was missed for long is made up for, month by month.
    let text = wattif("shadow", site, "-q", "-o", "\(folder.path)/shadow", "--day", "2024-06-02")
      .output
    #expect(text.hasPrefix("Home, 2024-06-02\nKeep 'naive_day' for now: "), "\(text)")
    #expect(text.contains("naive_day             33  "), "\(text)")
  }

  /// A Darkstar database with nine and three days of a made-up home.
  private func database(_ folder: DataCommandTests.Folder) throws -> String {
    let zone = try Zone("Europe/Berlin")
    let site = SyntheticSite(
      place: GeographicPosition(latitudeDeg: 48.4, longitudeDeg: 10),
      load: SyntheticLoad(kind: .home, annualKWh: 4500), pv: nil, climate: SyntheticClimate(),
      price: nil)
    let first = CivilCalendar.days(year: 2024, month: 4, day: 22)
    let grid = TimeGrid(
      from: zone.startOfDay(first), to: zone.startOfDay(first + 12), stepSeconds: 900)
    let path = "\(folder.path)/planner_learning.db"
    var history = site.history(grid: grid, zone: zone, seed: 5)
    history[.pv] = grid.indices.map { _ in 0.1 }
    try DarkstarDatabase.write(history, path: path)
    try SQLiteReader(path: path, writing: true).execute(
      """
      CREATE TABLE slot_forecasts(id INTEGER PRIMARY KEY, slot_start TEXT,
        pv_forecast_kwh REAL DEFAULT 0, load_forecast_kwh REAL DEFAULT 0,
        forecast_version TEXT NOT NULL, created_at TIMESTAMP, UNIQUE(slot_start, forecast_version))
      """)
    return path
  }

  /// Lets the planner forecast two days anew.
  private func forecast(_ path: String, power: Double, writtenAt: Int) throws {
    let database = try SQLiteReader(path: path, writing: true)
    try database.execute("BEGIN")
    let first = writtenAt / 900 * 900 + 900
    for slot in 0..<192 {
      let stamp = Instant.utcText(first + slot * 900).dropLast() + "+00:00"
      let written = Instant.utcText(writtenAt).replacing("T", with: " ").dropLast()
      try database.execute(
        "INSERT OR REPLACE INTO slot_forecasts(slot_start, pv_forecast_kwh, load_forecast_kwh, "
          + "forecast_version, created_at) VALUES('\(stamp)', 0.025, \(power / 4), 'aurora', '\(written)')"
      )
    }
    try database.execute("COMMIT")
  }

  @Test("Darkstar's forecasts are kept before it overwrites them, and its database stays as it is")
  func darkstar() throws {
    let folder = try DataCommandTests.Folder()
    let path = try database(folder)
    _ = try folder.file("tariff.yaml", Self.tariff)
    let site = try folder.file(
      "site.yaml",
      Self.site + """
        history:
          source: files
          ambient_c: 20
          files:
            - file: planner_learning.db
              format: darkstar
              columns: [{column: load_kwh, quantity: load}, {column: pv_kwh, quantity: pv}]
        forecasts: {active_forecast_version: aurora, versions: [naive_day]}

        """)
    let zone = try Zone("Europe/Berlin")
    let midnight = zone.startOfDay(CivilCalendar.days(year: 2024, month: 5, day: 1))
    let output = ["-q", "-o", "\(folder.path)/shadow"]
    try forecast(path, power: 1, writtenAt: midnight - 3600)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let first = wattif(["shadow", path, "--keep", "--json"] + output)
    #expect(first.code == .done, "\(first.error)")
    // 192 slots of load and of production, all after the hour in which they were written.
    #expect(try object(first.output)["new_rows"] as? Int == 384)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    try forecast(path, power: 2, writtenAt: midnight + 6 * 3600)
    let second = wattif(["shadow", path, "--scenario", site, "--json"] + output)
    #expect(second.code == .done, "\(second.error)")
    let found = try object(second.output)
    #expect((found["kept"] as? [String: Any])?["issues"] as? Int == 4)
    // May 1 to 3 are measured; the forecast of 23:00 is there for the first of them.
    #expect(found["day"] as? String == "2024-05-03" && found["active"] as? String == "aurora")
    #expect(Set(try costs(found, "cost").keys) == ["aurora", "naive_day", "self-consumption"])
    let store = try ProjectStore(path: "\(folder.path)/shadow/wattif.sqlite")
    for (hour, power) in [(0, 1.0), (7, 2.0)] {
      let known = try store.forecast(
        site: "shadow", quantity: .load, version: "aurora", asOf: midnight + hour * 3600)
      #expect(known?.values.first?.value == power && known?.values.count == 192)
    }
  }

  @Test("a state that cannot be read is told, and left as it is") func broken() throws {
    let folder = try DataCommandTests.Folder()
    _ = try folder.file("tariff.yaml", Self.tariff)
    let site = try folder.file("site.yaml", Self.site + Self.synthetic)
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/shadow", withIntermediateDirectories: true)
    let state = try folder.file("shadow/shadow.json", "{\"schema\": \"other\"}")
    let outcome = wattif("shadow", site, "-q", "-o", "\(folder.path)/shadow")
    #expect(outcome.code == .badInput)
    #expect(outcome.error.contains("shadow.json: error: must be a state of 'wattif shadow'"))
    #expect(try String(contentsOfFile: state, encoding: .utf8) == "{\"schema\": \"other\"}")
    #expect(wattif("shadow", site).error.hasPrefix("error: 'shadow' needs the folder of its state"))
    #expect(
      wattif("shadow", site, "--scenario", site, "-o", folder.path).error
        .hasPrefix("error: '--scenario' goes with a database"))
    let none = wattif("shadow", "\(folder.path)/none.yaml", "-o", "\(folder.path)/shadow")
    #expect(none.code == .badInput)
  }
}
