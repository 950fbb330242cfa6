package import Replay

/// The scores of one controller against the counterfactuals of the same case.
package struct VersionScore: Sendable {
  /// What the controller did.
  package let outcome: ReplayOutcome
  /// Name of the forecast version, or of the counterfactual.
  package let forecast: String
  /// Name of the way of planning; nothing where only one is replayed.
  package let planner: String?
  /// Cost without a battery less this cost. [currency]
  package let savingsVsNoBattery: Double
  /// Cost of rule-based self-consumption less this cost. [currency]
  package let savingsVsSelfConsumption: Double
  /// This cost less the oracle's. [currency]
  package let regret: Double
  /// Share of the oracle's saving against no battery; nothing when the oracle saves nothing or
  /// loses, as a battery's own draw can make it.
  package let shareCaptured: Double?

  /// True when nothing in the forecasts was known before its time.
  package var isHonest: Bool { outcome.label.isEmpty }

  init(
    _ outcome: ReplayOutcome, forecast: String, planner: String?, noBattery: Double,
    selfConsumption: Double, oracle: Double
  ) {
    self.outcome = outcome
    self.forecast = forecast
    self.planner = planner
    savingsVsNoBattery = noBattery - outcome.cost
    savingsVsSelfConsumption = selfConsumption - outcome.cost
    regret = outcome.cost - oracle
    let possible = noBattery - oracle
    // What the solvers leave of a cost that should be equal is no saving to take a share of.
    shareCaptured =
      possible > 1e-7 * max(1, abs(noBattery)) ? (noBattery - outcome.cost) / possible : nil
  }
}
