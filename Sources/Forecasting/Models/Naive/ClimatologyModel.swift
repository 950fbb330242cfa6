import Numerics
import TimeSeries

/// Quantiles of the slot and its neighbours over 28 days; the point is the median.
struct ClimatologyModel: DistributionModel {
  static let days = 28

  var columns: StateColumns { [] }

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    if let median = quantiles([0.5], frame, state: state) { values = median[0] }
  }

  mutating func quantiles(
    _ levels: [Double], _ frame: IssueFrame, state: QuantityState
  ) -> [[Double]]? {
    let pools = frame.slots.map { v -> [Double] in
      let folded = state.profile.folded(v, known: frame.known)
      return (-1...1).flatMap { offset -> [Double] in
        (1...ClimatologyModel.days).compactMap { back -> Double? in
          let i = state.profile.place(folded + offset, daysBefore: back)
          guard i >= 0, i < frame.known, state.profile.values[i].isFinite else { return nil }
          return state.profile.values[i]
        }
      }.sorted()
    }
    return levels.map { level in
      pools.map { $0.isEmpty ? .nan : Statistics.quantile(sorted: $0, probability: level) }
    }
  }
}
