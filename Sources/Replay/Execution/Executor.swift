import Planning
import TimeSeries
import Twin

/// Runs the battery, or each of several, through one interval at a time.
struct Executor {
  let context: MeteringContext
  let importLimitKW: PowerLimit
  let stepsPerSlot: Int
  let secondsPerStep: Double
  /// Share of the usable energy that stays in the battery at the end of each interval; empty for none.
  private let keptShares: [Double]
  /// Powers at which the inverter can run.
  private let powerSteps: PowerSteps

  /// The battery; the first of several as it was at the start.
  private(set) var twin: DigitalTwin
  /// Several batteries; empty for one.
  var units: [BatteryUnit]
  /// The loads that can wait.
  var loads: LoadBank
  /// What happened at the meter so far.
  var meter: SiteMeter
  /// Draw of the battery system in the interval before, which a controller at the meter sees. [kW]
  var lastAuxiliaryKW = 0.0

  /// Prepares a battery at the beginning of its period.
  ///
  /// - Parameters:
  ///   - replay: The case.
  ///   - context: What is metered and billed.
  ///   - holdsAhead: Whether what an expected outage needs is held from when it is known, as without a plan that fetches
  ///     it in time.
  init(_ replay: ReplayCase, context: MeteringContext, holdsAhead: Bool = false) {
    self.context = context
    importLimitKW = replay.importLimitKW
    let slot = replay.period.stepSeconds
    stepsPerSlot = (slot + replay.settings.twinStepSeconds - 1) / replay.settings.twinStepSeconds
    secondsPerStep = Double(slot) / Double(stepsPerSlot)
    keptShares = context.reserve?.keptShares(holdsAhead: holdsAhead) ?? []
    powerSteps = replay.powerSteps
    let ambientC = context.ambientC.first ?? 20
    twin = replay.startingTwin(ambientC: ambientC)
    units = replay.fleet.indices.map { BatteryUnit(replay, $0, ambientC: ambientC) }
    meter = SiteMeter(replay, context: context)
    loads = LoadBank(replay, context: context)
  }

  /// Runs the battery, or the hybrid inverter that the production works on as well.
  ///
  /// On the DC side the battery's power is what the inverter gives more or less than it would make of
  /// the production alone, so the balance at the meter reads the same for both kinds.
  private mutating func advance(
    slot: Int, requestKW: Double, curtailKW: Double
  ) throws(ImpossibleState) -> TwinStep {
    let air = context.ambientC[slot]
    let sun = context.irradianceWM2[slot]
    guard let direct = context.directPVKW else {
      return try twin.step(
        requestKW: requestKW, ambientC: air, seconds: secondsPerStep, irradianceWPerM2: sun)
    }
    let aloneKW = context.pvKW[slot].isFinite ? context.pvKW[slot] - curtailKW : 0
    let offeredKW = direct[slot].isFinite ? direct[slot] : 0
    let step = try twin.step(
      siteKW: aloneKW + requestKW,
      pvKW: curtailKW > 0 ? twin.specification.converter.dcKW(acKW: aloneKW) : offeredKW,
      ambientC: air, seconds: secondsPerStep, irradianceWPerM2: sun)
    var battery = step.site
    battery.deliveredKW -= aloneKW
    return battery
  }

  /// Most that a battery lets out in an interval; infinite where nothing is kept. [kW]
  ///
  /// The grid is there, so what is kept for an outage is not let out.
  func letOutKW(_ twin: DigitalTwin, _ place: Int, slot: Int) -> Double {
    guard !keptShares.isEmpty, keptShares[slot] > 0 else { return .infinity }
    let free = max(0, twin.storedEnergyKWh - twin.reserveKWh(fraction: keptShares[slot]))
    return free * context.dischargeEfficiencies[place] * 3600
      / (secondsPerStep * Double(stepsPerSlot))
  }

  /// What each battery can do in an interval, as its own controller tells. [kW]
  func ableKW(slot: Int) -> [AblePower] {
    guard !units.isEmpty else {
      var able = ableKW(twin, slot)
      if context.directPVKW != nil {
        // On the DC side production has the inverter first.
        let roomKW = twin.specification.converter.ratedKW - max(0, context.pvKW[slot])
        able.dischargeKW = min(able.dischargeKW, max(0, roomKW))
      }
      return [able]
    }
    return units.map { ableKW($0.twin, slot) }
  }

  private func ableKW(_ twin: DigitalTwin, _ slot: Int) -> AblePower {
    let able = twin.ablePower(
      stepSeconds: context.grid.stepSeconds, ambientC: context.ambientC[slot])
    return AblePower(chargeKW: able.chargeKW, dischargeKW: able.dischargeKW)
  }

  /// Runs one interval.
  ///
  /// - Parameters:
  ///   - slot: Position in the period.
  ///   - requestKW: Battery power the controller asks for, positive when discharging. [kW]
  ///   - waitingKW: Power of the loads that can wait. [kW]
  ///   - plannedCurtailKW: Production the controller reckons to be thrown away; what the export limit demands
  ///     beyond it counts as an intervention. [kW]
  /// - Throws: `ImpossibleState` when the battery came into a state that none can be in.
  mutating func run(
    slot: Int, requestKW: Double, waitingKW: Double = 0, plannedCurtailKW: Double = 0
  ) throws(ImpossibleState) {
    let load = context.loadKW[slot] + waitingKW
    let pv = context.pvKW[slot]
    let measured = load.isFinite && pv.isFinite
    var request = measured ? requestKW : 0
    let most = letOutKW(twin, 0, slot: slot)
    if request > most {
      meter.count(request - most, by: "reserve")
      request = most
    }
    if measured {
      // The connection is protected before the plan is followed.
      let lowest = load - pv - importLimitKW[slot]
      if request < lowest {
        meter.count(lowest - request, by: "grid_import_limit")
        request = lowest
      }
    }
    if !powerSteps.isFree, request != 0 {
      let run = powerSteps.runnable(
        request, atLeast: measured ? load - pv - importLimitKW[slot] : -.infinity,
        limitKW: twin.specification.converter.ratedKW)
      if run != request { meter.count(abs(request - run), by: "power_steps") }
      request = run
    }
    if abs(request) < ReplaySettings.smallestRequestKW { request = 0 }
    // A hybrid inverter throws away before the battery takes its share, by what the battery is asked for.
    let beforehand =
      measured && context.directPVKW != nil
      ? context.curtailment.curtailedKW(
        slot: slot, gridKW: load + lastAuxiliaryKW - request - pv, pvKW: pv) : 0
    var done = BatteryInterval()
    for _ in 0..<stepsPerSlot {
      done.add(try advance(slot: slot, requestKW: request, curtailKW: beforehand))
    }
    done.end(steps: stepsPerSlot, coldestCellC: twin.coldestCellC)
    lastAuxiliaryKW = done.auxiliaryKW
    meter.trace.enter(done, slot: slot)
    guard measured else { return }
    meter.settle(
      slot: slot, waitingKW: waitingKW, requestedKW: requestKW, deliveredKW: done.deliveredKW,
      auxiliaryKW: done.auxiliaryKW,
      curtailedKW: beforehand, plannedCurtailKW: plannedCurtailKW)
  }
}
