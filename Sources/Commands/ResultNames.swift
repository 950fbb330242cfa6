/// Names of the files that subcommands write into a result folder.
enum ResultNames {
  /// True for a name that one of the subcommands gives to a result, other than the database that runs share.
  static func isResult(_ name: String) -> Bool {
    plain.contains(name) || (name.hasPrefix("ledger_") && name.hasSuffix(".csv"))
  }

  private static let plain: Set<String> = [
    "audit.csv", "backtest.json", "batteries.csv", "benchmark.csv", "benchmark.json",
    "benchmark_sites.csv", "bill.csv", "bills.csv", "campaign.csv", "cash_flows.csv",
    "compare.json", "contest.csv", "contest.json", "daily_accuracy.csv", "daily_costs.csv",
    "daily_losses.csv", "expensive_hours.csv", "explanation.csv", "fleet.csv", "forecast.json",
    "forecasts.csv", "held.csv", "history.csv", "ingest.json", "labels.csv", "leaderboard.csv",
    "ledger.csv", "limits.csv", "loads.csv", "meters.csv", "pairs.csv", "plan.json",
    "predictions.csv",
    "protocol.csv", "regret_profile.csv", "replay.json", "report.html", "scores.csv",
    "signals.csv", "sites.csv", "size.json", "sizes.csv", "stress.csv", "stress.json",
    "thermal.json", "twin.csv", "twin.json", "twin_fit.json", "twins.json", "warnings.csv",
  ]
}
