package import Forecasting
import Replay

extension BatteryPowerMethodScore {
  /// How well one way of expecting battery power met what was executed.
  static let measures: MeasureList<BatteryPowerMethodScore> =
    outlookErrors.of(group: "quiet") { $0.quiet }
    + outlookErrors.of(group: "cycling") { $0.cycling }
    + BatteryScores.measures.of { $0.battery }

  private static let outlookErrors = ErrorStatistics.measures.only("pairs", "mae", "rmse", "bias")
}

extension BatteryScores {
  /// Measures that only battery power has.
  package static let measures = MeasureList<BatteryScores>([
    Measure(
      "sign_accuracy_fraction", header: "right sign", unit: .fraction, decimals: 1,
      "Share of the slots in which the battery moved where the forecast has it move the same way."
    ) { .number($0.signAccuracy) },
    Measure(
      "throughput_error_fraction", header: "throughput error", unit: .fraction, decimals: 1,
      "Mean absolute error of a day's energy through the battery, both ways together, over its mean."
    ) { .number($0.throughputErrorFraction) },
  ])
}
