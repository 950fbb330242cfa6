internal import CTwinKernels

extension DigitalTwin {
  /// Returns what this battery could do along a power trajectory.
  ///
  /// A copy of the twin follows the trajectory with one step per slot. Powers are what it could hold
  /// over each slot from the state it is in, by inverter, rates, voltages and derating rules, but not by
  /// the energy window, which the planner keeps itself. Efficiencies are energy-weighted along the
  /// trajectory, with a slot of a third of the rating in each direction added so that they always exist.
  /// Where the surface of cells lags behind, charge is left in them: the window is narrower by the lag of that
  /// trajectory's rates at the temperature of the slot. It never asks for energy that resting keeps away: of
  /// what the slots before allowed, and of the present energy, the widest counts.
  ///
  /// - Parameters:
  ///   - powerKW: Battery power to follow, positive in discharge, one per slot. [kW]
  ///   - stepSeconds: Length of a slot. [s]
  ///   - ambientC: Temperature of the surroundings, one per slot. [°C]
  ///   - irradianceWPerM2: Sun on the enclosure, one per slot; dark when nil. [W/m²]
  /// - Returns: Limits, window and efficiencies.
  /// - Throws: `ImpossibleState` when the trajectory leads into a state that no battery can be in.
  public func envelope(
    along powerKW: [Double], stepSeconds: Int, ambientC: [Double],
    irradianceWPerM2: [Double]? = nil
  ) throws(ImpossibleState) -> TwinEnvelope {
    precondition(powerKW.count == ambientC.count && stepSeconds > 0, "one value per slot")
    precondition(irradianceWPerM2.map { $0.count == powerKW.count } ?? true, "one value per slot")
    var twin = self
    twin.ledger = TwinLedger()
    twin.isAgeing = false
    let count = powerKW.count
    let bounds = energyBounds()
    var charge = [Double](repeating: 0, count: count)
    var discharge = [Double](repeating: 0, count: count)
    var decided = [ClipCause?](repeating: nil, count: count)
    var gain = EfficiencyTally()
    let rates = usualRates(along: powerKW)
    var window = [(minimumKWh: Double, maximumKWh: Double)]()
    let seconds = Double(stepSeconds)
    let parts = max(1, Int((seconds / 900).rounded(.up)))
    let each = seconds / Double(parts)
    for slot in 0..<count {
      let most = twin.powerLimits(seconds: min(seconds, 900))
      charge[slot] = most.chargeKW
      discharge[slot] = most.dischargeKW
      decided[slot] = most.cause
      for _ in 0..<parts {
        let from = twin.energyWh
        let step = try twin.advance(
          requestKW: powerKW[slot], ambientC: ambientC[slot], seconds: each,
          sun: irradianceWPerM2?[slot] ?? 0)
        gain.add(acKW: step.deliveredKW, storedKW: (twin.energyWh - from) * 3.6 / each)
      }
      window.append(laggedBounds(bounds, rates, coldestC: twin.pack.summary.coldest_c))
    }
    let third = specification.converter.ratedKW / 3
    for power in [third, -third] {
      let trial = storedRate(acKW: power)
      gain.add(acKW: power, storedKW: trial)
    }
    let month = specification.cell.selfDischargePerMonth
    let retention = 1 - month * seconds / (30 * 86400)
    var widest = (low: storedEnergyKWh, high: storedEnergyKWh)
    for slot in 0..<count {
      widest.low = min(widest.low * retention, window[slot].minimumKWh)
      widest.high = max(widest.high, window[slot].maximumKWh)
      window[slot] = (max(bounds.minimumKWh, widest.low), min(bounds.maximumKWh, widest.high))
    }
    return TwinEnvelope(
      chargeKW: charge, dischargeKW: discharge,
      energyMinKWh: window.map(\.minimumKWh), energyMaxKWh: window.map(\.maximumKWh),
      chargeEfficiency: gain.chargeEfficiency, dischargeEfficiency: gain.dischargeEfficiency,
      retentionPerStep: retention, decidedBy: decided)
  }

  /// The stored energies at which the first cell is empty and full, charged and discharged together.
  ///
  /// Spread makes the window smaller than that of the mean cell: the weakest cell decides.
  public func energyBounds() -> (minimumKWh: Double, maximumKWh: Double) {
    energyBounds(from: specification.limits.minimumSOC, to: specification.limits.maximumSOC)
  }

  private func energyBounds(
    from minimumSOC: Double, to maximumSOC: Double
  ) -> (minimumKWh: Double, maximumKWh: Double) {
    let soc = pack.socFraction
    let capacity = pack.capacityAh
    let parallel = specification.parallel
    let series = specification.series
    var low = 0.0
    var high = 0.0
    // The weakest group of a string decides for the string; cells in parallel go together.
    for string in 0..<specification.strings {
      let groups = string * series..<(string + 1) * series
      var downAh = Double.infinity
      var upAh = Double.infinity
      for g in groups {
        var down = 0.0
        var up = 0.0
        for j in g * parallel..<(g + 1) * parallel {
          down += max(0, soc[j] - minimumSOC) * capacity[j]
          up += max(0, maximumSOC - soc[j]) * capacity[j]
        }
        downAh = min(downAh, down)
        upAh = min(upAh, up)
      }
      for g in groups {
        let range = g * parallel..<(g + 1) * parallel
        let group = range.reduce(0) { $0 + capacity[$1] }
        for j in range {
          let tables = specification.model.tables
          low += capacity[j] * (tables.energyIntegral(at: soc[j] - downAh / group) - floorEnergy)
          high += capacity[j] * (tables.energyIntegral(at: soc[j] + upAh / group) - floorEnergy)
        }
      }
    }
    return (low / 1000, high / 1000)
  }

  /// Rates that a trajectory usually has in each direction, weighted with energy; a third of the rating counts
  /// as a slot. [1/h]
  private func usualRates(along powerKW: [Double]) -> (charge: Double, discharge: Double) {
    let ratedKW = specification.converter.ratedKW
    let nominalKWh = control.constants.nominalKV * control.constants.nominalAh
    func rate(_ sign: Double) -> Double {
      let powers = powerKW.map { min(max(0, sign * $0), ratedKW) } + [ratedKW / 3]
      return powers.reduce(0) { $0 + $1 * $1 } / powers.reduce(0, +) / nominalKWh
    }
    return (rate(-1), rate(1))
  }

  /// Bounds of the stored energy less what the lag of the surface leaves in the cells, or keeps out of them.
  private func laggedBounds(
    _ bounds: (minimumKWh: Double, maximumKWh: Double),
    _ rates: (charge: Double, discharge: Double), coldestC: Double
  ) -> (minimumKWh: Double, maximumKWh: Double) {
    guard let lag = specification.cell.surfaceLag else { return bounds }
    let hours = lag.hours(kelvin: coldestC + 273.15)
    let limits = specification.limits
    let low = max(limits.minimumSOC, min(1, hours * rates.discharge))
    let high = min(limits.maximumSOC, max(0, 1 - hours * rates.charge))
    guard low > limits.minimumSOC || high < limits.maximumSOC else { return bounds }
    return energyBounds(from: low, to: high)
  }

  /// Whether a steady current takes the surface of a cell into the tenth of its charge in which voltages bend.
  ///
  /// Elsewhere the lag moves the voltage by some 10 mV, far from the limits.
  private func isSurfaceNearEnd(_ currentA: Double, discharging: Bool) -> Bool {
    guard let lag = specification.cell.surfaceLag else { return false }
    let summary = pack.summary
    let reach =
      lag.hours(kelvin: summary.coldest_c + 273.15) * currentA / control.constants.nominalAh
    return discharging ? summary.lowest_soc - reach < 0.1 : summary.highest_soc + reach > 0.9
  }

  /// Highest AC powers over the next step, not counting the energy window, and what decided. [kW]
  ///
  /// Leaves the state as it is; what the last step found of each cell is overwritten.
  mutating func powerLimits(
    seconds: Double
  ) -> (chargeKW: Double, dischargeKW: Double, cause: ClipCause?) {
    let response = pack.response(seconds: seconds)
    let converter = specification.converter
    let seen = controlView()
    let share = control.inverterShare(
      heatsinkC: pack.commonC(control.constants.heatsink))
    let allowedKW = converter.ratedKW * share
    var cause: ClipCause? = share < 1 ? .inverterTemperature : nil
    func most(_ direction: PowerDirection) -> Double {
      let discharging = direction == .discharge
      let fixed = control.fixedLimit(direction, seen, memory: derating)
      let voltageLimit =
        discharging ? specification.cell.minimumV : specification.cell.maximumV
      let voltage = pack.prepare(
        response, estimatedA: 0, direction: discharging ? 1 : -1,
        socLimit: discharging ? -1e6 : 1e6,
        voltageLimit: voltageLimit)
      let line = voltage.line
      var limitA = min(fixed.currentA, voltage.voltageA)
      if discharging { limitA = min(limitA, line.e_volt / (2 * line.r_ohm)) }
      var signedA = discharging ? limitA : -limitA
      var decided = fixed.currentA <= voltage.voltageA ? fixed.cause : .cellVoltage
      if isSurfaceNearEnd(limitA, discharging: discharging) {
        let heldA = pack.currentWithin(
          response, signedA, limitV: voltageLimit, countsCharge: false)
        if heldA != signedA { (signedA, decided) = (heldA, .cellVoltage) }
      }
      let dcKW = signedA * (line.e_volt - signedA * line.r_ohm) / 1000
      let acKW = abs(converter.acKW(dcKW: dcKW))
      guard acKW < allowedKW else { return allowedKW }
      if cause == nil || discharging {
        cause = decided
      }
      return acKW
    }
    let charge = most(.charge)
    let discharge = most(.discharge)
    return (charge, discharge, cause)
  }

  /// Rate of stored energy at a steady AC power from the present state. [kW]
  func storedRate(acKW: Double) -> Double {
    var probe = pack
    let response = probe.response(seconds: 900)
    let dcKW = specification.converter.dcKW(acKW: acKW)
    let line = probe.prepare(response, estimatedA: dcKW * 1000 / probe.meanVoltageV).line
    let currentA = CellPack.current(line, powerW: dcKW * 1000)
    var voltage = 0.0
    for g in 0..<specification.series {
      voltage += specification.model.tables.openCircuitV(
        at: pack[.soc, g * specification.parallel])
    }
    let kept = currentA < 0 ? specification.cell.chargeEfficiency : 1
    return -currentA * voltage * kept / 1000
  }
}
