import Forecasting
import Numerics
import Replay
import TimeSeries

/// Which version an accuracy measure would have picked, and what that choice costs.
package struct MeasureAudit: Sendable {
  /// Name of the measure, for example `load MAE`.
  package let measure: String
  /// Name of the way of planning that the versions share; nothing where only one is replayed.
  package let planner: String?
  /// The version with the smallest value of the measure.
  package let picked: String
  /// Cost of the picked version less the cost of the cheapest. [currency]
  package let extraCost: Double
  /// Rank correlation of the measure with the cost over the versions, nothing for fewer than three.
  package let rankCorrelation: Double?

  /// Audits the usual measures over a set of versions that one way of planning has planned.
  static func audit(_ outcomes: [ReplayOutcome], planner: String?) -> [MeasureAudit] {
    guard let cheapest = outcomes.map(\.cost).min() else { return [] }
    var audits: [MeasureAudit] = []
    for quantity in [Quantity.load, .pv, .price] {
      guard outcomes.allSatisfy({ ($0.accuracy[quantity]?.count ?? 0) > 0 }) else { continue }
      for (name, value) in [
        ("MAE", { (outcome: ReplayOutcome) in outcome.accuracy[quantity]?.mae ?? .nan }),
        ("RMSE", { (outcome: ReplayOutcome) in outcome.accuracy[quantity]?.rmse ?? .nan }),
      ] {
        let values = outcomes.map(value)
        guard values.allSatisfy(\.isFinite), let least = values.min(),
          let greatest = values.max(), greatest > least,
          let place = values.firstIndex(of: least)
        else { continue }
        let correlation = Statistics.rankCorrelation(values, outcomes.map(\.cost))
        audits.append(
          MeasureAudit(
            measure: "\(quantity.rawValue) \(name)", planner: planner, picked: outcomes[place].name,
            extraCost: outcomes[place].cost - cheapest,
            rankCorrelation: outcomes.count > 2 && correlation.isFinite ? correlation : nil))
      }
    }
    return audits
  }
}
