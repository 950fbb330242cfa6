import Numerics
import TimeSeries

/// A model that gives a distribution of its own.
protocol DistributionModel: SlotModel {
  /// One column per level, NaN where it has none; nothing before it can say anything.
  mutating func quantiles(
    _ levels: [Double], _ frame: IssueFrame, state: QuantityState
  ) throws -> [[Double]]?
}

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

/// Quantiles of the slot and its neighbours over 28 days; the point is the median.
struct ClimatologyModel: DistributionModel {
  static let days = 28

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

extension TreeModel: DistributionModel {
  mutating func quantiles(
    _ levels: [Double], _ frame: IssueFrame, state: QuantityState
  ) throws -> [[Double]]? {
    guard case .pinball(let own) = loss, own.count > 1 else { return nil }
    let columns = try outputs(frame, state: state)
    guard columns.count == own.count else { return nil }
    return levels.map { level in
      (0..<frame.count).map { k in
        // Rearranged, so that crossing levels do no harm.
        let sorted = columns.map { $0[k] }.sorted()
        guard !sorted.contains(where: \.isNaN) else { return .nan }
        return LinearTable(x: own, y: sorted)(level)
      }
    }
  }
}
