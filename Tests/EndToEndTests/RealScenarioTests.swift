import Foundation
import TestSupport
import Testing

/// The scenarios on measured data; their files are named by the variable `WATTIF_DATA`.
@Suite("Scenarios on measured data", .tags(.endToEnd), .enabled(if: RealData.folder != nil))
struct RealScenarioTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Scenarios").path

  @Test("a year of the French house is read, gaps counted") func house() throws {
    let outcome = try BuiltTool.run(["check", "\(Self.folder)/house_fr_emhass.yaml"])
    #expect(outcome.code == 0)
    // 350 days and 14 days of warm-up at 48 half hours, one slot per half hour.
    #expect(
      outcome.output.contains("load          17138 measured, 334 missing, 183 stand-ins slots"))
    #expect(outcome.error.contains("warning: 'load' has no value in 334 of 17472 slots"))
  }

  @Test("the campus has real prices and the competition's forecast") func campus() throws {
    let outcome = try BuiltTool.run(["check", "\(Self.folder)/campus_monash.yaml"])
    #expect(outcome.code == 0)
    #expect(outcome.error == "")
    // 31 + 28 days at 96 slots, less the hour that daylight saving takes on 4 October.
    #expect(outcome.output.contains("price         5660 measured slots"))
    #expect(outcome.output.contains("tinygrid"))
  }

  @Test("published price forecasts plan a battery, each scored by its own error and bill")
  func priceForecasts() throws {
    let outcome = try BuiltTool.run(
      ["compare", "\(Self.folder)/feeder_price_forecasts.yaml", "--json", "--quiet"])
    #expect(outcome.code == 0, "\(outcome.error)")
    let result = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let versions = try #require(result["versions"] as? [[String: Any]])
    #expect(versions.count == 8)
    func version(_ name: String) throws -> [String: Any] {
      try #require(versions.first { $0["version"] as? String == name })
    }
    func error(_ name: String) throws -> Double {
      let price = (try version(name)["accuracy"] as? [String: Any])?["price"] as? [String: Any]
      return try #require(price?["mae"] as? Double)
    }
    // Forecasts come at 9:30 for the next day. Of 36 h from 0, 6, 12 and 18 h on, 12, 18, 0 and 6 lie
    // beyond: 36 a day for 40 days, less what would lie beyond the period, 12 + 18 + 6 + 6.
    for name in ["dnn_1", "dnn_ensemble", "lear_56"] {
      #expect(try version(name)["filled_slots"] as? Int == 40 * 36 - 42)
    }
    // Over two years the DNN ensemble errs by 3.41 EUR/MWh and LEAR on 56 days by 4.28, as published.
    #expect(try error("dnn_ensemble") < error("lear_56"))
    #expect(try error("dnn_ensemble") < 0.7 * error("naive_day"))
    // Better prices buy better: the mean of networks is the cheapest, yesterday's prices cost more.
    #expect(versions[0]["version"] as? String == "dnn_ensemble")
    let regret = try versions.map { try #require($0["regret"] as? Double) }
    #expect(regret[0] > 0)
  }

  @Test(
    "compare runs on measured data, and no version beats the bound by more than the model gap",
    arguments: ["house_fr_emhass", "campus_monash", "campus_monash_year"])
  func compare(name: String) throws {
    let outcome = try BuiltTool.run(
      ["compare", "\(Self.folder)/\(name).yaml", "--json", "--quiet"])
    #expect(outcome.code == 0, "\(outcome.error)")
    let result = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let baselines = try #require(result["baselines"] as? [String: [String: Any]])
    let bound = try #require(baselines["foresight_bound"])
    let floor =
      try #require(bound["cost"] as? Double) - abs(try #require(bound["model_gap"] as? Double))
    let versions = try #require(result["versions"] as? [[String: Any]])
    #expect(versions.count >= 6)
    for version in versions {
      #expect(try #require(version["cost"] as? Double) >= floor)
      #expect(try #require(version["balance_error_kwh"] as? Double) < 1e-6)
      let solver = try #require(version["solver"] as? [String: Any])
      #expect(solver["failed"] as? Int == 0)
    }
  }

  @Test(
    "every site of the table is read without a mistake",
    arguments: [
      "feeder_devon", "campus_building_3", "campus_building_6", "industrial_al_tou",
      "home_fontana", "house_se4", "business",
    ])
  func sites(name: String) throws {
    let outcome = try BuiltTool.run(["check", "\(Self.folder)/\(name).yaml"])
    #expect(outcome.code == 0, "\(outcome.error)")
    #expect(outcome.output.contains("versions      baseline_7_day_avg, ridge"))
  }

  @Test("the table of sites has the savings and shares of a comparison")
  func table() throws {
    let table = try BuiltTool.run(["sites", "--only", "house_se4"], tool: "wattif-bench")
    #expect(table.code == 0, "\(table.error)")
    let cells = table.output.split(separator: "\n").map { line in
      line.split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let outcome = try BuiltTool.run(
      ["compare", "\(Self.folder)/house_se4.yaml", "--json", "--quiet"])
    let result = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let versions = try #require(result["versions"] as? [[String: Any]])
    for version in versions {
      let name = try #require(version["version"] as? String)
      let row = try #require(cells.first { $0.count > 8 && $0[4] == name && $0[5] == "default" })
      let saving = try #require(version["savings_vs_no_battery"] as? Double)
      let share = try #require(version["share_captured"] as? Double)
      #expect(row[6] == String(format: "%.1f EUR", saving))
      #expect(row[7] == String(format: "%.1f %%", share * 100))
    }
    #expect(versions.count == 2)
  }
}
