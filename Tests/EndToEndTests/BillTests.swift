import Foundation
import TestSupport
import Testing

@Suite("wattif bill", .tags(.endToEnd)) struct BillTests {
  private let tariff = """
    name: Two prices
    currency: EUR
    energy:
      - name: energy
        periods:
          - {name: day, times: 06:00 to 22:00, price_per_kwh: 0.30}
          - {name: night, rest: true, price_per_kwh: 0.20}
    demand:
      - {name: peak, metering_minutes: 60, price_per_kw: 10}
    fixed:
      - {name: meter, amount: 5, per: month}
    export:
      price_per_kwh: 0.08

    """

  /// March 2024 in Berlin, hour by hour: 743 hours because clocks go forward on the 31st.
  private func march(_ value: (Int) -> String) -> String {
    let start = 1_709_247_600  // 2024-03-01T00:00+01:00
    return "time,load_kw,pv_kw\n"
      + (0..<743).map { "\(start + $0 * 3600),\(value($0))\n" }.joined()
  }

  @Test("a month of 743 hours is billed by hand") func month() throws {
    try withFolder { folder in
      try folder.write(tariff, to: "t.yaml")
      // 1 kW always, 3 kW in the first hour, and 2 kW of production in the second.
      try folder.write(march { $0 == 0 ? "3,0" : $0 == 1 ? "1,2" : "1,0" }, to: "l.csv")
      let outcome = try BuiltTool.run(
        ["bill", "t.yaml", "l.csv", "--time-zone", "Europe/Berlin", "--pv", "pv_kw", "--json"],
        folder: folder)
      #expect(outcome.error == "")
      #expect(outcome.code == 0)
      let object =
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      let month = try #require((object?["months"] as? [[String: Any]])?.first)
      // Day: 31 × 16 h at 1 kW. Night: 31 × 8 h − 1 h skipped = 247 h, the first at 3 kW, one exported.
      let energy = 496 * 0.30 + (247 - 1 + 2) * 0.20
      #expect(isClose(month["energy"] as? Double ?? 0, energy, absolute: 1e-9))
      #expect(isClose(month["demand"] as? Double ?? 0, 30, absolute: 1e-9))
      #expect(isClose(month["fixed"] as? Double ?? 0, 5, absolute: 1e-9))
      #expect(isClose(month["export"] as? Double ?? 0, -0.08, absolute: 1e-9))
      let total = energy + 30 + 5 - 0.08
      #expect(isClose(object?["total"] as? Double ?? 0, total, absolute: 1e-9))
    }
  }

  @Test("a hole in the series is refused") func hole() throws {
    try withFolder { folder in
      try folder.write(tariff, to: "t.yaml")
      try folder.write(march { $0 == 5 ? ",0" : "1,0" }, to: "l.csv")
      let outcome = try BuiltTool.run(
        ["bill", "t.yaml", "l.csv", "--time-zone", "Europe/Berlin"], folder: folder)
      #expect(outcome.code == 65)
      #expect(
        outcome.error.hasSuffix(
          "l.csv: error: 1 of 743 intervals have no value, the first at 2024-03-01T05:00+01:00\n"))
      #expect(outcome.output == "")
    }
  }

  @Test("a zone nobody knows is a mistake of the command line") func zone() throws {
    let outcome = try BuiltTool.run(["bill", "t.yaml", "l.csv", "--time-zone", "Mars"])
    #expect(outcome.code == 64)
    #expect(
      outcome.error
        == "error: '--time-zone' must be a zone such as Europe/Berlin, found 'Mars'\n"
        + "note: see 'wattif bill --help'\n")
  }
}
