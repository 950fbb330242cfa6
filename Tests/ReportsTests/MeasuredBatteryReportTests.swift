import Forecasting
import Replay
import Reports
import SiteSupport
import Studies
import TestSupport
import Testing
import TimeSeries

@Suite("The site as it ran, in a comparison") struct MeasuredBatteryReportTests {
  /// The two days of `PaperStudies`, on which the battery of the history moved 6 kWh from the first half of
  /// the first day to its second: 9.6 without it, 8.4 with it.
  private func replay(missing: Int = 0) throws -> ReplayCase {
    var history = PaperSite.history(
      loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]], earlierKW: [1, 1, 0, 0])
    var power = [Double](repeating: 0, count: 36)
    power.replaceSubrange(28..<32, with: [-0.5, -0.5, 0.5, 0.5])
    for slot in 36 - missing..<36 { power[slot] = .nan }
    history[.batteryPower] = power
    return try PaperSite.replay(
      history, tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
  }

  private func comparison(_ replay: ReplayCase) throws -> ForecastComparison {
    try ForecastComparison(
      replay, versions: [PaperSite.version(.naiveDay), PaperSite.version(.perfect)], threads: 1)
  }

  @Test("it is a row of the table and of both files, and of no pair")
  func row() throws {
    let replay = try replay()
    let comparison = try comparison(replay)
    let rows = CSVRows(LeaderboardCSV.text(comparison))
    #expect(
      (0..<rows.count).map { rows[$0, "version"] } == [
        "perfect", "naive_day", "oracle", "as measured", "self-consumption", "no battery",
      ])
    #expect(isClose(try #require(rows.number(3, "cost")), 8.4, relative: 1e-9))
    #expect(isClose(try #require(rows.number(3, "savings_vs_no_battery")), 1.2, relative: 1e-9))
    #expect(rows[3, "derate_minutes"] == "" && rows[3, "load_mae_kw"] == "")
    let days = CSVRows(LeaderboardCSV.dailyCosts(comparison))
    let first = try #require(days.row("version", "as measured"))
    #expect(isClose(try #require(days.number(first, "cost")), 3.6, relative: 1e-9))
    #expect(isClose(try #require(days.number(first + 1, "cost")), 4.8, relative: 1e-9))
    // Two pairs without a battery and with the rule, one with the other version: none is added.
    let former = try PaperStudies.comparison()
    #expect(comparison.pairs.map(\.b) == former.pairs.map(\.b))
    #expect(comparison.pairs.map(\.comparisons) == former.pairs.map(\.comparisons))
  }

  @Test("text, object and page show it")
  func shown() throws {
    let replay = try replay()
    let comparison = try comparison(replay)
    let report = ComparisonReport(comparison, of: replay)
    let sentence = "The system as it ran cost 8.40 EUR, as much as planned with 'naive_day'."
    #expect(report.text.contains(sentence))
    #expect(report.text.contains("\nas measured "))
    let json = try object(report.json)
    let result = try #require(json["as_measured"] as? [String: Any])
    #expect(isClose(try #require(result["cost"] as? Double), 8.4, relative: 1e-9))
    let battery = try #require(json["measured_battery"] as? [String: Any])
    #expect(battery["slots"] as? Int == 8 && battery["missing"] as? Int == 0)
    #expect(report.page(title: "measured").html.contains("<td class=\"w\">as measured</td>"))
    let score = try #require(comparison.reference)
    let detail = ReplayReport(score, in: comparison, of: replay)
    #expect(
      detail.text.contains(
        "as measured: bill 8.40 EUR, wear 0.00 EUR, energy left 0.00 EUR, cost 8.40 EUR\n"))
    #expect((try object(detail.json)["as_measured"] as? [String: Any])?["cost"] is Double)
  }

  @Test("missing slots are told; too many leave the row out with a sentence")
  func missing() throws {
    let one = try replay(missing: 1)
    let told = ComparisonReport(try comparison(one), of: one).text
    #expect(
      told.contains(
        "as measured: battery power is missing in 1 and filled in 0 of 8 slots, taken as rest.\n"))
    let two = try replay(missing: 2)
    let comparison = try comparison(two)
    #expect(comparison.asMeasured == nil)
    let text = ComparisonReport(comparison, of: two).text
    #expect(
      text.contains(
        "There is no row 'as measured': battery power is missing in 2 and filled in 0 of 8 slots, "
          + "and at most 20.0 % may be.\n"))
    #expect(!text.contains("The system as it ran"))
    #expect(
      try object(ComparisonReport(comparison, of: two).json)["measured_battery"] is [String: Any])
  }
}
