import Documents
import Foundation
import Replay
import Reports
import SiteSupport
import Studies
import Tariffs
import TestSupport
import Testing

@Suite("Replay as text and object") struct ReplayReportTests {
  // 2024-06-30 and 07-01 at 1 kW with 2 kW after a slot of none in July: 24 and 24 kWh at 0.1, 10 a kW of
  // the month's peak, 6 a month for one day of 30 and of 31.
  private func report() throws -> (report: ReplayReport, comparison: ForecastComparison) {
    let tariff = try PaperSite.flat(
      demand: [
        DemandCharge(
          "peak", periods: [DemandPeriod("all", pricePerKW: 10)],
          meteringSeconds: PaperSite.stepSeconds)
      ], fixed: [FixedCharge("meter", amount: 6)])
    let replay = try PaperSite.replay(
      PaperSite.history(
        loadKW: [[1, 1, 1, 1], [0, 2, 1, 1]], from: PaperSite.midnight(month: 6, day: 30)),
      tariff: tariff, battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    let comparison = try ForecastComparison(
      replay, versions: [PaperSite.version(.perfect)], threads: 1)
    return (
      ReplayReport(comparison.score(comparison.noBattery), in: comparison, of: replay), comparison
    )
  }

  @Test("the months are billed line by line and sum to the bill")
  func months() throws {
    let result = try object(try report().report.json)
    #expect(result["schema"] as? String == "wattif.replay/1")
    let months = try #require(result["months"] as? [[String: Any]])
    #expect(months.map { $0["month"] as? String } == ["2024-06", "2024-07"])
    for (key, expected) in [
      ("bill", [2.4 + 10 + 0.2, 2.4 + 20 + 6 / 31.0]), ("import_kwh", [24, 24]),
      ("export_kwh", [0, 0]), ("peak_kw", [1, 2]),
    ] as [(String, [Double])] {
      for i in 0..<2 {
        #expect(
          isClose(try #require(months[i][key] as? Double), expected[i], absolute: 1e-9), "\(key)")
      }
    }
    #expect(
      isClose(try #require(result["bill"] as? Double), 12.6 + 22.4 + 6 / 31.0, absolute: 1e-9))
    #expect(result["unmeasured_slots"] as? Int == 0)
  }

  @Test("the text has a line for each month and the cost with its parts")
  func text() throws {
    let text = try report().report.text
    let lines = text.split(separator: "\n").map(String.init)
    let july = try #require(lines.first { $0.hasPrefix("2024-07") })
    // Energy, demand, fixed, export, minimum, bill, import, export, peak.
    #expect(
      july.split(separator: " ").dropFirst() == [
        "2.40", "20.00", "0.19", "0.00", "0.00", "22.59", "24.0", "0.0", "2.00",
      ])
    #expect(text.contains("bill 35.19 EUR, wear 0.00 EUR, energy left 0.00 EUR, cost 35.19 EUR"))
  }

  // 6 kWh moved from the slot of 2 kW to the one before keep July's peak at 1 kW: 10 less, and energy
  // at a flat price costs the same.
  @Test("the saving is against no battery, the regret against the oracle")
  func savings() throws {
    let (_, comparison) = try report()
    let result = try object(VersionScore.measures.json(comparison.versions[0]))
    #expect(isClose(try #require(result["savings_vs_no_battery"] as? Double), 10, absolute: 1e-4))
    #expect(result["regret"] as? Double == 0)
    #expect(result["oracle"] as? Bool == true)
  }
}
