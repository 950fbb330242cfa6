import Forecasting
import Planning
import Tariffs
import TimeSeries
import Twin

/// The receding horizon in motion: forecasts, plans, execution and meter, one plan after the other.
struct RollingReplay {
  private let context: MeteringContext
  private let slotsPerPlan: Int
  private let slotsPerPlanningSlot: Int
  private let hasSun: Bool
  private var meter: BillingMeter
  private var follower: PlanFollower

  /// The plans made so far.
  private(set) var planning: RollingPlanner
  /// The forecasts of the newest plan.
  private(set) var outlook: HorizonForecast?
  /// The battery and what happened so far.
  private(set) var executor: Executor

  init(_ replay: ReplayCase, context: MeteringContext) throws {
    self.context = context
    hasSun = replay.sun != nil
    slotsPerPlan = replay.settings.replanSeconds / replay.period.stepSeconds
    slotsPerPlanningSlot = replay.settings.planningStepSeconds / replay.period.stepSeconds
    planning = try RollingPlanner(replay, context: context)
    executor = Executor(replay, context: context)
    meter = BillingMeter(context.schedule)
    follower = PlanFollower(replay)
  }

  /// Makes the plan that is due, from the forecasts over its horizon.
  mutating func makePlan(_ outlook: HorizonForecast) throws -> PlanInForce {
    var outlook = outlook
    // Forecasts may be shared with batteries whose enclosure the sun warms.
    if !hasSun {
      outlook.surroundings.irradianceWM2 = [Double](repeating: 0, count: outlook.grid.count)
    }
    self.outlook = outlook
    return try planning.plan(
      outlook, twin: executor.twin, meter: meter, trace: executor.meter.trace,
      loads: executor.loads, units: executor.units)
  }

  /// Returns the intervals that a plan made at an interval is in force for.
  func slots(from first: Int) -> Range<Int> {
    first..<min(context.grid.count, first + slotsPerPlan)
  }

  /// Follows a plan through the intervals it is in force for.
  ///
  /// - Throws: `ImpossibleState` when the battery came into a state that none can be in.
  mutating func follow(
    _ plan: PlanInForce, through slots: Range<Int>
  ) throws(ImpossibleState) {
    follower.adopt(plan)
    for i in slots {
      let planSlot = (i - slots.lowerBound) / slotsPerPlanningSlot
      let waiting = executor.loads.run(
        i, by: plan.plan, told: plan.request.waitingLoads, planSlot: planSlot)
      let loadKW = context.loadKW[i] + waiting + executor.lastAuxiliaryKW
      if executor.units.isEmpty {
        let storedKWh = executor.twin.storedEnergyKWh
        var decision = follower.decide(
          slot: i, planSlot: planSlot, loadKW: loadKW, pvKW: context.pvKW[i], storedKWh: storedKWh)
        if decision.isHeld {
          decision = follower.decide(
            slot: i, planSlot: planSlot, loadKW: loadKW, pvKW: context.pvKW[i],
            storedKWh: storedKWh, able: executor.ableKW(slot: i)[0])
        }
        try executor.run(
          slot: i, requestKW: decision.batteryKW, waitingKW: waiting,
          plannedCurtailKW: decision.curtailKW)
      } else {
        follower.enter(planSlot: planSlot)
        let (rule, storedKWh, pvKW) = (follower, executor.storedKWh, context.pvKW[i])
        try executor.run(slot: i, waitingKW: waiting) { limits, able in
          rule.decide(
            slot: i, loadKW: loadKW, pvKW: pvKW, storedKWh: storedKWh, within: limits, able: able)
        }
      }
      let grid = executor.meter.trace.gridKW[i]
      planning.book(dischargedKWh: executor.dischargedKW(slot: i) * context.grid.stepHours)
      meter.record(slot: i, importKW: grid > 0 ? grid : 0, exportKW: grid < 0 ? -grid : 0)
      follower.metered(importKW: grid > 0 ? grid : 0)
    }
  }
}
