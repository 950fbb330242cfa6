/// What one step of the twin did; means over the step unless said otherwise.
public struct TwinStep: Sendable, Equatable {
  /// Battery power asked for at the AC terminals, positive in discharge; for a current the power that it
  /// would have had at the voltage of the step. [kW]
  public var requestedKW: Double
  /// Battery power given at the AC terminals. [kW]
  public var deliveredKW: Double
  /// Draw of fan, air conditioning and idle inverter from the AC bus, in addition. [kW]
  public var auxiliaryKW: Double
  /// What was asked for and not given, at least 0. [kW]
  public var clippedKW: Double
  /// Why, when something was clipped: the cause of the largest part.
  public var cause: ClipCause?
  /// Loss in cells and inverter. [kW]
  public var lossKW: Double
  /// Mean state of charge of the cells at the end of the step.
  public var socFraction: Double
  /// Temperature of the hottest cell at the end of the step. [°C]
  public var hottestCellC: Double
  /// Energy above the lowest allowed state of charge at the end of the step. [kWh]
  public var storedEnergyKWh: Double
  /// True when a derating rule held back power for a part of the step.
  public var derated: Bool
  /// What derating rules kept from the rated power in each direction, asked for or not; see
  /// `LimitRecord`. [kW]
  public var withheldChargeKW: Double
  public var withheldDischargeKW: Double
  /// Why, when something was withheld: the cause of the largest part.
  public var withheldBy: ClipCause?
  /// Current of the pack, positive in discharge. [A]
  public var packA: Double
  /// Current asked for, as far as no voltage was to be held; nil where power was. [A]
  public var requestedA: Double?
  /// The rule behind `cause` and what it looked at; nil when nothing was clipped.
  public var reason: LimitReason?
  /// True when the voltage to be held, and no limit of the battery, decided.
  public var isHeld: Bool

  /// The larger of what was withheld in the two directions. [kW]
  package var withheldKW: Double { max(withheldChargeKW, withheldDischargeKW) }
}
