import Planning
import Tariffs
import TimeSeries

/// A plan with what execution needs of the request it answers.
struct PlanInForce {
  var plan: Plan
  var demands: [DemandPrice]
  var envelope: PowerEnvelope
  var request: PlanRequest
  /// The limits are what the battery was foreseen to be able to, and nothing else keeps it below them.
  var limitsAreForeseen = false
}

/// What a battery can do, as its own controller tells. [kW]
struct AblePower {
  var chargeKW: Double
  var dischargeKW: Double
}

/// What is asked of several batteries in an interval.
struct FleetDecision {
  /// Power of each, positive when discharging. [kW]
  var powersKW: [Double]
  /// Production that is reckoned to be thrown away. [kW]
  var curtailKW = 0.0
  /// Limits that were foreseen are in the way of more than that of any.
  var isHeld = false
}

/// Follows plans by a recourse rule and holds the peak target between them.
struct PlanFollower {
  private let replay: ReplayCase
  private let powerSteps: PowerSteps
  private var inForce: PlanInForce?
  private var peaks = PeakGuard()
  private var planSlot = 0

  init(_ replay: ReplayCase) {
    self.replay = replay
    powerSteps = replay.powerSteps
  }

  /// Takes over a new plan.
  mutating func adopt(_ plan: PlanInForce) {
    let day = replay.history.zone.civil(at: plan.plan.grid.start).dayNumber
    peaks.adopt(plan.plan, demands: plan.demands, day: day)
    inForce = plan
  }

  /// Decides an interval from what is measured in it.
  ///
  /// - Parameters:
  ///   - slot: The interval, its position in the period.
  ///   - planSlot: The plan's slot that it lies in.
  ///   - loadKW: Load, which may be missing. [kW]
  ///   - pvKW: Production, which may be missing. [kW]
  ///   - storedKWh: Stored energy now. [kWh]
  ///   - able: What the battery can do now, as it tells its controller, where that is known. [kW]
  /// - Returns: Battery power to ask for, production that is reckoned to be thrown away, and whether limits that were
  ///   foreseen for the slot are in the way of more than that. [kW]
  mutating func decide(
    slot: Int, planSlot: Int, loadKW: Double, pvKW: Double, storedKWh: Double,
    able: AblePower? = nil
  ) -> (batteryKW: Double, curtailKW: Double, isHeld: Bool) {
    self.planSlot = planSlot
    guard let inForce, loadKW.isFinite, pvKW.isFinite else { return (0, 0, false) }
    // A battery that warms as it works can do more than was foreseen.
    let chargeKW = max(inForce.envelope.chargeKW[planSlot], able?.chargeKW ?? 0)
    let dischargeKW = max(inForce.envelope.dischargeKW[planSlot], able?.dischargeKW ?? 0)
    let situation = situation(
      inForce, slot: slot, loadKW: loadKW, pvKW: pvKW, storedKWh: storedKWh,
      chargeKW: chargeKW, dischargeKW: dischargeKW)
    let request = replay.settings.recourse.request(
      plan: inForce.plan, slot: planSlot, situation: situation)
    let room = ReplaySettings.smallestRequestKW
    let isHeld = -request.batteryKW > chargeKW - room || request.batteryKW > dischargeKW - room
    return (request.batteryKW, request.curtailKW, isHeld && inForce.limitsAreForeseen)
  }

  /// Begins an interval in a slot of the plan.
  mutating func enter(planSlot: Int) { self.planSlot = planSlot }

  /// Decides an interval of several batteries from what is measured in it.
  ///
  /// - Parameters:
  ///   - slot: The interval, its position in the period.
  ///   - loadKW: Load, which may be missing. [kW]
  ///   - pvKW: Production, which may be missing. [kW]
  ///   - storedKWh: Stored energy of each battery now. [kWh]
  ///   - limitsKW: What each may be asked for. [kW]
  ///   - able: What each can do now, as it tells its controller, where that is known.
  /// - Returns: What to ask for.
  func decide(
    slot: Int, loadKW: Double, pvKW: Double, storedKWh: [Double],
    within limitsKW: [ClosedRange<Double>], able: [AblePower]? = nil
  ) -> FleetDecision {
    guard let inForce, loadKW.isFinite, pvKW.isFinite else {
      return FleetDecision(powersKW: storedKWh.map { _ in 0 })
    }
    let batteries = storedKWh.indices.map { b in
      let envelope = inForce.request.envelope(of: b)
      let other = b == 0 ? nil : inForce.request.others[b - 1]
      let chargeKW = max(envelope.chargeKW[planSlot], able?[b].chargeKW ?? 0)
      let dischargeKW = max(envelope.dischargeKW[planSlot], able?[b].dischargeKW ?? 0)
      var battery = BatterySituation(
        storedKWh: storedKWh[b],
        chargeLimitKW: max(0, min(chargeKW, -limitsKW[b].lowerBound)),
        dischargeLimitKW: max(0, min(dischargeKW, limitsKW[b].upperBound)),
        chargeEfficiency: envelope.chargeEfficiency,
        dischargeEfficiency: envelope.dischargeEfficiency,
        wearPerKWh: other?.wearPerKWh ?? inForce.request.wearPerKWh)
      battery.powerSteps = other?.powerSteps ?? inForce.request.powerSteps
      return battery
    }
    let situation = situation(
      inForce, slot: slot, loadKW: loadKW, pvKW: pvKW, storedKWh: storedKWh.reduce(0, +),
      chargeKW: batteries.reduce(0) { $0 + $1.chargeLimitKW },
      dischargeKW: batteries.reduce(0) { $0 + $1.dischargeLimitKW })
    let requests = replay.settings.recourse.requests(
      plan: inForce.plan, slot: planSlot, situation: situation, batteries: batteries)
    let room = ReplaySettings.smallestRequestKW
    let isHeld = zip(requests.batteryKW, batteries).enumerated().contains { b, asked in
      let (power, battery) = asked
      return -power > battery.chargeLimitKW - room
        && battery.chargeLimitKW < -limitsKW[b].lowerBound
        || power > battery.dischargeLimitKW - room
          && battery.dischargeLimitKW < limitsKW[b].upperBound
    }
    return FleetDecision(
      powersKW: requests.batteryKW, curtailKW: requests.curtailKW,
      isHeld: isHeld && inForce.limitsAreForeseen)
  }

  /// What is measured at the site, with limits as rights and the connection leave them.
  private func situation(
    _ inForce: PlanInForce, slot: Int, loadKW: Double, pvKW: Double, storedKWh: Double,
    chargeKW: Double, dischargeKW: Double
  ) -> RecourseSituation {
    let envelope = inForce.envelope
    let exportLimitKW = replay.exportLimitKW[slot]
    let told = replay.plannable(loadKW: loadKW, pvKW: pvKW, exportLimitKW: exportLimitKW)
    let rights = replay.settings.rights
    var situation = RecourseSituation(
      loadKW: told.loadKW, pvKW: told.pvKW, storedKWh: storedKWh,
      chargeLimitKW: rights.chargeKW(chargeKW, netKW: loadKW - pvKW),
      dischargeLimitKW: rights.dischargeKW(
        replay.dischargeKW(dischargeKW, netKW: loadKW - pvKW, exportLimitKW: exportLimitKW),
        netKW: loadKW - pvKW),
      seconds: Double(replay.period.stepSeconds),
      importAllowanceKW: peaks.importAllowanceKW(
        slot: planSlot, demands: inForce.demands, meteringSeconds: meteringSeconds),
      importLimitKW: replay.importLimitKW[slot],
      exportLimitKW: replay.plannable(exportLimitKW: replay.exportLimitKW)[slot],
      wearPerKWh: inForce.request.wearPerKWh, chargeEfficiency: envelope.chargeEfficiency,
      dischargeEfficiency: envelope.dischargeEfficiency)
    if !replay.hasSeveralBatteries { situation.powerSteps = powerSteps }
    situation.curtailmentKW = replay.curtailmentKW(
      loadKW: loadKW, pvKW: pvKW, plannablePVKW: told.pvKW,
      exportLimitKW: situation.exportLimitKW,
      lowestPrice: min(inForce.plan.buyPerKWh[planSlot], inForce.plan.sellPerKWh[planSlot]))
    situation.importLines = peaks.importLines(
      slot: planSlot, demands: inForce.demands, meteringSeconds: meteringSeconds)
    return situation
  }

  /// Enters what was imported in the interval just decided.
  mutating func metered(importKW: Double) {
    guard let inForce else { return }
    peaks.record(
      importKW: importKW, seconds: Double(replay.period.stepSeconds), slot: planSlot,
      demands: inForce.demands, meteringSeconds: meteringSeconds)
  }

  private var meteringSeconds: Double {
    Double((inForce?.demands.first?.meteringSlots ?? 1) * replay.settings.planningStepSeconds)
  }
}
