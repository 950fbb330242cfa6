import Planning
import TimeSeries
import Twin

extension Executor {
  /// Runs one interval of a site with several batteries.
  ///
  /// Each battery is asked for its part. What one cannot give or take, as it is too warm, empty or full, is asked of
  /// the others by the same decision with the limits that have shown; what is asked of the one that was limited
  /// stays as it was, so that its ledger books it.
  ///
  /// - Parameters:
  ///   - slot: Position in the period.
  ///   - waitingKW: Power of the loads that can wait. [kW]
  ///   - deciding: Decides what is asked of each battery within limits, what production is reckoned to be thrown
  ///     away, and whether limits that were foreseen are in the way; then it is asked again with what each battery can
  ///     do. [kW]
  /// - Throws: `ImpossibleState` when a battery came into a state that none can be in.
  mutating func run(
    slot: Int, waitingKW: Double,
    deciding: ([ClosedRange<Double>], _ able: [AblePower]?) -> FleetDecision
  ) throws(ImpossibleState) {
    let load = context.loadKW[slot] + waitingKW
    let pv = context.pvKW[slot]
    let isMeasured = load.isFinite && pv.isFinite
    var limits = units.indices.map { limitsKW($0, slot) }
    var asked = units.map { _ in 0.0 }
    var curtailKW = 0.0
    var able: [AblePower]?
    if isMeasured {
      var decided = deciding(limits, nil)
      if decided.isHeld {
        able = ableKW(slot: slot)
        decided = deciding(limits, able)
      }
      asked = decided.powersKW
      curtailKW = decided.curtailKW
      protectConnection(&asked, limits, lowestKW: load - pv - importLimitKW[slot])
      for b in units.indices { keepSteps(&asked, b, lowestKW: load - pv - importLimitKW[slot]) }
    }
    for b in units.indices where abs(asked[b]) < ReplaySettings.smallestRequestKW { asked[b] = 0 }
    let requestedKW = asked.reduce(0, +)
    var twins = units.map(\.twin)
    var done: [BatteryInterval] = []
    for b in units.indices { done.append(try run(&twins[b], slot, b, requestKW: asked[b])) }
    var isLimited = units.map { _ in false }
    for _ in 0..<units.count - 1 where isMeasured {
      var found = false
      for b in units.indices where !isLimited[b] && units[b].isThere(slot) {
        let short = abs(asked[b] - done[b].deliveredKW)
        guard short > Self.shortShare * units[b].battery.system.converter.ratedKW else { continue }
        let most = done[b].deliveredKW
        limits[b] = asked[b] > 0 ? min(0, most)...max(0, most) : min(most, 0)...limits[b].upperBound
        isLimited[b] = true
        found = true
      }
      guard found, !isLimited.allSatisfy({ $0 }) else { break }
      let decided = deciding(limits, able)
      curtailKW = decided.curtailKW
      var again = decided.powersKW
      protectConnection(&again, limits, lowestKW: load - pv - importLimitKW[slot])
      for b in units.indices where !isLimited[b] {
        keepSteps(&again, b, lowestKW: load - pv - importLimitKW[slot])
      }
      for b in units.indices
      where !isLimited[b] && abs(again[b] - asked[b]) > ReplaySettings.smallestRequestKW {
        asked[b] = abs(again[b]) < ReplaySettings.smallestRequestKW ? 0 : again[b]
        twins[b] = units[b].twin
        done[b] = try run(&twins[b], slot, b, requestKW: asked[b])
      }
    }
    for b in units.indices {
      units[b].twin = twins[b]
      enter(done[b], slot, b, requestedKW: isMeasured ? asked[b] : nil)
    }
    let delivered = done.reduce(0) { $0 + $1.deliveredKW }
    lastAuxiliaryKW = done.reduce(0) { $0 + $1.auxiliaryKW }
    sumUp(done, slot)
    guard isMeasured else { return }
    meter.settle(
      slot: slot, waitingKW: waitingKW, requestedKW: requestedKW, deliveredKW: delivered,
      auxiliaryKW: lastAuxiliaryKW, plannedCurtailKW: curtailKW)
  }

  /// Share of the rating from which a battery that gives less than it is asked for counts as limited.
  private static let shortShare = 1e-3

  /// What a battery may be asked for in an interval. [kW]
  private func limitsKW(_ place: Int, _ slot: Int) -> ClosedRange<Double> {
    let unit = units[place]
    guard unit.isThere(slot) else { return 0...0 }
    let rated = unit.battery.system.converter.ratedKW
    return -rated...min(rated, letOutKW(unit.twin, place, slot: slot))
  }

  /// The connection is protected before anything is followed: batteries charge less, or discharge more.
  private mutating func protectConnection(
    _ powers: inout [Double], _ limits: [ClosedRange<Double>], lowestKW: Double
  ) {
    let missing = lowestKW - powers.reduce(0, +)
    guard missing > 0 else { return }
    meter.count(missing, by: "grid_import_limit")
    let rooms = powers.indices.map { max(0, limits[$0].upperBound - powers[$0]) }
    let sum = rooms.reduce(0, +)
    guard sum > 0 else { return }
    for b in powers.indices { powers[b] += missing * rooms[b] / sum }
  }

  /// Brings what a battery is asked for to a power at which its inverter can run: the next below, or above where the
  /// connection needs as much.
  private mutating func keepSteps(_ powers: inout [Double], _ place: Int, lowestKW: Double) {
    let steps = units[place].powerSteps
    let power = powers[place]
    guard !steps.isFree, power != 0 else { return }
    let run = steps.runnable(
      power, atLeast: lowestKW - (powers.reduce(0, +) - power),
      limitKW: units[place].battery.system.converter.ratedKW)
    if run != power { meter.count(abs(power - run), by: "power_steps") }
    powers[place] = run
  }

  /// Runs a battery through the steps of an interval; one that is not there yet stays as it is.
  private func run(
    _ twin: inout DigitalTwin, _ slot: Int, _ place: Int, requestKW: Double
  ) throws(ImpossibleState) -> BatteryInterval {
    var done = BatteryInterval()
    guard units[place].isThere(slot) else { return done }
    for _ in 0..<stepsPerSlot {
      done.add(
        try twin.step(
          requestKW: requestKW, ambientC: context.ambientC[slot], seconds: secondsPerStep,
          irradianceWPerM2: context.irradianceWM2[slot]))
    }
    done.end(steps: stepsPerSlot, coldestCellC: twin.coldestCellC)
    return done
  }

  private mutating func enter(
    _ done: BatteryInterval, _ slot: Int, _ place: Int, requestedKW: Double?
  ) {
    units[place].trace.enter(done, slot: slot)
    guard units[place].isThere(slot) else {
      units[place].trace.storedKWh[slot] = units[place].startStoredKWh
      units[place].trace.socFraction[slot] = units[place].twin.socFraction
      if requestedKW != nil {
        units[place].trace.requestedKW[slot] = 0
        units[place].trace.batteryKW[slot] = 0
        units[place].trace.auxiliaryKW[slot] = 0
      }
      return
    }
    guard let requestedKW else { return }
    units[place].trace.requestedKW[slot] = requestedKW
    units[place].trace.batteryKW[slot] = done.deliveredKW
    units[place].trace.auxiliaryKW[slot] = done.auxiliaryKW
  }

  /// Enters the state of all batteries as that of one: sums, the mean state of charge by energy, extremes.
  private mutating func sumUp(_ done: [BatteryInterval], _ slot: Int) {
    var stored = 0.0
    var charge = 0.0
    var nominal = 0.0
    var withheld = (charge: 0.0, discharge: 0.0)
    var hottest = -Double.infinity
    var coldest = Double.infinity
    var limiting: BatteryInterval?
    var withholding: BatteryInterval?
    for b in units.indices {
      let own = units[b].battery.system.nominalEnergyKWh
      stored += units[b].trace.storedKWh[slot]
      guard units[b].isThere(slot) else { continue }
      charge += units[b].trace.socFraction[slot] * own
      nominal += own
      withheld.charge += done[b].withheldChargeKW
      withheld.discharge += done[b].withheldDischargeKW
      hottest = max(hottest, done[b].hottestCellC)
      coldest = min(coldest, done[b].coldestCellC)
      if done[b].largestClip > limiting?.largestClip ?? 0 { limiting = done[b] }
      if done[b].largestWithheld > withholding?.largestWithheld ?? 0 { withholding = done[b] }
    }
    meter.trace.storedKWh[slot] = stored
    meter.trace.limitedBy[slot] = limiting?.limitedBy
    meter.trace.withheldBy[slot] = withholding?.withheldBy
    meter.trace.withheldChargeKW[slot] = withheld.charge
    meter.trace.withheldDischargeKW[slot] = withheld.discharge
    guard nominal > 0 else { return }
    meter.trace.socFraction[slot] = charge / nominal
    meter.trace.hottestCellC[slot] = hottest
    meter.trace.coldestCellC[slot] = coldest
  }

  /// What all batteries let out in an interval. [kW]
  func dischargedKW(slot: Int) -> Double {
    units.isEmpty
      ? max(0, meter.trace.batteryKW[slot])
      : units.reduce(0) { $0 + max(0, $1.trace.batteryKW[slot]) }
  }

  /// Stored energy of each battery now. [kWh]
  var storedKWh: [Double] { units.map { $0.twin.storedEnergyKWh } }

  /// Runs an interval by self-consumption.
  mutating func runByRule(slot: Int, waitingKW: Double) throws(ImpossibleState) {
    let net =
      context.loadKW[slot] + waitingKW + lastAuxiliaryKW - context.pvKW[slot]
    let sharing = units.map { unit in
      SharingRule.Battery(
        storedKWh: unit.twin.storedEnergyKWh, mostKWh: unit.mostKWh,
        limitsKW: 0...0)
    }
    let steps = units.map(\.powerSteps)
    try run(slot: slot, waitingKW: waitingKW) { limits, _ in
      var able = sharing
      for b in able.indices { able[b].limitsKW = limits[b] }
      let powers = SharingRule.powers(net, among: able)
      guard steps.contains(where: { !$0.isFree }) else { return FleetDecision(powersKW: powers) }
      // What an inverter with steps leaves, those without take over.
      var fixed = powers.map { _ in 0.0 }
      for b in able.indices where !steps[b].isFree {
        fixed[b] = steps[b].runnable(powers[b])
        able[b].limitsKW = 0...0
      }
      let others = SharingRule.powers(net - fixed.reduce(0, +), among: able)
      return FleetDecision(powersKW: zip(fixed, others).map { $0 + $1 })
    }
  }
}
