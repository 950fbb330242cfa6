import Numerics

/// How much of a version's forecast comes from each of several others on a day, by what they had cost on the
/// days before.
///
/// On a day only costs of earlier days are read. Until a week of them is known every member counts alike.
package struct MoneyWeights: Sendable, Hashable {
  /// How costs become weights.
  package enum Rule: Sendable, Hashable {
    /// One member alone: it is left for the one that cost least over the window when that one is ahead of it by
    /// more than one standard deviation of the sum of the daily differences. Where a month's peaks are billed, what a
    /// member costs is known at the end of the month: the stand-by is followed until another one is cheaper over the
    /// closed months beyond luck, and again when that one is no longer cheaper.
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
  /// Closed months of which costs must be known.
  static let leastMonths = 3
  /// Newest closed months whose costs are looked at.
  static let mostMonths = 12
  /// Probability of leaving a member for one that is no cheaper.
  static let chance = 0.05

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
  ///   - standBy: The member that is followed where months decide and none is surely cheaper.
  package init(
    _ rule: Rule, of costs: [RealisedCosts], windowDays: Int, standBy: Int? = nil
  ) {
    let ends = costs.first?.monthEnds ?? []
    let byMonth = rule == .selected && !ends.isEmpty
    firstDay = costs.first?.firstDay ?? 0
    let days = costs.first?.byDay.count ?? 0
    let equal = [Double](repeating: 1 / Double(max(1, costs.count)), count: costs.count)
    var chosen: Int?
    byDay = (0..<days).map { day in
      if byMonth {
        chosen = Self.choice(
          costs, closed: ends.prefix { $0 <= day }, after: chosen ?? standBy, standBy)
        return chosen.map { one in costs.indices.map { $0 == one ? 1 : 0 } } ?? equal
      }
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

  /// The member to follow by what closed months had cost; nothing where none is known to be better than the mean.
  private static func choice(
    _ costs: [RealisedCosts], closed: ArraySlice<Int>, after chosen: Int?, _ standBy: Int?
  ) -> Int? {
    let months = zip([0] + closed, closed).suffix(mostMonths).map { $0..<$1 }
    guard months.count >= leastMonths else { return chosen }
    let sums = costs.map { member in months.map { member.byDay[$0].reduce(0, +) } }
    let totals = sums.map { $0.reduce(0, +) }
    func isSurelyCheaper(_ one: Int, than other: Int) -> Bool {
      let saved = zip(sums[other], sums[one]).map { $0 - $1 }
      let mean = Statistics.mean(saved)
      let spread = Statistics.standardDeviation(saved) / Double(saved.count).squareRoot()
      // Of several others one is ahead by luck more often than of one.
      let tail = chance / Double(max(1, costs.count - 1))
      return mean > spread * StudentT(degreesOfFreedom: saved.count - 1).quantile(1 - tail)
    }
    let cheapest = costs.indices.min { (totals[$0], $0) < (totals[$1], $1) }
    guard let current = chosen else { return cheapest }
    let better = costs.indices.filter { isSurelyCheaper($0, than: current) }
    if let best = better.min(by: { (totals[$0], $0) < (totals[$1], $1) }) { return best }
    if let standBy, totals[standBy] < totals[current] { return standBy }
    return current
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
