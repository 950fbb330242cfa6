package import Replay

/// One battery of several, replayed with every version and counterfactual.
package struct BatteryRun: Sendable {
  /// Name of the battery.
  package let name: String
  /// The site with this battery.
  package let replay: ReplayCase
  /// Its versions, cheapest first.
  package let comparison: ForecastComparison
  /// Why they cost more than the oracle, where that was asked for.
  package let explanation: RegretStudy?

  /// Names the comparison of a battery.
  package init(
    name: String, replay: ReplayCase, comparison: ForecastComparison,
    explanation: RegretStudy? = nil
  ) {
    self.explanation = explanation
    self.name = name
    self.replay = replay
    self.comparison = comparison
  }

  /// The battery's cheapest honest version; rule-based control where there is none.
  package var score: VersionScore {
    comparison.reference ?? comparison.score(comparison.selfConsumption)
  }
}

/// Batteries side by side on one site: the same history, tariff and forecasts.
///
/// Each is planned with each forecast version, and its cheapest one stands for it. What the batteries cost to buy is not
/// counted; `SizingStudy` does that for one battery in several sizes.
package struct BatteryComparison: Sendable {
  /// The batteries in the order of the scenario.
  package let runs: [BatteryRun]
  /// The battery with which the site pays least; of equal costs the first.
  package let best: BatteryRun?
  /// The best against each other battery, in their order.
  package let pairs: [PairedInterval]

  /// Compares batteries that were replayed over the same period.
  package init(_ runs: [BatteryRun]) {
    self.runs = runs
    let best = runs.enumerated().min {
      ($0.element.score.outcome.cost, $0.offset) < ($1.element.score.outcome.cost, $1.offset)
    }?.element
    self.best = best
    func costs(_ run: BatteryRun) -> VersionCosts {
      var costs = VersionCosts(run.score.outcome)
      costs.name = run.name
      return costs
    }
    pairs =
      best.map { best in
        PairedInterval.comparing(
          costs(best), with: runs.filter { $0.name != best.name }.map(costs))
      } ?? []
  }
}
