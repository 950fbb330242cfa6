import Replay

/// The part of a version's regret that comes from prices, by what was not known: those of the next day before the
/// market publishes them, or those of later days.
///
/// The version is replayed with the next day's prices published at midnight before it, beside every set of other
/// quantities that it may be told. Who knows later prices knows those of the next day, so the causes come in this
/// order, and the two parts sum to the part of the prices.
package struct PriceKnowledge: Sendable {
  /// The next day's prices before they are published. [currency]
  package let nextDay: Double
  /// Prices of later days within the horizon. [currency]
  package let beyond: Double

  /// Minute after local midnight when the next day is published early. [min]
  static let earlyMinute = 0

  /// Splits the part of the prices.
  ///
  /// - Parameters:
  ///   - part: Regret from prices, the mean over the orders of the causes. [currency]
  ///   - others: Number of causes besides prices.
  ///   - cost: Cost with the truth of some of the others, of which bit `i` stands for cause `i`, and with or
  ///     without early prices. [currency]
  init(
    part: Double, others: Int, cost: (_ told: Int, _ isEarly: Bool) -> Double
  ) {
    nextDay = (0..<1 << others).reduce(0) { sum, told in
      sum
        + ShapleyShares.weight(told.nonzeroBitCount, of: others + 1)
        * (cost(told, false) - cost(told, true))
    }
    beyond = part - nextDay
  }
}
