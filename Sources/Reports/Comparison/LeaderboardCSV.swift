import Documents
import Forecasting
import Planning
import Replay
package import Studies
import Tariffs
import TimeSeries
import Twin

/// The leaderboard of a comparison as CSV, and the daily costs behind its intervals.
package enum LeaderboardCSV {
  /// Returns one line per version and counterfactual.
  package static func text(_ comparison: ForecastComparison) -> String {
    var text = "version," + names.joined(separator: ",") + ",label\n"
    let rows =
      comparison.versions + [
        comparison.oracle, comparison.score(comparison.selfConsumption),
        comparison.score(comparison.noBattery),
      ]
    for score in rows {
      text += quoted(score.outcome.name)
      for number in numbers(score) { text += "," + cell(number) }
      text += ",\(score.outcome.label)\n"
    }
    return text
  }

  /// The scores of a version by name, without those that do not exist.
  package static func scores(_ score: VersionScore) -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: zip(names, numbers(score)).compactMap { name, number in
        number.map { (name, $0) }
      })
  }

  private static let names = [
    "cost", "bill", "wear_cost", "end_energy_value", "savings_vs_no_battery",
    "savings_vs_self_consumption", "regret", "share_captured", "derate_minutes", "derated_kwh",
    "hottest_cell_c", "hours_above_limit", "equivalent_full_cycles", "life_used_fraction",
    "plans", "failed", "filled_slots", "load_mae_kw", "load_rmse_kw", "pv_mae_kw", "pv_rmse_kw",
    "price_mae_per_kwh", "price_rmse_per_kwh",
  ]

  private static func numbers(_ score: VersionScore) -> [Double?] {
    let outcome = score.outcome
    let ledger = outcome.ledger
    return [
      outcome.cost, outcome.bill.total, outcome.wearCost, outcome.endEnergyValue,
      score.savingsVsNoBattery, score.savingsVsSelfConsumption, score.regret,
      score.shareCaptured, ledger.map { $0.derateSeconds / 60 }, ledger?.deratedKWh,
      ledger?.hottestCellC, ledger.map { $0.secondsAboveLimit / 3600 },
      ledger?.equivalentFullCycles, ledger?.lifeUsedFraction, Double(outcome.planning.plans),
      Double(outcome.planning.failed), Double(outcome.forecastCounts.filled),
      outcome.accuracy[.load]?.mae, outcome.accuracy[.load]?.rmse, outcome.accuracy[.pv]?.mae,
      outcome.accuracy[.pv]?.rmse, outcome.accuracy[.price]?.mae, outcome.accuracy[.price]?.rmse,
    ]
  }

  /// Returns one line per version and day, so that others can repeat the significance test.
  package static func dailyCosts(_ comparison: ForecastComparison) -> String {
    var text = "version,day,cost\n"
    for score in comparison.versions + [comparison.oracle] {
      for (day, cost) in score.outcome.dailyCosts.enumerated() {
        text += "\(quoted(score.outcome.name)),\(day),\(cell(cost))\n"
      }
    }
    return text
  }

  static func cell(_ number: Double?) -> String {
    guard let number, number.isFinite else { return "" }
    return JSONValue.text(of: number)
  }

  static func quoted(_ text: String) -> String {
    text.contains { ",\"\n\r".contains($0) }
      ? "\""
        + text.split(separator: "\"", omittingEmptySubsequences: false)
        .joined(separator: "\"\"") + "\"" : text
  }
}
