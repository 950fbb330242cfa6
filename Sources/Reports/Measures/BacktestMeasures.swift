import Documents
package import Forecasting

extension BacktestScores {
  /// The scores of one version in one backtest; lists by hour, lead and window stand beside them.
  package static let measures =
    ErrorStatistics.measures.of { $0.errors } + points + quantiles + shape
    + BatteryScores.measures.outsideTables.of { $0.battery }
    + ForecastCounts.measures(in: .backtest, columns: .backtest).of { $0.counts }
    + ForecastCounts.measures(in: .guards).of(group: "guards") { $0.counts }

  private static let points = MeasureList<BacktestScores>([
    Measure(
      "mase", header: "MASE", decimals: 3,
      "Mean absolute error over the mean absolute daily difference of everything before each issue."
    ) { .number($0.mase) }
  ])

  private static let quantiles = MeasureList<BacktestScores>([
    Measure(
      "wql", header: "WQL", decimals: 3,
      "Mean over the levels of twice the pinball loss, over the mean absolute actual value."
    ) { .number($0.quantiles.wql) },
    Measure("crps", unit: .quantity, "Continuous ranked probability score on the grid of levels.") {
      .number($0.quantiles.crps)
    },
    Measure("quantile_levels", unit: .list, in: .json, "Probability levels of the quantiles.") {
      .json(.numbers($0.quantiles.levels))
    },
    Measure(
      "pinball", unit: .list, in: .json,
      "Mean pinball loss of each level, in the unit of the quantity."
    ) {
      .json(.numbers($0.quantiles.pinballLosses))
    },
    Measure(
      "coverage_80_fraction", header: "80 % band", unit: .fraction, decimals: 1,
      "Share of the actual values between the quantiles 0.1 and 0.9."
    ) { .number($0.quantiles.coverage80) },
    Measure("width_80", unit: .quantity, "Mean distance of the quantiles 0.1 and 0.9.") {
      .number($0.quantiles.width80)
    },
    Measure(
      "winkler_80", unit: .quantity,
      "Winkler score of the central 80 %: the width and ten times the miss."
    ) {
      .number($0.quantiles.winkler80)
    },
    Measure(
      "reliability", unit: .list, in: .json,
      "Share of the actual values at or under each level's quantile."
    ) { .json(.numbers($0.quantiles.reliability)) },
    Measure(
      "pit", unit: .list, in: .json,
      "Share of the actual values between neighbouring quantiles, below the first and above the last."
    ) { .json(.numbers($0.quantiles.pit)) },
  ])

  private static let shape = MeasureList<BacktestScores>([
    Measure("ramp_mae", unit: .quantity, "Mean absolute error of the change over one hour.") {
      .number($0.shape.rampMAE)
    },
    Measure(
      "peak_bias_fraction", header: "peak bias", unit: .fraction, decimals: 1,
      "Mean error on the three highest actual hours of a day over their mean; −0.4 is 40 % too low."
    ) { .number($0.shape.peakBias) },
    Measure(
      "peak_hit_fraction", unit: .fraction,
      "Share of the three highest actual hours of a day that are among the forecast's three highest."
    ) { .number($0.shape.hitShare) },
    Measure(
      "rank_correlation", "Mean Spearman correlation of the forecast and the actual curve of a day."
    ) { .number($0.shape.rankCorrelation) },
    Measure(
      "daily_energy_error_fraction", unit: .fraction,
      "Mean absolute error of a day's sum over the mean sum."
    ) {
      .number($0.shape.dailyEnergyError)
    },
    Measure(
      "within_day_dispersion", unit: .quantity,
      "Mean standard deviation of the error within a day."
    ) { .number($0.shape.withinDayDispersion) },
    Measure(
      "revision", unit: .quantity,
      "Mean absolute change of the forecast of a slot from one issue to the next."
    ) { .number($0.shape.revision) },
  ])
}

extension BacktestComparison {
  /// How a version stands to another one.
  package static let measures = MeasureList<BacktestComparison>([
    Measure(
      "difference", unit: .quantity, "Mean of the daily MAE of the first version less the second's."
    ) { .number($0.difference) },
    Measure("low", unit: .quantity, "Lower end of the 95 % interval; null for less than two weeks.")
    {
      .number($0.low)
    },
    Measure(
      "high", unit: .quantity, "Upper end of the 95 % interval; null for less than two weeks."
    ) {
      .number($0.high)
    },
    Measure(
      "verdict", header: "against first", unit: .words,
      "`better`, `worse`, `no significant difference` or `too few days`: what the interval says of the first; `same forecasts` where no day differs."
    ) { .text($0.verdict.rawValue) },
    Measure(
      "p_value", header: "p", decimals: 3,
      "Probability of such a difference between equal versions by the test of Diebold and Mariano over days."
    ) { .number($0.pValue) },
  ])
}

extension ErrorStatistics.Sums {
  /// Errors of a part of the pairs: of an hour, a lead, a weekday, a regime or a window.
  package static let bucket =
    MeasureList<ErrorStatistics.Sums>([
      Measure("n", unit: .slots, "Slots with a forecast and an actual value.") {
        .integer($0.count)
      }
    ]) + errors
}
