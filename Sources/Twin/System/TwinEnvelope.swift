/// What a planner may ask of a battery, slot by slot; all it ever sees of it.
public struct TwinEnvelope: Sendable, Equatable {
  /// Highest AC power of each slot, at least 0. [kW]
  public var chargeKW: [Double]
  public var dischargeKW: [Double]
  /// Bounds of the stored energy at the end of each slot, on the scale of `storedEnergyKWh`. [kWh]
  public var energyMinKWh: [Double]
  public var energyMaxKWh: [Double]
  /// Stored energy per AC energy in charge, and AC energy per stored energy in discharge.
  public var chargeEfficiency: Double
  public var dischargeEfficiency: Double
  /// Share of the stored energy that is left after one slot of rest.
  public var retentionPerStep: Double
  /// What decided a power limit of the slot when it was not the inverter's rating.
  public var decidedBy: [ClipCause?]
}
