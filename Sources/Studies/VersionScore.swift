public import Replay
import TimeSeries

/// The scores of one controller against the counterfactuals of the same case.
public struct VersionScore: Sendable {
  /// What the controller did.
  public let outcome: ReplayOutcome
  /// Name of the forecast version, or of the counterfactual.
  public let forecast: String
  /// Name of the way of planning; nothing where only one is replayed.
  public let planner: String?
  /// Cost without a battery less this cost. [currency]
  public let savingsVsNoBattery: Double
  /// Cost of rule-based self-consumption less this cost. [currency]
  public let savingsVsSelfConsumption: Double
  /// This cost less the oracle's. [currency]
  public let regret: Double
  /// Share of the oracle's saving against no battery; nothing when the oracle saves nothing.
  public let shareCaptured: Double?

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
    shareCaptured = abs(possible) > 1e-9 ? (noBattery - outcome.cost) / possible : nil
  }
}

/// The difference in cost between two versions, day by day.
public struct PairedDifference: Sendable {
  /// Name of the version whose cost comes first.
  public let a: String
  /// Name of the version whose cost is taken off.
  public let b: String
  /// Mean of a's cost less b's. [currency/day]
  public let perDay: Double
  /// Lower end of the interval. [currency/day]
  public let low: Double
  /// Upper end of the interval. [currency/day]
  public let high: Double

  /// Whether the interval leaves zero out.
  public var isSignificant: Bool { low > 0 || high < 0 }
}
