package import Forecasting
import TimeSeries

extension ErrorStatistics.Sums {
  /// Mistakes of forecasts.
  package static let errors = MeasureList<ErrorStatistics.Sums>([
    Measure("mae", header: "MAE", unit: .quantity, decimals: 4, "Mean absolute error.") {
      .number($0.mae)
    },
    Measure("rmse", header: "RMSE", unit: .quantity, decimals: 4, "Root mean squared error.") {
      .number($0.rmse)
    },
    Measure(
      "bias", header: "bias", unit: .quantity, decimals: 4,
      "Mean error, positive when the forecast is too high."
    ) { .number($0.bias) },
  ])
}

extension ErrorStatistics {
  /// Mistakes of forecasts over all leads.
  package static let measures =
    ErrorStatistics.Sums.errors.of { $0.total }
    + MeasureList<ErrorStatistics>([
      Measure(
        "nmae", header: "nMAE", decimals: 3,
        "Sum of absolute errors over the sum of absolute actual values."
      ) { .number($0.nmae) },
      Measure("pairs", unit: .slots, "Slots with a forecast and an actual value.") {
        .integer($0.count)
      },
      Measure("missing_pairs", unit: .slots, "Slots left out because one of both is missing.") {
        .integer($0.missingPairs)
      },
    ])
}
