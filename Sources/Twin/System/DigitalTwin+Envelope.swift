internal import CTwinKernels

extension DigitalTwin {
  /// How far ahead an envelope looks slot by slot. [s]
  static let nearSeconds = 4 * 3600

  /// Returns what this battery could do along a power trajectory.
  ///
  /// A copy of the twin follows the trajectory, slot by slot over the first four hours and later by the hour, as
  /// heat moves within hours. Powers are what it could hold over each slot, or hour, from the state it is in, by
  /// inverter, rates, voltages and derating rules, but not by the energy window, which the planner keeps itself.
  /// Within an hour they move in a straight line. Efficiencies are energy-weighted along the trajectory, with a slot
  /// of a third of the rating in each direction added so that they always exist. Where the surface of cells lags
  /// behind, charge is left in them: the window is narrower by the lag of that trajectory's rates at the
  /// temperature of the slot. It never asks for energy that resting keeps away: of what the slots before allowed,
  /// and of the present energy, the widest counts.
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
    let window = EnergyWindow(self)
    let bounds = window.bounds
    var charge = [Double](repeating: 0, count: count)
    var discharge = [Double](repeating: 0, count: count)
    var decided = [ClipCause?](repeating: nil, count: count)
    var lagged = [(minimumKWh: Double, maximumKWh: Double)](repeating: bounds, count: count)
    var gain = EfficiencyTally()
    let rates = usualRates(along: powerKW)
    let weakest = pack.weakest
    let seconds = Double(stepSeconds)
    /// Goes straight from a slot's value to that of another, which may lie after the last.
    func fill(_ values: inout [Double], from: Int, to: Int, _ value: Double) {
      let start = from < 0 ? value : values[from]
      for t in from + 1..<min(to + 1, count) {
        values[t] = start + (value - start) * (Double(t - from) / Double(to - from))
      }
      if to < count { values[to] = value }
    }
    var former = -1
    var slot = 0
    while slot < count {
      let isNear = slot * stepSeconds < DigitalTwin.nearSeconds
      let most = isNear ? 1 : max(1, 3600 / stepSeconds)
      let slots = slot..<min(count, slot + most)
      defer { slot = slots.upperBound }
      func mean(_ values: [Double]) -> Double {
        slots.count == 1
          ? values[slot] : slots.reduce(0) { $0 + values[$1] } / Double(slots.count)
      }
      let limits = twin.powerLimits(
        seconds: min(seconds, 900), ambientC: ambientC[slot], weakest: weakest)
      fill(&charge, from: former, to: slot, limits.chargeKW)
      fill(&discharge, from: former, to: slot, limits.dischargeKW)
      former = slot
      let length = seconds * Double(slots.count)
      let parts = max(1, Int((length / (isNear ? 900 : 3600)).rounded(.up)))
      let each = length / Double(parts)
      let (power, ambient) = (mean(powerKW), mean(ambientC))
      let sun = irradianceWPerM2.map(mean) ?? 0
      for _ in 0..<parts {
        let from = twin.energyWh
        let step = try twin.advance(
          BatteryRequest(.powerKW(power)), ambientC: ambient, seconds: each, sun: sun)
        gain.add(
          acKW: step.deliveredKW, storedKW: (twin.energyWh - from) * 3.6 / each,
          steps: Double(slots.count))
      }
      let range = window.bounds(rates, coldestC: twin.pack.summary.coldest_c)
      for t in slots {
        decided[t] = limits.cause
        lagged[t] = range
      }
    }
    if former + 1 < count {
      let limits = twin.powerLimits(
        seconds: min(seconds, 900), ambientC: ambientC[count - 1], weakest: weakest)
      fill(&charge, from: former, to: count, limits.chargeKW)
      fill(&discharge, from: former, to: count, limits.dischargeKW)
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
      widest.low = min(widest.low * retention, lagged[slot].minimumKWh)
      widest.high = max(widest.high, lagged[slot].maximumKWh)
      lagged[slot] = (max(bounds.minimumKWh, widest.low), min(bounds.maximumKWh, widest.high))
    }
    return TwinEnvelope(
      chargeKW: charge, dischargeKW: discharge,
      energyMinKWh: lagged.map(\.minimumKWh), energyMaxKWh: lagged.map(\.maximumKWh),
      chargeEfficiency: gain.chargeEfficiency, dischargeEfficiency: gain.dischargeEfficiency,
      retentionPerStep: retention, decidedBy: decided)
  }

  /// The stored energies at which the first cell is empty and full, charged and discharged together.
  ///
  /// Spread makes the window smaller than that of the mean cell: the weakest cell decides.
  public func energyBounds() -> (minimumKWh: Double, maximumKWh: Double) {
    EnergyWindow(self).bounds
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
