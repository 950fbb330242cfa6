import Documents
package import Forecasting
import TimeSeries

extension ModelRecord {
  /// What a learned version was fitted on.
  package static let measures = MeasureList<ModelRecord>([
    Measure("version", unit: .words, "Name of the version.") { .text($0.version) },
    Measure("quantity", unit: .words, "What is forecast.") { .text($0.quantity.rawValue) },
    Measure(
      "features", unit: .list, in: .json,
      "Names of the columns it was fitted on, in order; empty for versions that are not fitted."
    ) {
      .json(.array($0.features.map { .string($0) }))
    },
    Measure(
      "trained_from", unit: .instant,
      "Start of the training window; null for versions that are not fitted."
    ) {
      .text($0.trainedFrom.map { Instant.utcText($0) })
    },
    Measure("trained_to", unit: .instant, "End of the training window.") {
      .text($0.trainedTo.map { Instant.utcText($0) })
    },
    Measure("rows", "Number of rows fitted on.") { .integer($0.rows) },
    Measure(
      "hash", unit: .words, "Identifies settings and fitted values, with the library's version."
    ) { .text($0.hash) },
    Measure("seed", unit: .words, "Seed of everything random in it.") { .text("\($0.seed)") },
    Measure(
      "gain_shares", unit: .list, in: .json,
      "Share of the loss reduction by column; empty where that means nothing."
    ) { .json(.numbers($0.gainShares)) },
    Measure("members", unit: .list, in: .json, "Members of a blend.") {
      .json(.array($0.members.map { .string($0) }))
    },
    Measure("weights", unit: .list, in: .json, "Weight of each member of a blend, summing to 1.") {
      .json(.numbers($0.weights))
    },
    Measure(
      "metrics", unit: .object, in: .json,
      "What the fit says of itself, by name, in the unit of the quantity: `held_out_rmse` of the rows that "
        + "chose the `penalty` of ridge, `training_mae` of trees, `trailing_mae_…` of the members of a blend."
    ) {
      .json(.object($0.metrics.mapValues { .number($0) }))
    },
  ])
}
