/// What one step of a hybrid inverter with battery and photovoltaics did; means over the step.
public struct CoupledStep: Sendable, Equatable {
  /// The step; its powers are those of the inverter's AC terminals.
  public var site: TwinStep
  /// Power taken from photovoltaics on the DC side. [kW]
  public var pvUsedKW: Double
  /// Power that photovoltaics offered and neither battery nor inverter had room for. [kW]
  public var pvUnusedKW: Double
}

extension DigitalTwin {
  /// Advances a hybrid inverter with photovoltaics on its DC side.
  ///
  /// The battery gives or takes what the AC power asked for leaves of the photovoltaic power, without
  /// the inverter's loss: `battery = inverter's DC power − photovoltaics`. So production above the
  /// inverter's rating charges the battery. What the battery cannot take goes to the AC side up to the
  /// rating, and the rest stays unused; what it cannot give is missing on the AC side.
  ///
  /// - Parameters:
  ///   - siteKW: Power asked of the inverter's AC terminals, positive towards the site. [kW]
  ///   - pvKW: Power that photovoltaics offer on the DC side, after their tracker, at least 0. [kW]
  ///   - ambientC: Temperature of the surroundings. [°C]
  ///   - seconds: Length of the step, above 0 and at most 3600. [s]
  ///   - irradianceWPerM2: Sun on the enclosure. [W/m²]
  /// - Returns: What the step did.
  /// - Throws: `ImpossibleState` when the battery came into a state that none can be in.
  public mutating func step(
    siteKW: Double, pvKW: Double, ambientC: Double, seconds: Double, irradianceWPerM2: Double = 0
  ) throws(ImpossibleState) -> CoupledStep {
    precondition(pvKW >= 0 && pvKW.isFinite, "photovoltaics give power or none")
    let before = ledger.pvUsedKWh
    pvInputKW = pvKW
    let site = try step(
      requestKW: siteKW, ambientC: ambientC, seconds: seconds, irradianceWPerM2: irradianceWPerM2)
    pvInputKW = 0
    let used = min(pvKW, (ledger.pvUsedKWh - before) * 3600 / seconds)
    return CoupledStep(site: site, pvUsedKW: used, pvUnusedKW: pvKW - used)
  }

  /// AC power once the battery gives or takes no more than a power of its own. [kW]
  ///
  /// Inlined, as a call would copy the twin.
  @inline(__always)
  func coupledACKW(batteryKW: Double, allowedKW: Double) -> Double {
    let free = control.constants.curve.acKW(dcKW: batteryKW + pvInputKW)
    return min(max(free, -allowedKW), allowedKW)
  }

  /// Books photovoltaics of a step and returns what was taken of them. [kW]
  mutating func bookPV(
    batteryKW: Double, acKW: Double, cause: ClipCause?, hours: Double
  ) -> Double {
    let used = min(
      pvInputKW, max(0, control.constants.curve.dcKW(acKW: acKW) - batteryKW))
    ledger.pvUsedKWh += used * hours
    let unused = pvInputKW - used
    if unused > 1e-12 * pvInputKW { ledger.pvUnused[cause ?? .inverter] += unused * hours }
    return used
  }
}
