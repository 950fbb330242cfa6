import CommandLine
import Testing

/// What `wattif check` says of planes of modules, and a backtest of forecasts by plane.
@Suite("Planes on the command line") struct PlaneCommandTests {
  private let folder: DataCommandTests.Folder
  private let scenario: String

  /// Twelve days of hours from 2024-05-25 in UTC; one value of the west is missing before the period.
  init() throws {
    folder = try DataCommandTests.Folder()
    var history = "time,load,e,w\n"
    var rows = "version,quantity,issued_at,valid_at,value\n"
    for hour in 0..<288 {
      let stamp = 1_716_595_200 + hour * 3600
      let isDay = (8...15).contains(hour % 24)
      history += "\(stamp),1,\(isDay ? 1 : 0),\(hour == 30 ? "" : isDay ? "3" : "0")\n"
      rows += "vendor,pv,\(stamp - 172_800),\(stamp),\(isDay ? 2 : 0)\n"
    }
    _ = try folder.file("h.csv", history)
    _ = try folder.file("rows.csv", rows)
    scenario = try folder.file(
      "s.yaml",
      """
      site:
        time_zone: UTC
        pv_inverter_kw: 5
        planes:
          - {name: east, kwp: 2, tilt_deg: 20, azimuth_deg: 90}
          - {name: west, kwp: 4, azimuth_deg: 270, share: 0.75}
          - {name: shed, kwp: 1, azimuth_deg: 270, inverter_kw: 0.8, share: 0.25}
      period: {from: 2024-06-03, to: 2024-06-05, step_s: 3600, warm_up_days: 8}
      history:
        source: files
        ambient_c: 20
        files:
          - file: h.csv
            time_column: time
            columns:
              - {column: load, quantity: load, unit: kW}
              - {column: e, quantity: pv, unit: kW, plane: east}
              - {column: w, quantity: pv, unit: kW}
      forecasts:
        external:
          - {file: rows.csv, plane: east}
          - {file: rows.csv, plane: west}
        versions:
          - naive_day
          - {name: planes, kind: naive_day, by_plane: true}
          - {name: vendor, kind: naive_day, pv: external}
      battery: {capacity_kwh: 5}
      inverter: {power_kw: 3}
      tariff: {name: t, currency: EUR, energy: [{name: e, price_per_kwh: 0.3}]}
      planner: {horizon_h: 24}

      """)
  }

  @Test("check says where the production and the forecasts of each plane come from")
  func check() {
    let outcome = wattif("check", scenario)
    #expect(outcome.code == .done, "\(outcome.error)")
    for line in [
      "east: 2 kWp, tilt 20°, facing 90°, on the inverter of 5 kW; measured in 'e'; forecast elsewhere in "
        + "'vendor'; forecast by itself in 'planes'",
      "west: 4 kWp, tilt 30°, facing 270°, on the inverter of 5 kW; 75 % of the production measured for several "
        + "planes; forecast elsewhere in 'vendor'; forecast by itself in 'planes'",
      "shed: 1 kWp, tilt 30°, facing 270°, on an inverter of 0.8 kW; 25 % of the production measured for several "
        + "planes; in 'vendor' 0.33 times the forecast of 'west'; forecast by itself in 'planes'",
      "vendor, pv of 'east': 288 issues",
    ] {
      #expect(outcome.output.contains(line), "\(outcome.output)")
    }
  }

  // Night, then 1 kW of the east, and three quarters and a quarter of 3 kW.
  @Test("a database keeps the planes, for scenarios and for others") func store() throws {
    let store = "\(folder.path)/p.sqlite"
    let kept = wattif("ingest", scenario, "--store", store, "--site", "home", "--quiet")
    #expect(kept.code == .done, "\(kept.error)")
    let lines = wattif("export", store).output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let east = try #require(lines[0].firstIndex(of: "pv_east_kw"))
    #expect(lines[0][east...].prefix(3) == ["pv_east_kw", "pv_shed_kw", "pv_west_kw"])
    #expect(lines[1][east...].prefix(3) == ["0", "0", "0"])
    #expect(lines[10][east...].prefix(3) == ["1", "0.75", "2.25"])

    func stored(_ name: String, planes: String) throws -> String {
      try folder.file(
        name,
        """
        site: {time_zone: UTC, planes: [\(planes)]}
        period: {from: 2024-06-03, to: 2024-06-05, step_s: 3600, warm_up_days: 8}
        history: {source: store, file: p.sqlite, site: home}
        forecasts: {versions: [{name: planes, kind: naive_day, by_plane: true}]}
        battery: {capacity_kwh: 5}
        inverter: {power_kw: 3}
        tariff: {name: t, currency: EUR, energy: [{name: e, price_per_kwh: 0.3}]}

        """)
    }
    let planes = "{name: east, kwp: 2}, {name: west, kwp: 4}, {name: shed, kwp: 1}"
    let outcome = wattif("check", try stored("t.yaml", planes: planes))
    #expect(outcome.code == .done, "\(outcome.error)")
    #expect(outcome.output.contains("kept by itself in the store"), "\(outcome.output)")
    let refused = wattif("check", try stored("u.yaml", planes: "{name: roof, kwp: 2}"))
    #expect(
      refused.error.contains(
        "u.yaml:3:48: error: the store holds no production of 'roof', which version 'planes' forecasts by plane"
      ), "\(refused.error)")
  }

  // The vendor: 2 + 2 + 2/3 kW against 1 + 3; 8 of 24 hours, so 0.667 · 8 / 24 = 0.222 kW. By plane and by the sum
  // the day before is exact.
  @Test("a backtest shows the errors of the sum") func backtest() {
    let outcome = wattif(
      "forecast", "backtest", scenario, "--quantity", "pv", "--first-day", "8", "--issue-hour", "0")
    #expect(outcome.code == .done, "\(outcome.error)")
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
    func errors(_ version: String) -> Substring? {
      rows.first { $0.first.map(String.init) == version }?.dropFirst().first
    }
    #expect(errors("planes") == errors("naive_day"))
    #expect(errors("vendor")?.hasPrefix("0.22") == true, "\(outcome.output)")
  }
}
