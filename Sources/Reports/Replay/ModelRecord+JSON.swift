package import Documents
package import Forecasting
import TimeSeries

extension ModelRecord {
  /// What a learned version was fitted on, as in the results of `wattif replay` and `forecast`.
  package var json: JSONValue {
    [
      "version": .string(version), "quantity": .string(quantity.rawValue),
      "features": .array(features.map { .string($0) }),
      "trained_from": .optional(trainedFrom.map { Instant.utcText($0) }),
      "trained_to": .optional(trainedTo.map { Instant.utcText($0) }),
      "rows": .integer(rows), "hash": .string(hash), "seed": .string("\(seed)"),
      "gain_shares": .numbers(gainShares), "members": .array(members.map { .string($0) }),
      "weights": .numbers(weights), "metrics": .object(metrics.mapValues { .number($0) }),
    ]
  }
}
