import Reports
import Documents
import Forecasting
import TimeSeries

extension ForecastCommand {
  /// A version's errors without one column of weather, neither in the past nor ahead.
  struct Ablation {
    var version: String
    var withheld: Quantity
    var mae: Double
    /// MAE without the column over that with it, less 1.
    var lossFraction: Double
    var comparison: BacktestComparison

    var json: JSONValue {
      BacktestComparison.measures.json(comparison).adding([
        "version": .string(version), "withheld": .string(withheld.rawValue),
        "mae": .number(mae), "loss_fraction": .number(lossFraction),
      ])
    }
  }

  /// Runs the backtest again from a history that never measured a column.
  func ablation(
    of candidate: Candidate, without column: Quantity, _ full: BacktestScores,
    _ backtest: Backtest, _ loaded: LoadedScenario, history: SiteHistory
  ) throws -> Ablation {
    var poorer = history
    poorer[column] = nil
    var test = backtest
    test.weather = candidate.weather?.without(column)
    var version = try forecaster(candidate, loaded, history: poorer)
    let scores = try test.scores(of: &version, history: poorer)
    return Ablation(
      version: candidate.name, withheld: column, mae: scores.errors.mae,
      lossFraction: scores.errors.mae / full.errors.mae - 1,
      comparison: BacktestComparison(scores, full))
  }

  func ablationTable(_ ablations: [Ablation]) -> String {
    guard !ablations.isEmpty else { return "ablation: the history has no weather to withhold\n" }
    var table = TextTable([
      ("version", .left), ("withheld", .left), ("MAE", .right), ("change", .right),
      ("against the version with it", .left), ("p", .right),
    ])
    for one in ablations {
      table.add([
        one.version, one.withheld.rawValue,
        NumberText.fixed(one.mae, decimals: 4),
        NumberText.percent(one.lossFraction),
        one.comparison.verdict.rawValue,
        NumberText.fixed(one.comparison.pValue, decimals: 3),
      ])
    }
    return table.text
  }
}
