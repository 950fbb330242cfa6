import Forecasting
import Planning
import Tariffs
import TimeSeries
import Twin

/// One plan over the whole period on the truth, in the planner's own model.
///
/// The plan knows every load, production and price and has a battery that never derates, always works at its
/// best efficiency and draws no more for itself than it must, so no controller can do better in that model. At
/// prices below zero, where it pays to lose energy, it may lose what the battery can lose at its worst point and
/// draw what it can draw. Caps of demand charges and monthly minimums are bounded month by month, see
/// ``MonthBound``. The same plan run in the twin tells how far the model is from the twin.
///
/// Tariffs that no convex price stands for are bounded by floors, convex prices at which no series costs more
/// than its bill (`BillFloor`); what the floor is below the exact bill of the cheapest plan is the open gap.
package struct ForesightBound: Sendable {
  /// Exact bill of the planned import and export. [currency]
  package let billTotal: Double
  /// Wear of the planned discharge. [currency]
  package let wearCost: Double
  /// Value of the energy that the plan leaves. [currency]
  package let endEnergyValue: Double
  /// What loads that can wait are left short of, less the worth of what their stores gain. [currency]
  package let waitingCost: Double
  /// The plan executed in the twin.
  package let executed: ReplayOutcome
  /// Cost of the plan executed in the twin less its cost in the planner's model. [currency]
  package let modelGap: Double

  /// What a better plan might still save, where the search for one ended before proving the best or a month
  /// may end in several ways; it is taken off the cost. [currency]
  package let openGap: Double

  /// What the period would cost at least. [currency]
  package var cost: Double { billTotal + wearCost - endEnergyValue + waitingCost - openGap }

  /// Plans the whole period and executes the plan in the twin.
  ///
  /// - Parameters:
  ///   - replay: The case.
  ///   - monitor: Told about intervals done and asked whether to stop.
  /// - Throws: `InputError` when prices are missing, `CancellationError` when asked to stop.
  package init(_ replay: ReplayCase, monitor: ReplayMonitor = ReplayMonitor()) throws {
    let context = try MeteringContext(replay)
    var executor = Executor(replay, context: context)
    let start =
      executor.units.isEmpty
      ? [executor.twin.storedEnergyKWh] : executor.units.map(\.startStoredKWh)
    let grid = replay.period
    let request = try ForesightRequest(replay, context, startKWh: start)
    let cheapest = try CheapestPlan(replay, context, request)
    let plan = cheapest.plan
    if monitor.isCancelled() { throw CancellationError() }
    for i in grid.indices {
      let waiting = executor.loads.run(i, powersKW: plan.waitingKW.map { $0[i] })
      if executor.units.isEmpty {
        try executor.run(
          slot: i, requestKW: plan.batteryKW(i), waitingKW: waiting,
          plannedCurtailKW: plan.curtailKW[i])
      } else {
        try executor.run(slot: i, waitingKW: waiting) { limits, _ in
          let powers = limits.indices.map { b in
            min(max(plan.batteryKW(i, of: b), limits[b].lowerBound), limits[b].upperBound)
          }
          return FleetDecision(powersKW: powers, curtailKW: plan.curtailKW[i])
        }
      }
    }
    monitor.advanced(grid.count)
    billTotal = cheapest.bill.total
    wearCost = cheapest.wearCost
    endEnergyValue = cheapest.endEnergyValue
    waitingCost = cheapest.waitingCost
    executed = Replayer(replay).outcome(
      context, name: "foresight plan", trace: executor.meter.trace, startStoredKWh: start[0],
      interventions: executor.meter.interventionsKWh, loads: executor.loads,
      twin: executor.twin, units: executor.units)
    openGap = cheapest.openGap
    modelGap = executed.cost - cheapest.cost
  }
}
