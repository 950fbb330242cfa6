package import Planning

/// What a battery can do for a site when the grid is gone.
package struct IslandedBattery: Sendable {
  /// Energy that stays in it. [kWh]
  package var emptyKWh: Double
  /// Energy of the full battery. [kWh]
  package var fullKWh: Double
  /// Power in both directions. [kW]
  package var powerKW: Double
  /// Shares of energy that are left by charging and by discharging.
  package var chargeEfficiency: Double
  package var dischargeEfficiency: Double

  /// States what a battery can do.
  package init(
    emptyKWh: Double, fullKWh: Double, powerKW: Double, chargeEfficiency: Double,
    dischargeEfficiency: Double
  ) {
    self.emptyKWh = emptyKWh
    self.fullKWh = fullKWh
    self.powerKW = powerKW
    self.chargeEfficiency = chargeEfficiency
    self.dischargeEfficiency = dischargeEfficiency
  }

  /// Takes what a battery can do from what plans are told of it.
  ///
  /// - Parameters:
  ///   - able: What it can do in one slot.
  ///   - ratedKW: Rating of its inverter. [kW]
  package init(_ able: PowerEnvelope, ratedKW: Double) {
    self.init(
      emptyKWh: able.energyMinKWh[0], fullKWh: able.energyMaxKWh[0], powerKW: ratedKW,
      chargeEfficiency: able.chargeEfficiency, dischargeEfficiency: able.dischargeEfficiency)
  }

  /// Serves a load for a time, or stores what is produced beyond it.
  ///
  /// - Parameters:
  ///   - netKW: Load less production. [kW]
  ///   - hours: The time. [h]
  ///   - storedKWh: Stored energy, before and after. [kWh]
  /// - Returns: Energy that is not served. [kWh]
  package func serve(netKW: Double, hours: Double, storedKWh: inout Double) -> Double {
    guard netKW > 0 else {
      storedKWh = min(
        fullKWh, storedKWh + min(-netKW, powerKW) * hours * chargeEfficiency)
      return 0
    }
    let able = min(powerKW * hours, (storedKWh - emptyKWh) * dischargeEfficiency)
    let given = min(netKW * hours, max(0, able))
    storedKWh -= given / dischargeEfficiency
    return netKW * hours - given
  }
}
