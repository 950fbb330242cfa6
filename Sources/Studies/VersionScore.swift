import Numerics
package import Replay
import TimeSeries

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
    shareCaptured = possible > 1e-9 ? (noBattery - outcome.cost) / possible : nil
  }
}

/// The difference in cost between two versions, day by day.
package struct PairedDifference: Sendable {
  /// Name of the version whose cost comes first.
  package let a: String
  /// Name of the version whose cost is taken off.
  package let b: String
  /// Mean of a's cost less b's. [currency/day]
  package let perDay: Double
  /// Lower end of the interval. [currency/day]
  package let low: Double
  /// Upper end of the interval. [currency/day]
  package let high: Double

  /// Whether the interval leaves zero out.
  package var isSignificant: Bool { low > 0 || high < 0 }

  /// Compares two outcomes of the same days.
  init(_ a: ReplayOutcome, _ b: ReplayOutcome, bootstrap: BlockBootstrap) {
    let interval = bootstrap.meanInterval(zip(a.dailyCosts, b.dailyCosts).map { $0 - $1 })
    self.a = a.name
    self.b = b.name
    perDay = interval.mean
    low = interval.low
    high = interval.high
  }
}
