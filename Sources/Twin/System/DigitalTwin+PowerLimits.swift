internal import CTwinKernels

extension DigitalTwin {
  /// Highest AC powers over the next step, not counting the energy window, and what decided. [kW]
  ///
  /// Leaves the state as it is; what the last step found of each cell is overwritten.
  ///
  /// - Parameters:
  ///   - seconds: Length of the step. [s]
  ///   - ambientC: Temperature of the surroundings. [°C]
  ///   - weakest: The largest factor on the resistances of any cell, and the least charge of one. [Ah]
  /// - Returns: The powers, and what decided where it was not the rating. [kW]
  mutating func powerLimits(
    seconds: Double, ambientC: Double, weakest: (scale: Double, capacityAh: Double)
  ) -> (chargeKW: Double, dischargeKW: Double, cause: ClipCause?) {
    let seen = controlView()
    if pack.summary.hottest_c >= control.constants.cutOffC
      || cutOff.isStopped
        && pack.summary.hottest_c > control.constants.cutOffC - LimitSpecification.cutOffReleaseK
    {
      return (0, 0, .heat)
    }
    let heatsinkC = pack.commonC(control.constants.heatsink)
    // What the next step will remember at its start: a stop whose level is reached by now holds in it.
    var memory = derating
    if control.constants.hasDeratingMemory {
      memory.update(
        control.rules, seen: seen, heatsinkC: heatsinkC, looks: looks, now: elapsedSeconds)
    }
    let share = min(
      control.inverterShare(heatsinkC: heatsinkC),
      control.policyShare(airC: pack.commonC(0), ambientC: ambientC, memory: memory))
    let allowedKW = control.constants.ratedKW * share
    let lagHours =
      specification.cell.surfaceLag?.hours(kelvin: pack.summary.coldest_c + 273.15) ?? 0
    var cause: ClipCause? = share < 1 ? .inverterTemperature : nil
    var powerKW = (charge: allowedKW, discharge: allowedKW)
    for direction in [PowerDirection.charge, .discharge] {
      let discharging = direction == .discharge
      var fixed = control.fixedLimit(direction, seen, memory: memory)
      let taper = control.taper(direction)
      if let taper, taper.mostA < fixed.currentA { fixed = (taper.mostA, .cellVoltage) }
      if taper == nil,
        isSurelyRated(
          discharging, ratedKW: allowedKW, fixedA: fixed.currentA, seconds: seconds,
          lagHours: lagHours,
          weakest: weakest)
      {
        continue
      }
      let response = pack.response(seconds: seconds)
      let voltageLimit = discharging ? control.constants.minimumV : control.constants.maximumV
      let voltage = pack.prepare(
        response, estimatedA: 0, direction: discharging ? 1 : -1,
        socLimit: discharging ? -1e6 : 1e6,
        voltageLimit: voltageLimit)
      let line = voltage.line
      var limitA = min(fixed.currentA, voltage.voltageA)
      if discharging { limitA = min(limitA, line.e_volt / (2 * line.r_ohm)) }
      var signedA = discharging ? limitA : -limitA
      var decided = fixed.currentA <= voltage.voltageA ? fixed.cause : .cellVoltage
      if taper != nil || isSurfaceNearEnd(limitA, discharging: discharging, lagHours: lagHours) {
        let heldA = pack.currentWithin(
          response, signedA, limitV: voltageLimit, taper: taper, countsCharge: false)
        if heldA != signedA { (signedA, decided) = (heldA, .cellVoltage) }
      }
      let dcKW = signedA * (line.e_volt - signedA * line.r_ohm) / 1000
      let acKW = abs(control.constants.curve.acKW(dcKW: dcKW))
      guard acKW < allowedKW else { continue }
      if cause == nil || discharging { cause = decided }
      if discharging { powerKW.discharge = acKW } else { powerKW.charge = acKW }
    }
    return (powerKW.charge, powerKW.discharge, cause)
  }

  /// Whether a steady current takes the surface of a cell into the tenth of its charge in which voltages bend.
  ///
  /// Elsewhere the lag moves the voltage by some 10 mV, far from the limits. Inlined, as a call would copy the twin.
  @inline(__always)
  private func isSurfaceNearEnd(
    _ currentA: Double, discharging: Bool, lagHours: Double
  ) -> Bool {
    guard lagHours > 0 else { return false }
    let summary = pack.summary
    let reach = lagHours * currentA / control.constants.nominalAh
    return discharging ? summary.lowest_soc - reach < 0.1 : summary.highest_soc + reach > 0.9
  }

  /// Whether cells can carry the inverter's power for sure, so that nobody needs to look at each of them.
  ///
  /// True only when a cell of the largest resistance, with half more than its voltage falls by steadily and while its
  /// surface empties or fills, stays 50 mV away from its limit, and rules allow the current. Inlined, as a call
  /// would copy the twin.
  @inline(__always)
  private func isSurelyRated(
    _ discharging: Bool, ratedKW: Double, fixedA: Double, seconds: Double, lagHours: Double,
    weakest: (scale: Double, capacityAh: Double)
  ) -> Bool {
    guard !pack.isShared else { return false }
    let constants = control.constants
    let seen = pack.summary
    let tables = specification.model.tables
    let cellW =
      abs(constants.curve.dcKW(acKW: discharging ? ratedKW : -ratedKW)) * 1000
      / Double(specification.series)
    let largestA = cellW / constants.minimumV
    let reach =
      (1.1 * seconds / 3600 + 1.5 * lagHours) * largestA / weakest.capacityAh
    let emptiest = min(seen.lowest_soc, seen.lowest_surface)
    let fullest = max(seen.highest_soc, seen.highest_surface)
    let start = discharging ? emptiest : fullest
    let end = discharging ? start - reach : start + reach
    guard end > 0.02, end < 0.98 else { return false }
    func ohm(_ z: Double) -> Double {
      let part = tables.resistances(
        socFraction: z, temperatureC: seen.coldest_c, charging: !discharging)
      return weakest.scale * (part.series + part.fast + part.slow) + specification.linkOhm
    }
    let startV = tables.openCircuitV(at: start)
    // Limits follow from lines with the slope of each cell.
    let bendV = max(
      abs(tables.openCircuitV(at: end) - startV),
      reach * max(tables.openCircuitSlopeV(at: emptiest), tables.openCircuitSlopeV(at: fullest)))
    let fallV =
      1.5 * (max(ohm(end), ohm(start), ohm(emptiest)) * largestA + bendV)
      + tables.hysteresisV(at: end) + 0.05
    if discharging {
      return startV - fallV > constants.minimumV && fixedA * (startV - fallV) > cellW
    }
    return startV + fallV < constants.maximumV
      && fixedA * (tables.openCircuitV(at: emptiest) - fallV) > cellW
  }
}
