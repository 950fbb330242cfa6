/// The outer search for a month's peak target: one number scales all targets of the month.
///
/// A plan of 36 h cannot know how high the month's peak will have to be. The search tries shares of
/// the peaks without a battery, asks for the exact cost of the month at each, and keeps the best.
package struct PeakTargetSearch: Sendable {
  /// Share of the peaks without a battery.
  package let share: Double
  /// Exact cost of the month at that share. [currency]
  package let cost: Double
  /// How often the month was evaluated.
  package let evaluations: Int

  /// Searches the best share between none and all of the peak.
  ///
  /// A grid of shares is refined around its best one, because costs need not be convex.
  ///
  /// - Parameters:
  ///   - gridCount: Shares of the first round, at least two.
  ///   - rounds: Rounds; each halves the distance of the shares around the best.
  ///   - cost: Exact cost of the month at a share. [currency]
  package init(gridCount: Int = 6, rounds: Int = 3, cost: (Double) -> Double) {
    precondition(gridCount >= 2 && rounds >= 1, "a grid and at least one round")
    var step = 1.0 / Double(gridCount - 1)
    var best = (share: 1.0, cost: cost(1))
    var count = 1
    for index in 0..<gridCount - 1 {
      let share = Double(index) * step
      let found = cost(share)
      count += 1
      if found < best.cost { best = (share, found) }
    }
    for _ in 1..<max(1, rounds) {
      step /= 2
      let centre = best.share
      for share in [centre - step, centre + step] where share > 0 && share < 1 {
        let found = cost(share)
        count += 1
        if found < best.cost { best = (share, found) }
      }
    }
    share = best.share
    self.cost = best.cost
    evaluations = count
  }
}
