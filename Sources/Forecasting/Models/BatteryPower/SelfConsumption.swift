/// A battery as the rule-based self-consumption control sees it.
package struct StorageLimits: Sendable, Hashable {
  /// Largest charging power, AC. [kW]
  package var chargeKW: Double
  /// Largest discharging power, AC. [kW]
  package var dischargeKW: Double
  /// Usable energy. [kWh]
  package var capacityKWh: Double
  /// Stored energy per energy charged at the AC side, 0…1.
  package var chargeEfficiency: Double
  /// Energy at the AC side per stored energy discharged, 0…1.
  package var dischargeEfficiency: Double

  /// Creates the limits.
  package init(
    chargeKW: Double, dischargeKW: Double, capacityKWh: Double, chargeEfficiency: Double = 0.95,
    dischargeEfficiency: Double = 0.95
  ) {
    self.chargeKW = chargeKW
    self.dischargeKW = dischargeKW
    self.capacityKWh = capacityKWh
    self.chargeEfficiency = chargeEfficiency
    self.dischargeEfficiency = dischargeEfficiency
  }
}

/// Forecasts battery power by rule: self-consumption control under a load and a PV forecast.
///
/// The battery takes what PV leaves over and gives what the load asks for, within its limits. This is battery-power forecast (a); it seeds the twin's first thermal trajectory.
///
/// - Parameters:
///   - loadKW: Load, one value per slot. [kW]
///   - pvKW: PV, one value per slot. [kW]
///   - stepHours: Length of a slot. [h]
///   - initialEnergyKWh: Energy stored at the begin. [kWh]
///   - limits: The battery.
/// - Returns: Battery power, one value per slot. [kW, positive when discharging]
package func selfConsumptionPower(
  loadKW: [Double], pvKW: [Double], stepHours: Double, initialEnergyKWh: Double,
  limits: StorageLimits
) -> [Double] {
  precondition(loadKW.count == pvKW.count, "one value per slot each")
  var stored = min(max(initialEnergyKWh, 0), limits.capacityKWh)
  return zip(loadKW, pvKW).map { load, pv in
    let net = load - pv
    guard net.isFinite else { return 0 }
    if net >= 0 {
      let available = stored * limits.dischargeEfficiency / stepHours
      let power = min(net, limits.dischargeKW, available)
      stored -= power * stepHours / limits.dischargeEfficiency
      return power
    }
    let room = (limits.capacityKWh - stored) / (limits.chargeEfficiency * stepHours)
    let power = min(-net, limits.chargeKW, max(0, room))
    stored += power * stepHours * limits.chargeEfficiency
    return -power
  }
}
