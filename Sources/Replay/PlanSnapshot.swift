import Forecasting
public import Planning
import Tariffs
import TimeSeries
import Twin

/// One plan of a replay, with all that it was made from.
public struct PlanSnapshot: Sendable {
  /// The plan.
  public let plan: Plan
  /// What the planner was told.
  public let request: PlanRequest
  /// Name of the forecast version.
  public let version: String
}

extension Replayer {
  /// Replays a case up to the last plan that is made at or before an instant, and returns that plan.
  ///
  /// - Parameters:
  ///   - version: The forecasts.
  ///   - instant: An instant of the period. [UTC epoch s]
  ///   - monitor: Told about intervals done and asked whether to stop.
  /// - Returns: The plan in force at the instant; nothing outside the period.
  /// - Throws: What `run` throws.
  public func plan(
    _ version: ForecastVersion, at instant: Int, monitor: ReplayMonitor = ReplayMonitor()
  ) throws -> PlanSnapshot? {
    guard let slot = replay.period.index(containing: instant) else { return nil }
    let context = try MeteringContext(replay)
    let settings = replay.settings
    let slotsPerPlan = settings.replanSeconds / replay.period.stepSeconds
    let slotsPerPlanningSlot = settings.planningStepSeconds / replay.period.stepSeconds
    var desk = try ForecastDesk(
      replay, planningHistory: replay.planningHistory, version: version)
    var planning = PlanningDesk(replay, endValuePerKWh: context.endValuePerKWh)
    var executor = Executor(replay, context: context)
    var meter = BillingMeter(context.schedule)
    var follower = PlanFollower(replay)
    var first = 0
    while true {
      let now = context.grid.instant(first)
      let outlook = try desk.issue(horizon: planning.horizon(from: now))
      let made = planning.plan(outlook, twin: executor.twin, meter: meter)
      if first + slotsPerPlan > slot {
        return PlanSnapshot(plan: made.plan, request: made.request, version: version.name)
      }
      follower.adopt(made)
      for i in first..<first + slotsPerPlan {
        let decision = follower.decide(
          planSlot: (i - first) / slotsPerPlanningSlot,
          loadKW: context.loadKW[i] + executor.lastAuxiliaryKW, pvKW: context.pvKW[i],
          storedKWh: executor.twin.storedEnergyKWh)
        executor.run(slot: i, requestKW: decision.batteryKW, curtailKW: decision.curtailKW)
        let grid = executor.trace.gridKW[i]
        meter.record(slot: i, importKW: max(0, grid), exportKW: max(0, -grid))
        follower.metered(importKW: max(0, grid))
      }
      monitor.advanced(slotsPerPlan)
      if monitor.isCancelled() { throw CancellationError() }
      first += slotsPerPlan
    }
  }
}
