/// Names of the files that subcommands write into a result folder.
enum ResultNames {
  /// True for a name that one of the subcommands gives to a result, other than the database that runs share.
  static func isResult(_ name: String) -> Bool {
    plain.contains(name) || (name.hasPrefix("ledger_") && name.hasSuffix(".csv"))
  }

  private static let plain: Set<String> = [
    "backtest.json", "batteries.csv", "bill.csv", "cash_flows.csv", "compare.json",
    "daily_costs.csv",
    "daily_losses.csv", "expensive_hours.csv", "explanation.csv", "forecast.json",
    "forecasts.csv", "history.csv", "ingest.json", "labels.csv", "leaderboard.csv", "limits.csv",
    "pairs.csv",
    "plan.json", "predictions.csv", "protocol.csv", "replay.json", "report.html", "scores.csv",
    "signals.csv", "size.json",
    "sizes.csv", "stress.csv", "stress.json", "thermal.json", "twin.csv", "twin.json",
    "twin_fit.json",
    "twins.json", "warnings.csv",
  ]
}
