/// What a battery can do over a horizon, as far as a planner needs to know.
///
/// Powers are at the AC terminals, energies on the scale of the battery's stored energy.
public struct PowerEnvelope: Sendable, Equatable {
  /// Highest charging power of each slot. [kW]
  public var chargeKW: [Double]
  /// Highest discharging power of each slot. [kW]
  public var dischargeKW: [Double]
  /// Lowest stored energy at the end of each slot. [kWh]
  public var energyMinKWh: [Double]
  /// Highest stored energy at the end of each slot. [kWh]
  public var energyMaxKWh: [Double]
  /// Stored energy per energy taken from the AC side.
  public var chargeEfficiency: Double
  /// Energy given to the AC side per energy taken from the store.
  public var dischargeEfficiency: Double
  /// Part of the stored energy that is left after one slot of rest.
  public var retentionPerStep: Double

  /// Creates an envelope; every array has one value per slot.
  public init(
    chargeKW: [Double], dischargeKW: [Double], energyMinKWh: [Double], energyMaxKWh: [Double],
    chargeEfficiency: Double, dischargeEfficiency: Double, retentionPerStep: Double = 1
  ) {
    self.chargeKW = chargeKW
    self.dischargeKW = dischargeKW
    self.energyMinKWh = energyMinKWh
    self.energyMaxKWh = energyMaxKWh
    self.chargeEfficiency = chargeEfficiency
    self.dischargeEfficiency = dischargeEfficiency
    self.retentionPerStep = retentionPerStep
  }

  /// Returns the envelope of a battery that never changes.
  ///
  /// - Parameters:
  ///   - count: Number of slots.
  ///   - chargeKW: Highest charging power. [kW]
  ///   - dischargeKW: Highest discharging power. [kW]
  ///   - energyMinKWh: Lowest stored energy. [kWh]
  ///   - energyMaxKWh: Highest stored energy. [kWh]
  ///   - chargeEfficiency: Stored energy per energy taken from the AC side.
  ///   - dischargeEfficiency: Energy given to the AC side per energy taken from the store.
  ///   - retentionPerStep: Part of the stored energy left after one slot of rest.
  /// - Returns: The envelope.
  public static func constant(
    count: Int, chargeKW: Double, dischargeKW: Double, energyMinKWh: Double = 0,
    energyMaxKWh: Double, chargeEfficiency: Double = 1, dischargeEfficiency: Double = 1,
    retentionPerStep: Double = 1
  ) -> PowerEnvelope {
    PowerEnvelope(
      chargeKW: Array(repeating: chargeKW, count: count),
      dischargeKW: Array(repeating: dischargeKW, count: count),
      energyMinKWh: Array(repeating: energyMinKWh, count: count),
      energyMaxKWh: Array(repeating: energyMaxKWh, count: count),
      chargeEfficiency: chargeEfficiency, dischargeEfficiency: dischargeEfficiency,
      retentionPerStep: retentionPerStep)
  }

  /// Returns this envelope and another mixed by a weight, for iterations that must not swing.
  ///
  /// - Parameters:
  ///   - other: Envelope of the same length.
  ///   - weight: Share of `other`, 0…1.
  /// - Returns: The mixture.
  public func blended(with other: PowerEnvelope, weight: Double) -> PowerEnvelope {
    func mix(_ a: Double, _ b: Double) -> Double { (1 - weight) * a + weight * b }
    func mix(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { mix($0, $1) } }
    return PowerEnvelope(
      chargeKW: mix(chargeKW, other.chargeKW), dischargeKW: mix(dischargeKW, other.dischargeKW),
      energyMinKWh: mix(energyMinKWh, other.energyMinKWh),
      energyMaxKWh: mix(energyMaxKWh, other.energyMaxKWh),
      chargeEfficiency: mix(chargeEfficiency, other.chargeEfficiency),
      dischargeEfficiency: mix(dischargeEfficiency, other.dischargeEfficiency),
      retentionPerStep: mix(retentionPerStep, other.retentionPerStep))
  }
}
