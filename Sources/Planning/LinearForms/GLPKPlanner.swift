package import LinearPrograms
internal import Tariffs
internal import TimeSeries

/// Plans with linear programs solved by GLPK, from plan to plan on one program.
///
/// The program lives on: bounds, costs and right-hand sides move, the basis is shifted by the slots that
/// have passed, and the dual simplex method repairs it. Where a solve fails, a ladder of steadier methods
/// follows, and at its end the value function; every step down is counted. It takes every row of the
/// design, and certifies the value-function planner.
public struct GLPKPlanner: SchedulePlanner {
  private var solver = LinearProgramSolver()
  private var form: GeneralForm?
  private var basis: Basis?
  private var recursion = ValueRecursion()
  private var carried = CarriedValue()
  private var othersCarried: [CarriedValue] = []
  /// What happened so far.
  public private(set) var counts = PlanCounts()
  /// Attach the cost to go to every plan, for the value step.
  public var attachesValueFunction = true
  /// A failure put into the first solve of each plan, for tests.
  package var injectedFault: InjectedFault?
  /// Failures put into every solve but the last of the ladder, for tests.
  package var faultEverywhere = false

  /// Checks each optimum in rational arithmetic as well, from its own basis.
  package var checksExactly = false
  /// Largest relative difference to the optimum in rational arithmetic.
  package private(set) var largestExactGap = 0.0
  /// Optima confirmed in rational arithmetic.
  package private(set) var exactChecks = 0
  /// How well the last optimum holds: violations of rows, of dual signs, and the gap of both costs.
  package private(set) var certificate: (primal: Double, dual: Double, gap: Double)?

  /// Prepares a planner without memory.
  public init() {}

  /// Forgets the basis, so that the next plan starts cold.
  public mutating func forget() {
    basis = nil
  }

  /// Returns the best schedule.
  public mutating func plan(_ request: PlanRequest) -> Plan { plan(request, near: nil) }

  /// Returns the best schedule, looked for from that of another solver.
  ///
  /// Where the search begins tells how long it takes, not where it ends: GLPK judges the optimum by its own
  /// prices. What earlier plans left behind is forgotten where a guess is given.
  mutating func plan(_ request: PlanRequest, near guess: Plan?) -> Plan {
    guard
      let model = PlanningModel(
        request, carried: carried.pieces(for: request),
        othersCarried: othersCarried.map { $0.pieces(for: request) })
    else {
      let plan = Plan.idle(request, status: .invalid)
      counts.enter(plan)
      return plan
    }
    var plan = solve(request, model, near: guess) ?? fallback(request, model)
    if !plan.batteries.isEmpty {
      if attachesValueFunction { attachValueFunctions(&plan, model) }
      enterOthers(plan, request, model)
    } else if attachesValueFunction, plan.valueFunction == nil {
      let executed = model.narrowed(to: plan)
      recursion.open(executed)
      recursion.run(executed, targets: plan.peakTargetKW)
      plan.valueFunction = recursion.takeValue()
    }
    carried.enter(plan, of: request, keepingPerKWh: model.keepingPerKWh)
    counts.enter(plan)
    return plan
  }

  private mutating func solve(
    _ request: PlanRequest, _ model: PlanningModel, near guess: Plan?
  ) -> Plan? {
    let shape = Self.shape(request, model)
    if guess != nil { basis = nil }
    if form?.shape != shape {
      form = GeneralForm(shape)
      // What is loaded belongs to the former program.
      solver = LinearProgramSolver()
      basis = nil
    } else if let old = basis, let form {
      basis = form.shifted(old, by: request.elapsedSlots, model)
    }
    var directions = Directions(count: model.count, others: model.others.count)
    if model.invertedSlots > 0 { directions = bestDirections(model, request) }
    var repaired = 0
    // With all directions open the program is a bound on every choice of them.
    var open: Double?
    for _ in 0..<6 {
      form?.update(
        model, bans: directions.bans, ways: directions.ways, otherBans: directions.others)
      if let guess, open == nil { basis = form?.basis(of: guess, model) }
      guard let solution = climb(model), let form else { return nil }
      basis = solution.basis
      let both = slotsWithBoth(
        solution, form.chargeFirst, form.dischargeFirst, model.count)
      let othersBoth = model.others.indices.map {
        slotsWithBoth(solution, form.others[$0].charge, form.others[$0].discharge, model.count)
      }
      if open == nil, !directions.areChosen { open = solution.objective }
      if both.isEmpty, othersBoth.allSatisfy(\.isEmpty) {
        if let open, solution.objective - open <= 1e-9 * max(1, abs(open)) {
          directions.areBest = true
        }
        if let stepped = stepped(request, model, solution, directions, repaired: repaired) {
          return stepped
        }
        return schedule(request, model, form, solution, directions, repaired: repaired)
      }
      repaired += othersBoth.reduce(both.count) { $0 + $1.count }
      if !directions.areChosen { directions = bestDirections(model, request) }
      for t in both where directions.bans[t] == .none {
        directions.bans[t] = model.ban(
          chargeKW: solution.columnValue[form.chargeFirst + t],
          dischargeKW: solution.columnValue[form.dischargeFirst + t])
        directions.areBest = false
      }
      for (b, slots) in othersBoth.enumerated() {
        for t in slots where directions.others[b][t] == .none {
          directions.others[b][t] = model.others[b].ban(
            chargeKW: solution.columnValue[form.others[b].charge + t],
            dischargeKW: solution.columnValue[form.others[b].discharge + t])
          directions.areBest = false
        }
      }
    }
    return nil
  }

  /// Slots in which a solution charges and discharges a battery at once.
  private func slotsWithBoth(
    _ solution: Solution, _ charge: Int, _ discharge: Int, _ count: Int
  ) -> [Int] {
    (0..<count).filter {
      min(solution.columnValue[charge + $0], solution.columnValue[discharge + $0]) > 1e-7
    }
  }

  /// Returns the plan that keeps to what is done in steps; nothing where nothing is, or where the search for it is given up.
  ///
  /// The chosen powers become limits of the linear program, whose shadow prices are those of the plan. What a plan at any
  /// power costs is the bound.
  private mutating func stepped(
    _ request: PlanRequest, _ model: PlanningModel, _ free: Solution, _ directions: Directions,
    repaired: Int
  ) -> Plan? {
    guard model.hasSteps, let form else { return nil }
    let search = StepForm(form, model)
    if search.isKept(by: free) {
      counts.stepped += 1
      return nil
    }
    guard let chosen = search.chosen(model) else {
      counts.unstepped += 1
      return nil
    }
    self.form?.update(
      chosen, bans: directions.bans, ways: directions.ways, otherBans: directions.others)
    let kept = basis
    basis = nil
    defer { basis = kept }
    guard let solution = climb(chosen), let narrowed = self.form else {
      counts.unstepped += 1
      return nil
    }
    var plan = schedule(request, chosen, narrowed, solution, directions, repaired: repaired)
    plan.status = .approximate
    plan.lowerBound =
      directions.areBest ? plan.objective - (solution.objective - free.objective) : nil
    counts.stepped += 1
    counts.maxSteppedGap = max(
      counts.maxSteppedGap,
      max(0, solution.objective - free.objective) / max(1, abs(plan.objective)))
    return plan
  }

  /// The directions of battery and meter that a linear program cannot choose.
  private struct Directions {
    var bans: [SlotBan]
    var ways: [MeterWay]
    /// The directions of batteries beside the first one.
    var others: [[SlotBan]]
    var areChosen = false
    /// No other directions allow a better plan.
    var areBest = true

    init(count: Int, others: Int = 0) {
      bans = [SlotBan](repeating: .none, count: count)
      self.others = [[SlotBan]](repeating: bans, count: others)
      ways = [MeterWay](repeating: .both, count: count)
    }
  }

  /// Returns the directions of the value function's plan.
  ///
  /// Where feeding in pays more than buying costs, or a price pays for losing energy, a linear program
  /// would go both ways at once.
  private mutating func bestDirections(
    _ model: PlanningModel, _ request: PlanRequest
  ) -> Directions {
    guard model.others.isEmpty else { return joinedDirections(model, request) }
    var directions = Directions(count: model.count)
    let search = PeakSearch.run(model, recursion: &recursion)
    for t in 0..<model.count {
      let flow = recursion.flows[t]
      if model.isInverted(t) { directions.ways[t] = flow.exportKW > 0 ? .exporting : .importing }
      if min(model.buy[t], model.sell[t]) < -model.batterySlot(t).simultaneousThreshold {
        directions.bans[t] = flow.dischargeKW > 0 ? .charging : .discharging
      }
    }
    directions.areChosen = true
    directions.areBest = search.isExact && ValueFunctionPlanner.isExact(for: request)
    return directions
  }

  /// Room for the pieces of an end value, so much that it seldom changes.
  private static func pieces(_ terminal: [TerminalPiece]) -> Int {
    terminal.count == 1 ? 0 : (terminal.count + 7) / 8 * 8
  }

  static func shape(_ request: PlanRequest, _ model: PlanningModel) -> GeneralShape {
    GeneralShape(
      count: model.count, metering: model.demands.map(\.meteringSlots),
      meteringPhase: model.meteringPhase, isHeld: model.demands.map { $0.held != nil },
      limitsImport: model.importLimitKW.isFinite,
      terminalPieces: pieces(model.terminal),
      blocks: model.blocks.count,
      waiting: model.waitingLoads.map { $0.optionalPerKWh > 0 },
      others: model.others.map { pieces($0.terminal) }, limitsJointPower: model.jointPower != nil,
      heat: model.heat.map {
        var coefficients = $0
        // What moves from plan to plan is not part of the shape.
        coefficients.ambientC = []
        coefficients.startC = 0
        return HeatShape(model: coefficients, stepHours: model.stepHours)
      })
  }

  /// Solves by ever steadier methods and returns the first answer that holds.
  private mutating func climb(_ model: PlanningModel) -> Solution? {
    guard let form else { return nil }
    let ladder: [(Basis?, SimplexMethod)] = [
      (basis, .dualLongStep), (form.restBasis(model), .dualHarris), (nil, .presolvedPrimal),
      (nil, .primal),
    ]
    for (step, (start, method)) in ladder.enumerated() {
      if step == 0, start == nil { continue }
      let faulty =
        injectedFault != nil && (faultEverywhere || step == 0 || basis == nil && step == 1)
      let options = SolveOptions(method: method, injectedFault: faulty ? injectedFault : nil)
      let outcome = solver.solve(form.program, from: start, options: options)
      if case .optimal(let solution) = outcome {
        counts.iterations += solution.iterations
        if checksExactly { check(solution, form.program) }
        return solution
      }
      if step == 0 { counts.coldStarts += 1 }
      counts.fallbacks += 1
    }
    return nil
  }

  private mutating func check(_ solution: Solution, _ program: LinearProgram) {
    let scale = max(1, abs(solution.objective))
    certificate = (
      solution.primalResidual, solution.dualResidual(of: program),
      abs(solution.dualObjective(of: program) - solution.objective) / scale
    )
    let outcome = solver.solve(
      program, from: solution.basis, options: SolveOptions(method: .exact))
    guard let exact = outcome.solution else { return }
    exactChecks += 1
    largestExactGap = max(largestExactGap, abs(exact.objective - solution.objective) / scale)
  }

  private func schedule(
    _ request: PlanRequest, _ model: PlanningModel, _ form: GeneralForm, _ solution: Solution,
    _ directions: Directions, repaired: Int
  ) -> Plan {
    let targets = model.demands.indices.map { solution.columnValue[form.peakFirst + $0] }
    // A peak metered over several slots holds no single slot.
    let slotTargets = model.demands.indices.map {
      model.demands[$0].meteringSlots == 1 && model.demands[$0].pricePerKW > 0
        ? targets[$0] : .infinity
    }
    var flows: [SlotFlows] = []
    flows.reserveCapacity(model.count)
    var energy: [Double] = []
    var worth: [Double] = []
    var stored = model.start
    var repairs = repaired
    var model = model
    let waiting = model.takeWaitingLoads(form, solution)
    let others = model.takeBatteries(form, solution)
    let extra = model.optionalSlack(form, solution)
    for t in 0..<model.count {
      let end = min(
        max(solution.columnValue[form.energyFirst + t], model.energyMin[t]), model.energyMax[t])
      flows.append(
        model.flows(t, change: end - stored * model.retention, targets: slotTargets))
      if min(
        solution.columnValue[form.importFirst + t], solution.columnValue[form.exportFirst + t])
        > 1e-7
      {
        repairs += 1
      }
      stored = end
      energy.append(end)
      worth.append(-solution.rowDual[form.storeFirst + t])
    }
    var plan = model.plan(
      grid: request.grid, flows: flows, energy: energy, energyValue: worth, peakTargets: targets,
      solver: "glpk", status: .optimal, repaired: repairs, value: nil,
      startTerminal: request.terminal)
    plan.enter(waiting, of: model)
    plan.enter(others, of: model, request)
    plan.meterWorthPerKWh = (0..<model.count).map {
      solution.rowDual[form.balanceFirst + $0] / model.stepHours
    }
    plan.allowedKW = model.allowedKW(form, solution)
    for slack in extra { plan.objective += slack.cost }
    plan.slack += extra
    if directions.areBest {
      plan.lowerBound = model.others.reduce(model.lowerBound(of: plan)) {
        $0 + $1.keepingValue(of: $1.energyMin)
      }
    } else {
      plan.status = .approximate
    }
    return plan
  }

  /// The value function where GLPK gave no answer.
  private mutating func fallback(_ request: PlanRequest, _ model: PlanningModel) -> Plan {
    counts.fallbacks += 1
    let search = PeakSearch.run(model, recursion: &recursion)
    var plan = model.plan(
      grid: request.grid, flows: recursion.flows, energy: recursion.energy,
      energyValue: recursion.energyValue, peakTargets: search.targetsKW, solver: "value-function",
      status: search.isExact && ValueFunctionPlanner.isExact(for: request)
        ? .optimal : .approximate,
      repaired: search.repairedSlots, value: recursion.takeValue(),
      startTerminal: request.terminal)
    plan.enter(model.others.map { $0.resting() }, of: model, request)
    return plan
  }
}

// MARK: - Several batteries

extension GLPKPlanner {
  /// Attaches to each battery of a plan the cost to go while the others follow it.
  private mutating func attachValueFunctions(_ plan: inout Plan, _ model: PlanningModel) {
    for b in plan.batteries.indices {
      let alone = model.around(plan, without: b)
      recursion.open(alone)
      recursion.run(alone, targets: plan.peakTargetKW)
      plan.batteries[b].valueFunction = recursion.takeValue()
    }
    plan.valueFunction = nil
  }

  private mutating func enterOthers(
    _ plan: Plan, _ request: PlanRequest, _ model: PlanningModel
  ) {
    othersCarried = model.others.indices.map { b in
      var carried = b < othersCarried.count ? othersCarried[b] : CarriedValue()
      carried.enter(plan.alone(b + 1), of: request, keepingPerKWh: model.others[b].keepingPerKWh)
      return carried
    }
  }

  /// Returns the directions of the plan of one battery that stands for all.
  private mutating func joinedDirections(
    _ model: PlanningModel, _ request: PlanRequest
  ) -> Directions {
    var directions = Directions(count: model.count, others: model.others.count)
    directions.areChosen = true
    directions.areBest = false
    var joined = request.joined()
    joined.waitingLoads = []
    guard let one = PlanningModel(joined) else { return directions }
    _ = PeakSearch.run(one, recursion: &recursion)
    for t in 0..<model.count {
      let flow = recursion.flows[t]
      if model.isInverted(t) { directions.ways[t] = flow.exportKW > 0 ? .exporting : .importing }
      let ban: SlotBan = flow.dischargeKW > 0 ? .charging : .discharging
      for (b, own) in ([model] + model.others).enumerated()
      where min(model.buy[t], model.sell[t]) < -own.batterySlot(t).simultaneousThreshold {
        if b == 0 { directions.bans[t] = ban } else { directions.others[b - 1][t] = ban }
      }
    }
    return directions
  }
}

extension PlanningModel {
  /// The direction that stays closed where a program charges and discharges at once.
  fileprivate func ban(chargeKW: Double, dischargeKW: Double) -> SlotBan {
    chargeEfficiency * chargeKW - dischargeKW / dischargeEfficiency >= -1e-7
      ? .discharging : .charging
  }

  /// Returns the model of one battery of a plan with all the others in place, and the loads that can wait.
  func around(_ plan: Plan, without battery: Int) -> PlanningModel {
    var alone = battery == 0 ? self : others[battery - 1]
    for load in plan.waitingKW { alone.add(load) }
    for (b, schedule) in plan.batteries.enumerated() where b != battery { alone.place(schedule) }
    return alone
  }

  /// Adds the loads that can wait to the net power and returns them, one array per load. [kW]
  mutating func takeWaitingLoads(_ form: GeneralForm, _ solution: Solution) -> [[Double]] {
    var powers: [[Double]] = []
    for (load, places) in zip(waitingLoads, form.waiting) {
      let power = (0..<count).map {
        min(load.powerKW[$0], max(0, solution.columnValue[places.power + $0]))
      }
      add(power)
      powers.append(power)
    }
    return powers
  }

  mutating func add(_ powerKW: [Double]) {
    for t in 0..<count {
      netKW[t] += powerKW[t]
      loadKW[t] += powerKW[t]
      dischargeKW[t] = max(0, min(mostDischargeKW[t], loadKW[t] + exportLimitKW[t]))
    }
  }

  /// Returns the power the heat rows leave at the plan's temperatures, one per slot. [kW]
  func allowedKW(_ form: GeneralForm, _ solution: Solution) -> [Double]? {
    guard let heat else { return nil }
    let perKelvin = heat.fullPowerKW / (heat.stopsAtC - heat.deratesAboveC)
    return (0..<count).map {
      let room = heat.stopsAtC - solution.columnValue[form.temperatureFirst + $0]
      return max(0, min(heat.fullPowerKW, perKelvin * room))
    }
  }

  /// Returns this model with the loads that can wait in place and the power the plan's heat leaves.
  func narrowed(to plan: Plan) -> PlanningModel {
    guard !plan.waitingKW.isEmpty || plan.allowedKW != nil else { return self }
    var model = self
    for load in plan.waitingKW { model.add(load) }
    for t in 0..<count {
      if let allowed = plan.allowedKW {
        model.chargeKW[t] = min(chargeKW[t], allowed[t])
        model.dischargeKW[t] = min(dischargeKW[t], allowed[t])
      }
    }
    return model
  }

  /// Returns what the optional soft rows had to give way.
  func optionalSlack(_ form: GeneralForm, _ solution: Solution) -> [PlanSlack] {
    var found: [PlanSlack] = []
    func add(_ rule: String, _ amount: Double) {
      guard amount > 1e-7 else { return }
      found.append(PlanSlack(rule: rule, amount: amount, cost: amount * limitPenalty))
    }
    if heat != nil {
      var hot = 0.0
      for t in 0..<count { hot += solution.columnValue[form.hotFirst + t] * stepHours }
      add("heat", hot)
    }
    return found
  }

  /// Returns the flows that realise a change of the stored energy in a slot.
  func flows(_ t: Int, change: Double, targets: [Double]) -> SlotFlows {
    var result = SlotFlows()
    (result.chargeKW, result.dischargeKW) = battery(t, change: change)
    let net = netKW[t] + result.chargeKW - result.dischargeKW
    let amounts = curtailmentKW(at: t)
    if !chosenCurtailmentKW.isEmpty, chosenCurtailmentKW[t] > 0 {
      // The net power is that with it thrown away.
      result.settle(netKW: net, pvKW: 0, curtailBelowKW: -.infinity)
      result.curtailKW = chosenCurtailmentKW[t]
    } else if invertedSlots > 0 || !amounts.isEmpty {
      result.settle(netKW: net, price: meterPrice(t, targets: targets), amountsKW: amounts)
    } else {
      result.settle(
        netKW: net, pvKW: pvKW[t], curtailBelowKW: gridPrice(t, targets: targets).curtailBelowKW)
    }
    return result
  }
}
