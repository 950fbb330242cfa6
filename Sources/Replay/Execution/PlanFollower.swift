import Planning
import Tariffs
import TimeSeries

/// A plan with what execution needs of the request it answers.
struct PlanInForce {
  var plan: Plan
  var demands: [DemandPrice]
  var envelope: PowerEnvelope
  var request: PlanRequest
}

/// Follows plans by a recourse rule and holds the peak target between them.
struct PlanFollower {
  private let replay: ReplayCase
  private var inForce: PlanInForce?
  private var peaks = PeakGuard()
  private var planSlot = 0

  init(_ replay: ReplayCase) { self.replay = replay }

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
  /// - Returns: Battery power to ask for and production that is reckoned to be thrown away. [kW]
  mutating func decide(
    slot: Int, planSlot: Int, loadKW: Double, pvKW: Double, storedKWh: Double
  ) -> (batteryKW: Double, curtailKW: Double) {
    self.planSlot = planSlot
    guard let inForce, loadKW.isFinite, pvKW.isFinite else { return (0, 0) }
    let envelope = inForce.envelope
    let exportLimitKW = replay.exportLimitKW[slot]
    let told = replay.plannable(loadKW: loadKW, pvKW: pvKW, exportLimitKW: exportLimitKW)
    let rights = replay.settings.rights
    var situation = RecourseSituation(
      loadKW: told.loadKW, pvKW: told.pvKW, storedKWh: storedKWh,
      chargeLimitKW: rights.chargeKW(envelope.chargeKW[planSlot], netKW: loadKW - pvKW),
      dischargeLimitKW: rights.dischargeKW(
        replay.dischargeKW(
          envelope.dischargeKW[planSlot], netKW: loadKW - pvKW, exportLimitKW: exportLimitKW),
        netKW: loadKW - pvKW),
      seconds: Double(replay.period.stepSeconds),
      importAllowanceKW: peaks.importAllowanceKW(
        slot: planSlot, demands: inForce.demands, meteringSeconds: meteringSeconds),
      importLimitKW: replay.importLimitKW[slot],
      exportLimitKW: replay.plannable(exportLimitKW: replay.exportLimitKW)[slot],
      wearPerKWh: inForce.request.wearPerKWh, chargeEfficiency: envelope.chargeEfficiency,
      dischargeEfficiency: envelope.dischargeEfficiency)
    situation.importLines = peaks.importLines(
      slot: planSlot, demands: inForce.demands, meteringSeconds: meteringSeconds)
    let request = replay.settings.recourse.request(
      plan: inForce.plan, slot: planSlot, situation: situation)
    return (request.batteryKW, request.curtailKW)
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
