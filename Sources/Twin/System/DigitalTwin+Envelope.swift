internal import CTwinKernels

extension DigitalTwin {
  /// How far ahead an envelope looks slot by slot, and by the hour. [s]
  public static let nearSeconds = 4 * 3600
  static let hourlySeconds = 12 * 3600
  /// Powers that differ by less of the rating are the same for two hours.
  private static let steadyShare = 0.1
  /// Current up to which a pack rests, of the one that empties it in an hour.
  private static let restShare = 1e-4

  /// Returns what this battery could do along a power trajectory.
  ///
  /// A copy of the twin follows the trajectory, slot by slot over the first hours and later by the hour, as
  /// heat moves within hours. Powers are what it could hold over each slot, or hour, from the state it is in, by
  /// inverter, rates, voltages and derating rules, but not by the energy window, which the planner keeps itself.
  /// They are asked for with each step of the first twelve hours and with every other one later, and not again while
  /// the pack rests and is as warm as before; between they move in a straight line. Later than twelve hours
  /// two hours of the same power are one step, unless a thermostat or a rule changes with time. Efficiencies are energy-weighted along the trajectory, with a slot
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
  ///   - nearSeconds: How far ahead it looks slot by slot. [s]
  /// - Returns: Limits, window and efficiencies.
  /// - Throws: `ImpossibleState` when the trajectory leads into a state that no battery can be in.
  public func envelope(
    along powerKW: [Double], stepSeconds: Int, ambientC: [Double],
    irradianceWPerM2: [Double]? = nil, nearSeconds: Int = DigitalTwin.nearSeconds
  ) throws(ImpossibleState) -> TwinEnvelope {
    precondition(powerKW.count == ambientC.count && stepSeconds > 0, "one value per slot")
    precondition(irradianceWPerM2.map { $0.count == powerKW.count } ?? true, "one value per slot")
    var twin = probe()
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
    func mean(_ values: [Double], _ slots: Range<Int>) -> Double {
      slots.count == 1
        ? values[slots.lowerBound]
        : slots.reduce(0) { $0 + values[$1] } / Double(slots.count)
    }
    let hour = max(1, 3600 / stepSeconds)
    let constants = control.constants
    let steadyKW = DigitalTwin.steadyShare * constants.ratedKW
    let restA = DigitalTwin.restShare * constants.nominalAh
    // What a thermostat, a rule or a fault does depends on when it is looked at.
    let changesByTime =
      constants.hvac != nil || constants.hasSchedule || constants.hasControlFaults
      || constants.hasDeratingMemory
    let mayHold = !changesByTime && !constants.hasInverterRules
    var still = StillPack()
    var limits = (chargeKW: 0.0, dischargeKW: 0.0, cause: ClipCause?.none)
    var former = -1
    var slot = 0
    while slot < count {
      let isNear = slot * stepSeconds < nearSeconds
      let span = isNear ? 1 : slot * stepSeconds < DigitalTwin.hourlySeconds ? hour : 2 * hour
      if !mayHold || !still.holds(twin.pack.summary) {
        limits = twin.powerLimits(
          seconds: min(seconds, DigitalTwin.limitSeconds), ambientC: ambientC[slot],
          weakest: weakest)
        still.note(twin.pack.summary)
      }
      fill(&charge, from: former, to: slot, limits.chargeKW)
      fill(&discharge, from: former, to: slot, limits.dischargeKW)
      former = slot
      let end = min(count, slot + span)
      while slot < end {
        var slots = slot..<min(end, slot + (isNear ? 1 : hour))
        var power = mean(powerKW, slots)
        var longest = isNear ? 900.0 : 3600
        if slots.upperBound < end, !changesByTime,
          abs(power - mean(powerKW, slots.upperBound..<end)) <= steadyKW
        {
          slots = slot..<end
          power = mean(powerKW, slots)
          longest = 7200
        }
        let length = seconds * Double(slots.count)
        let parts = max(1, Int((length / longest).rounded(.up)))
        let each = length / Double(parts)
        let ambient = mean(ambientC, slots)
        let sun = irradianceWPerM2.map { mean($0, slots) } ?? 0
        for _ in 0..<parts {
          let from = twin.energyWh
          let step = try twin.advance(
            BatteryRequest(.powerKW(power)), ambientC: ambient, seconds: each, sun: sun)
          gain.add(
            acKW: step.deliveredKW, storedKW: (twin.energyWh - from) * 3.6 / each,
            steps: Double(slots.count))
          still.moved(rests: abs(step.packA) <= restA, seconds: each)
        }
        let range = window.bounds(rates, coldestC: twin.pack.summary.coldest_c)
        for t in slots {
          decided[t] = limits.cause
          lagged[t] = range
        }
        slot = slots.upperBound
      }
    }
    if former + 1 < count {
      let limits = twin.powerLimits(
        seconds: min(seconds, DigitalTwin.limitSeconds), ambientC: ambientC[count - 1],
        weakest: weakest)
      fill(&charge, from: former, to: count, limits.chargeKW)
      fill(&discharge, from: former, to: count, limits.dischargeKW)
    }
    let third = specification.converter.ratedKW / 3
    for (power, stored) in zip([third, -third], storedRates(acKW: [third, -third])) {
      gain.add(acKW: power, storedKW: stored)
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

  /// Returns what the battery can do now, as an envelope has it for its first slot.
  ///
  /// - Parameters:
  ///   - stepSeconds: Length of the slot. [s]
  ///   - ambientC: Air temperature. [°C]
  /// - Returns: Highest charge and discharge. [kW]
  public func ablePower(
    stepSeconds: Int, ambientC: Double
  ) -> (chargeKW: Double, dischargeKW: Double) {
    var twin = probe()
    let limits = twin.powerLimits(
      seconds: min(Double(stepSeconds), DigitalTwin.limitSeconds), ambientC: ambientC,
      weakest: pack.weakest)
    return (limits.chargeKW, limits.dischargeKW)
  }

  /// Longest time over which a power has to last. [s]
  private static let limitSeconds = 900.0

  /// A copy that is rolled ahead and forgotten.
  private func probe() -> DigitalTwin {
    var twin = self
    twin.ledger = TwinLedger()
    twin.isAgeing = false
    twin.faultsFrozenAt = faultSeconds
    return twin
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

  /// Rates of stored energy at steady AC powers from the present state. [kW]
  func storedRates(acKW: [Double]) -> [Double] {
    var probe = pack
    let response = probe.response(seconds: 900)
    var voltage = 0.0
    for g in 0..<specification.series {
      voltage += specification.model.tables.openCircuitV(
        at: pack[.soc, g * specification.parallel])
    }
    return acKW.map { power in
      let dcKW = specification.converter.dcKW(acKW: power)
      let line = probe.prepare(response, estimatedA: dcKW * 1000 / probe.meanVoltageV).line
      let currentA = CellPack.current(line, powerW: dcKW * 1000)
      let kept = currentA < 0 ? specification.cell.chargeEfficiency : 1
      return -currentA * voltage * kept / 1000
    }
  }
}

/// Tells whether a pack is as it was when its limits were asked for the last time.
///
/// Only a pack that had rested for an hour by then counts, as after a current voltages go on moving.
private struct StillPack {
  private static let restSeconds = 3600.0
  private static let sameSOC = 1e-3
  private static let sameC = 0.5

  private var restedSeconds = 0.0
  private var last: twin_summary?

  /// Notes that the limits have just been asked for.
  mutating func note(_ summary: twin_summary) {
    last = restedSeconds >= Self.restSeconds ? summary : nil
  }

  /// Notes a step of which the current was or was not next to nothing.
  mutating func moved(rests: Bool, seconds: Double) {
    if rests {
      restedSeconds += seconds
    } else {
      restedSeconds = 0
      last = nil
    }
  }

  /// Whether limits asked for now would be the last ones.
  func holds(_ summary: twin_summary) -> Bool {
    guard let last else { return false }
    return abs(summary.lowest_soc - last.lowest_soc) <= Self.sameSOC
      && abs(summary.highest_soc - last.highest_soc) <= Self.sameSOC
      && abs(summary.lowest_surface - last.lowest_surface) <= Self.sameSOC
      && abs(summary.highest_surface - last.highest_surface) <= Self.sameSOC
      && abs(summary.coldest_c - last.coldest_c) <= Self.sameC
      && abs(summary.hottest_c - last.hottest_c) <= Self.sameC
  }
}
