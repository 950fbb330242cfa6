import Replay
import Reports
import SiteSupport
import Studies
import TestSupport
import Testing

@Suite("What limited the battery, as people and programs read it") struct LimitReportTests {
  /// Two days at −15 °C with an inverter of 1 kW, as in `LimitReplayTests`: 48 h and 48 kWh withheld each
  /// way, and 48 kWh refused to the rule alone.
  private func cold() throws -> (comparison: ForecastComparison, replay: ReplayCase) {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]], ambientC: -15),
      tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1, derating: .residential))
    return (
      try ForecastComparison(
        replay, versions: [PaperSite.version(.naiveDay), PaperSite.version(.perfect)], threads: 1),
      replay
    )
  }

  @Test("every run of a cold battery has the same hours of cold, and none of heat")
  func leaderboard() throws {
    let rows = CSVRows(LeaderboardCSV.text(try cold().comparison))
    for name in ["naive_day", "perfect", "oracle", "self-consumption"] {
      let row = try #require(rows.row("version", name))
      #expect(isClose(try #require(rows.number(row, "cold_hours")), 48, relative: 1e-12))
      #expect(rows.number(row, "heat_hours") == 0)
      #expect(isClose(try #require(rows.number(row, "derate_minutes")), 2880, relative: 1e-12))
    }
    let none = try #require(rows.row("version", "no battery"))
    #expect(rows[none, "cold_hours"] == "" && rows[none, "heat_hours"] == "")
  }

  @Test("the file has a line for each run and cause")
  func file() throws {
    let rows = CSVRows(LimitReport(try cold().comparison.scores).csv)
    #expect(rows.isRectangular)
    let names = (0..<rows.count).map { rows[$0, "version"] }
    #expect(Set(names) == ["naive_day", "perfect", "oracle", "self-consumption"])
    #expect(names.count == 4)
    for row in 0..<4 {
      #expect(rows[row, "cause"] == "cold")
      for (column, expected) in [
        ("withheld_charge_kwh", 48), ("withheld_charge_hours", 48), ("withheld_discharge_kwh", 48),
        ("withheld_discharge_hours", 48), ("refused_charge_kwh", 0),
        ("refused_discharge_kwh", names[row] == "self-consumption" ? 48 : 0),
      ] as [(String, Double)] {
        #expect(isClose(try #require(rows.number(row, column)), expected, absolute: 1e-9))
      }
    }
  }

  @Test("table, sentence, object and page say it too")
  func shown() throws {
    let (comparison, replay) = try cold()
    let report = ComparisonReport(comparison, of: replay)
    let sentence =
      "cold left less than the rated power for 48.0 h, at full power 48.0 kWh of charging and "
      + "48.0 kWh of discharging; 0.0 kWh that were asked for were refused"
    let reference = try #require(comparison.reference)
    #expect(report.text.contains("  cold h  heat h  hottest °C"))
    #expect(report.text.contains("\(reference.outcome.name): \(sentence).\n"))
    let html = report.page(title: "cold").html
    #expect(html.contains("<h2>What limited the battery</h2>") && html.contains(sentence))
    let version = try #require((try object(report.json)["versions"] as? [[String: Any]])?.first)
    let limits = try #require(version["limits"] as? [[String: Any]])
    #expect(limits.map { $0["cause"] as? String } == ["cold"])
    #expect(isClose(try #require(limits[0]["withheld_charge_kwh"] as? Double), 48, relative: 1e-9))

    let text = ReplayReport(reference, in: comparison, of: replay).text
    #expect(text.contains(sentence + "\n"))
    #expect(text.contains("What limited the battery:\n"))
  }
}
