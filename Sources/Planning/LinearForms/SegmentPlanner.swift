internal import LinearPrograms
internal import Tariffs

/// Plans with GLPK on cost segments, one row per slot: several times faster than the general form.
///
/// Takes what the value function takes, without demand charges; other requests go to the general form.
/// It shares the slot costs with the value function, so it checks the recursion, not the costs.
public struct SegmentPlanner: SchedulePlanner {
  private let solver = LinearProgramSolver()
  private var form: SegmentForm?
  private var basis: Basis?
  private var general = GLPKPlanner()
  private var own = PlanCounts()

  /// Prepares a planner without memory.
  public init() {
    general.attachesValueFunction = false
  }

  /// What happened so far.
  public var counts: PlanCounts {
    var sum = own
    sum.add(general.counts)
    return sum
  }

  /// Forgets the basis, so that the next plan starts cold.
  public mutating func forget() {
    basis = nil
    general.forget()
  }

  /// Returns the best schedule.
  public mutating func plan(_ request: PlanRequest) -> Plan {
    let hasPeak = request.prices.demands.contains { $0.pricePerKW > 0 && $0.applies.contains(true) }
    guard !hasPeak, ValueFunctionPlanner.isExact(for: request), let model = PlanningModel(request),
      // Where feeding in pays more than buying costs, no rising slopes hold the price.
      model.invertedSlots == 0, let plan = solve(request, model)
    else { return general.plan(request) }
    own.enter(plan)
    return plan
  }

  private mutating func solve(_ request: PlanRequest, _ model: PlanningModel) -> Plan? {
    let pieces = model.terminal.count == 1 ? 0 : (model.terminal.count + 7) / 8 * 8
    var costs: [SlotCost] = []
    costs.reserveCapacity(model.count)
    for t in 0..<model.count {
      let cost = SlotCost(model.batterySlot(t), price: model.gridPrice(t, targets: []))
      if cost.isSimultaneous { return nil }
      costs.append(cost)
    }
    if form?.count != model.count || form?.terminalPieces != pieces {
      form = SegmentForm(count: model.count, terminalPieces: pieces)
      basis = nil
    } else if let old = basis {
      basis = form?.shifted(old, by: request.elapsedSlots, costs: costs)
    }
    guard form?.update(model, costs: costs) == true, let form else { return nil }
    var solution: Solution?
    let ladder: [(Basis?, SimplexMethod)] = [
      (basis, .dualLongStep), (form.restBasis(costs: costs), .dualHarris), (nil, .presolvedPrimal),
    ]
    for (step, (start, method)) in ladder.enumerated() where step > 0 || start != nil {
      let outcome = solver.solve(
        form.program, from: start, options: SolveOptions(method: method))
      solution = outcome.solution
      if solution != nil { break }
      if step == 0 { own.coldStarts += 1 }
      own.fallbacks += 1
    }
    guard let solution else { return nil }
    basis = solution.basis
    own.iterations += solution.iterations
    var flows: [SlotFlows] = []
    var energy: [Double] = []
    var stored = model.start
    for t in 0..<model.count {
      let end = min(
        max(solution.columnValue[form.energyFirst + t], model.energyMin[t]), model.energyMax[t])
      flows.append(model.flows(t, change: end - stored * model.retention, targets: []))
      energy.append(end)
      stored = end
    }
    return model.plan(
      grid: request.grid, flows: flows, energy: energy,
      energyValue: (0..<model.count).map { -solution.rowDual[$0] },
      peakTargets: model.demands.map { max(0, $0.incurredKW) }, solver: "glpk", status: .optimal,
      repaired: 0, value: nil, startTerminal: request.terminal)
  }
}
