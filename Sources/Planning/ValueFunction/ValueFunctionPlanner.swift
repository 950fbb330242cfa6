internal import Tariffs
internal import TimeSeries

/// Plans one battery exactly, without a linear program.
///
/// Without a second state the schedule is a dynamic program over convex piecewise-linear functions: the
/// cost to go of a slot is a merge of two lists of slopes. Limits in time, both efficiencies, wear,
/// curtailment, export and import limits, self-discharge and a concave end value are exact. A demand
/// charge is found by a search over its peak, several by cutting planes over all peaks together.
///
/// Source: J. R. Cruise, L. Flatley, R. J. Gibbens, S. Zachary, "Control of energy storage with market
/// impact: Lagrangian approach and horizons", Oper. Res. 67 (2019) 1, doi:10.1287/opre.2018.1761, for the
/// structure; the recursion and the search are our own.
public struct ValueFunctionPlanner: SchedulePlanner {
  private var recursion = ValueRecursion()
  private var carried = CarriedValue()
  /// What happened so far.
  public private(set) var counts = PlanCounts()

  /// Prepares a planner without memory.
  public init() {}

  /// Returns whether the value function solves a request exactly.
  public static func isExact(for request: PlanRequest) -> Bool { obstacles(in: request).isEmpty }

  /// Returns what in a request the value function does not solve exactly.
  ///
  /// Each ties slots together by more than the stored energy, which one state cannot hold.
  public static func obstacles(in request: PlanRequest) -> [PlanObstacle] {
    var found: [PlanObstacle] = []
    let hasMeteredPeak = request.prices.demands.contains {
      $0.meteringSlots > 1 && $0.pricePerKW != 0 && $0.applies.contains(true)
    }
    if hasMeteredPeak { found.append(.meteredPeaks) }
    if request.prices.importBlocks.contains(where: { $0.surchargePerKWh != 0 }) {
      found.append(.importBlocks)
    }
    if !request.waitingLoads.isEmpty { found.append(.waitingLoads) }
    if request.heat != nil { found.append(.heat) }
    if !request.others.isEmpty { found.append(.severalBatteries) }
    if !request.powerSteps.isFree { found.append(.powerSteps) }
    if request.hasCurtailmentSteps { found.append(.curtailmentSteps) }
    return found
  }

  /// Returns the best schedule; with a peak metered over several slots, each slot is held to it.
  public mutating func plan(_ request: PlanRequest) -> Plan {
    guard let model = PlanningModel(request, carried: carried.pieces(for: request)) else {
      let plan = Plan.idle(request, status: .invalid)
      counts.enter(plan)
      return plan
    }
    let search = PeakSearch.run(model, recursion: &recursion, slots: request.shownSlots)
    counts.evaluations += search.evaluations
    var plan = model.plan(
      grid: request.grid, flows: recursion.flows, energy: recursion.energy,
      energyValue: recursion.energyValue, peakTargets: search.targetsKW, solver: "value-function",
      status: search.isExact && Self.isExact(for: request) ? .optimal : .approximate,
      repaired: search.repairedSlots, value: recursion.shownValue(),
      startTerminal: request.terminal, shown: recursion.shown)
    if plan.grid.count < model.count {
      counts.enter(plan)
      return plan
    }
    if search.isExact, Self.isExact(for: request) {
      plan.lowerBound = model.lowerBound(of: plan)
    } else if let gap = search.gap {
      plan.lowerBound = model.lowerBound(of: plan) - gap
    }
    carried.enter(plan, of: request, keepingPerKWh: model.keepingPerKWh)
    counts.enter(plan)
    return plan
  }
}

/// What a request holds that the value function does not solve exactly.
public enum PlanObstacle: String, Sendable, Hashable, CaseIterable, Codable {
  /// A demand price on the mean of several slots.
  case meteredPeaks = "metered_peaks"
  /// Energy prices that rise with the energy of a month.
  case importBlocks = "import_blocks"
  /// Loads that may be moved.
  case waitingLoads = "waiting_loads"
  /// Heat inside the plan.
  case heat
  /// Several batteries.
  case severalBatteries = "several_batteries"
  /// Powers at which the inverter cannot run.
  case powerSteps = "power_steps"
  /// Production that is thrown away by steps.
  case curtailmentSteps = "curtailment_steps"
}
