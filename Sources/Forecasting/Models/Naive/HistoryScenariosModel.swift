import Numerics
import TimeSeries

/// The last matured days at the same hour as scenarios: the point is their mean, the quantiles are
/// their empirical quantiles, the paths are themselves.
struct HistoryScenariosModel: DistributionModel {
  let count: Int

  /// The paths, newest day first; a day mostly without values is left out, a single missing value
  /// becomes the stated fallback.
  func paths(_ frame: IssueFrame, state: QuantityState) -> [[Double]] {
    // The last slots are known latest, except on the days after a change of clocks.
    let back = frame.slots.map { state.profile.daysBack($0, known: frame.known) }.max() ?? 1
    return (0..<count).compactMap { path in
      var known = 0
      var column = frame.slots.map { v -> Double in
        let i = state.profile.place(v, daysBefore: back + path)
        guard i >= 0 else { return .nan }
        if state.profile.values[i].isFinite { known += 1 }
        return state.profile.values[i]
      }
      guard known * 3 >= frame.count else { return nil }
      for k in column.indices where !column[k].isFinite {
        column[k] = state.profile.fallback(frame.first + k, known: frame.known)
      }
      ForecastGuards.limit(&column, frame, state: state)
      return column
    }
  }

  var columns: StateColumns { [] }

  mutating func predict(
    _ frame: IssueFrame, state: QuantityState, into values: inout [Double]
  ) {
    let paths = paths(frame, state: state)
    guard !paths.isEmpty else { return }
    for k in 0..<frame.count {
      values[k] = paths.reduce(0) { $0 + $1[k] } / Double(paths.count)
    }
  }

  mutating func quantiles(
    _ levels: [Double], _ frame: IssueFrame, state: QuantityState
  ) -> [[Double]]? {
    let paths = paths(frame, state: state)
    guard !paths.isEmpty else { return nil }
    let sorted = (0..<frame.count).map { k in paths.map { $0[k] }.sorted() }
    return levels.map { level in
      sorted.map { Statistics.quantile(sorted: $0, probability: level) }
    }
  }
}
