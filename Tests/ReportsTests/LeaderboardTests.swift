import Replay
import Reports
import SiteSupport
import Studies
import TestSupport
import Testing

@Suite("Leaderboard and daily costs as files") struct LeaderboardTests {
  @Test("versions come cheapest first, then the counterfactuals, each with its own figures")
  func leaderboard() throws {
    let rows = CSVRows(LeaderboardCSV.text(try PaperStudies.comparison()))
    #expect(rows.count == 5)
    #expect(rows.isRectangular)
    #expect(
      (0..<5).map { rows[$0, "version"] } == [
        "perfect", "naive_day", "oracle", "self-consumption", "no battery",
      ])
    for (row, cost) in [7.2, 8.4, 7.2, 9.6, 9.6].enumerated() {
      #expect(isClose(try #require(rows.number(row, "cost")), cost, absolute: 1e-5))
      #expect(isClose(try #require(rows.number(row, "bill")), cost, absolute: 1e-5))
      #expect(
        isClose(try #require(rows.number(row, "savings_vs_no_battery")), 9.6 - cost, absolute: 1e-5)
      )
      #expect(
        isClose(
          try #require(rows.number(row, "savings_vs_self_consumption")), 9.6 - cost, absolute: 1e-5)
      )
      #expect(isClose(try #require(rows.number(row, "regret")), cost - 7.2, absolute: 1e-5))
      #expect(
        isClose(
          try #require(rows.number(row, "share_captured")), (9.6 - cost) / 2.4, absolute: 1e-5))
      #expect(rows.number(row, "wear_cost") == 0)
    }
    // Eight plans; 6 kWh in and out on each of two days, or on one; nothing got warmer than the air.
    #expect(rows.number(0, "plans") == 8)
    #expect(rows.number(0, "failed") == 0)
    #expect(isClose(try #require(rows.number(0, "equivalent_full_cycles")), 2, absolute: 1e-5))
    #expect(isClose(try #require(rows.number(1, "equivalent_full_cycles")), 1, absolute: 1e-5))
    #expect(isClose(try #require(rows.number(0, "hottest_cell_c")), 20, absolute: 1e-3))
    #expect(rows.number(0, "derate_minutes") == 0)
    #expect(rows.number(0, "load_mae_kw") == 0)
    #expect(rows[0, "label"] == "oracle")
    #expect(rows[1, "label"] == "")
  }

  // A plan is made in every slot for four slots: five of them, then three, two and one before the
  // end, 26 pairs. Yesterday misses 1 kW in slots 2 and 3 of the first day, which lie in the plans
  // of slots 0 to 2 and 0 to 3: 7 misses.
  @Test("accuracy is that of the forecasts planned with")
  func accuracy() throws {
    let rows = CSVRows(LeaderboardCSV.text(try PaperStudies.comparison()))
    #expect(isClose(try #require(rows.number(1, "load_mae_kw")), 7.0 / 26, absolute: 1e-12))
    #expect(
      isClose(
        try #require(rows.number(1, "load_rmse_kw")), (7.0 / 26).squareRoot(), absolute: 1e-12))
  }

  @Test("what does not exist is an empty cell")
  func missing() throws {
    let rows = CSVRows(LeaderboardCSV.text(try PaperStudies.comparison()))
    let none = try #require(rows.row("version", "no battery"))
    for column in [
      "derate_minutes", "derated_kwh", "hottest_cell_c", "hours_above_limit",
      "equivalent_full_cycles", "life_used_fraction", "load_mae_kw", "pv_mae_kw",
      "price_mae_per_kwh",
    ] {
      #expect(rows[none, column] == "", "\(column)")
    }
    let idle = try ForecastComparison(
      PaperSite.idleDay(), versions: [PaperSite.version(.naiveDay)], threads: 1)
    #expect(CSVRows(LeaderboardCSV.text(idle))[0, "share_captured"] == "")
  }

  @Test("names with commas and quotes are quoted, in both files")
  func quoting() throws {
    let name = "yesterday, \"as is\""
    let comparison = try PaperStudies.comparison(naiveName: name)
    let leaderboard = LeaderboardCSV.text(comparison)
    #expect(leaderboard.contains("\n\"yesterday, \"\"as is\"\"\","))
    #expect(CSVRows(leaderboard).row("version", name) == 1)
    #expect(CSVRows(LeaderboardCSV.dailyCosts(comparison)).row("version", name) == 2)
  }

  @Test("daily costs have a line for every version, counterfactual and day, and sum to the cost")
  func dailyCosts() throws {
    let rows = CSVRows(LeaderboardCSV.dailyCosts(try PaperStudies.comparison()))
    #expect(rows.header == ["version", "day", "cost", "energy"])
    let names = ["perfect", "naive_day", "oracle", "self-consumption", "no battery"]
    #expect((0..<rows.count).map { rows[$0, "version"] } == names.flatMap { [$0, $0] })
    #expect(
      (0..<rows.count).map { rows[$0, "day"] } == names.flatMap { _ in ["0", "1"] })
    // The first day is planned without the load after noon: 4.8 instead of 3.6. Without a battery, and
    // with a rule that has no surplus to store, 12·0.1 + 12·0.3 a day. Peaks cost nothing.
    for (row, cost) in [3.6, 3.6, 4.8, 3.6, 3.6, 3.6, 4.8, 4.8, 4.8, 4.8].enumerated() {
      #expect(isClose(try #require(rows.number(row, "cost")), cost, absolute: 1e-5))
      #expect(isClose(try #require(rows.number(row, "energy")), cost, absolute: 1e-5))
    }
  }

  @Test("pairs have a line for every version, the rule and no battery, empty without an interval")
  func pairs() throws {
    let rows = CSVRows(LeaderboardCSV.pairs(try PaperStudies.comparison()))
    #expect(rows.isRectangular)
    #expect((0..<rows.count).map { rows[$0, "a"] } == ["naive_day", "naive_day", "naive_day"])
    #expect(
      (0..<rows.count).map { rows[$0, "b"] } == ["perfect", "self-consumption", "no battery"])
    for (row, difference) in [8.4 - 7.2, 8.4 - 9.6, 8.4 - 9.6].enumerated() {
      #expect(isClose(try #require(rows.number(row, "difference")), difference, absolute: 1e-5))
      #expect(isClose(try #require(rows.number(row, "energy")), difference, absolute: 1e-5))
      #expect(rows[row, "low"] == "" && rows[row, "demand"] == "")
      #expect(rows[row, "verdict"] == "undecided")
    }
  }
}
