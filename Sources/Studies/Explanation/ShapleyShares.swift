/// Shares a difference of cost among causes whose effects depend on each other.
///
/// Each cause gets the mean of what it changes over all orders in which the causes can be taken away, so that
/// the shares sum to the difference, and a cause that changes nothing beside any others gets exactly nothing.
///
/// Source: L. S. Shapley, "A Value for n-Person Games", Contributions to the Theory of Games II (1953),
/// doi:10.1515/9781400881970-018.
enum ShapleyShares {
  /// Returns the share of each cause.
  ///
  /// - Parameters:
  ///   - count: Number of causes.
  ///   - cost: Cost with some of the causes taken away, of which bit `i` stands for cause `i`. [currency]
  /// - Returns: One share per cause; they sum to the cost with all causes less the cost with none. [currency]
  static func shares(_ count: Int, cost: (_ removed: Int) -> Double) -> [Double] {
    let costs = (0..<1 << count).map(cost)
    return (0..<count).map { cause in
      var share = 0.0
      for removed in costs.indices where removed & 1 << cause == 0 {
        share +=
          weight(removed.nonzeroBitCount, of: count)
          * (costs[removed] - costs[removed | 1 << cause])
      }
      return share
    }
  }

  /// Returns the share of the orders in which exactly some given causes come before another one.
  ///
  /// - Parameters:
  ///   - before: Number of causes that come before it.
  ///   - count: Number of causes in all.
  /// - Returns: The share.
  static func weight(_ before: Int, of count: Int) -> Double {
    func factorial(_ number: Int) -> Double {
      number < 2 ? 1 : (2...number).reduce(1) { $0 * Double($1) }
    }
    return factorial(before) * factorial(count - before - 1) / factorial(count)
  }
}
