import Numerics

/// How much of a version's forecast comes from each of several others on a day, by what they had cost on the
/// days before.
///
/// On a day only costs of earlier days are read. Until a week of them is known every member counts alike.
package struct MoneyWeights: Sendable, Hashable {
  /// How costs become weights.
  package enum Rule: Sendable, Hashable {
    /// One member alone: it is left for the one that cost least over the window when that one is ahead of it by
    /// more than one standard deviation of the sum of the daily differences.
    case selected
    /// Every member by the exponential of its cost over the window, with the rate `sqrt(8 ln N / n) / L` of N
    /// members and n days, where L is the mean difference between the costliest and the cheapest member of a day.
    ///
    /// Source: N. Cesa-Bianchi and G. Lugosi, "Prediction, Learning, and Games" (2006), theorem 2.2,
    /// doi:10.1017/CBO9780511546921.
    case weighted
  }

  /// Days whose costs are looked at where nothing else is said.
  package static let usualWindowDays = 56
  /// Days of which costs must be known.
  static let leastDays = 7

  /// Local day of the first weights. [days since 1970-01-01]
  package let firstDay: Int
  /// Weights by day and member; those of a day sum to 1.
  package let byDay: [[Double]]

  /// Computes the weights of each day.
  ///
  /// - Parameters:
  ///   - rule: How costs become weights.
  ///   - costs: What the members cost, over the same days.
  ///   - windowDays: Newest days whose costs are looked at, at least one.
  package init(_ rule: Rule, of costs: [RealisedCosts], windowDays: Int) {
    firstDay = costs.first?.firstDay ?? 0
    let days = costs.first?.byDay.count ?? 0
    let equal = [Double](repeating: 1 / Double(max(1, costs.count)), count: costs.count)
    var chosen: Int?
    byDay = (0..<days).map { day in
      guard day >= Self.leastDays else { return equal }
      let known = costs.map { $0.byDay[max(0, day - windowDays)..<day] }
      switch rule {
      case .weighted: return Self.hedged(known)
      case .selected:
        chosen = Self.choice(known, after: chosen)
        return costs.indices.map { $0 == chosen ? 1 : 0 }
      }
    }
  }

  /// Weights of a day; those of the first and last day before and after.
  func weights(onDay day: Int) -> [Double] {
    byDay[max(0, min(byDay.count - 1, day - firstDay))]
  }

  /// How often another member became the only one.
  package var changes: Int {
    zip(byDay, byDay.dropFirst()).count { before, after in
      before.contains(1) && before != after
    }
  }

  /// Mean weight of each member over all days.
  package var shares: [Double] {
    guard let first = byDay.first else { return [] }
    return first.indices.map { member in
      byDay.reduce(0) { $0 + $1[member] } / Double(byDay.count)
    }
  }

  private static func choice(_ known: [ArraySlice<Double>], after chosen: Int?) -> Int {
    let sums = known.map { $0.reduce(0, +) }
    let best = sums.indices.min { (sums[$0], $0) < (sums[$1], $1) } ?? 0
    guard let chosen, best != chosen else { return best }
    let ahead = zip(known[chosen], known[best]).map { $0 - $1 }
    let spread = Statistics.standardDeviation(ahead) * Double(ahead.count).squareRoot()
    return sums[chosen] - sums[best] > spread ? best : chosen
  }

  private static func hedged(_ known: [ArraySlice<Double>]) -> [Double] {
    let count = Double(known.count)
    let days = known[0].count
    let ranges = (0..<days).map { place in
      let costs = known.map { $0[$0.startIndex + place] }
      return (costs.max() ?? 0) - (costs.min() ?? 0)
    }
    let range = Statistics.mean(ranges)
    guard range > 0 else { return known.map { _ in 1 / count } }
    let rate = (8 * logarithm(count) / Double(days)).squareRoot() / range
    let sums = known.map { $0.reduce(0, +) }
    let least = sums.min() ?? 0
    let raw = sums.map { exponential(-rate * ($0 - least)) }
    let total = raw.reduce(0, +)
    return raw.map { $0 / total }
  }
}
