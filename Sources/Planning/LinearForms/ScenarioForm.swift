internal import LinearPrograms
internal import Tariffs
internal import TimeSeries

/// Two stages in one linear program: all paths share the first slots, each then goes its own way.
///
/// The objective is the mean cost, mixed with the mean of the worst paths where that is asked for
/// (R. T. Rockafellar, S. Uryasev, "Optimization of conditional value-at-risk", J. Risk 2 (2000) 3,
/// doi:10.21314/JOR.2000.038).
struct ScenarioForm {
  private var program = LinearProgram(name: "paths")
  private let models: [PlanningModel]
  private let weights: [Double]
  private let risk: Double
  private var tailRows: [LinearProgram.Row] = []
  private let shared: Int
  private var charge: [[LinearProgram.Column]] = []
  private var discharge: [[LinearProgram.Column]] = []

  init?(
    _ request: PlanRequest, _ paths: [ForecastPath], sharedSlots: Int, tailWeight: Double,
    tailShare: Double
  ) {
    var models: [PlanningModel] = []
    var total = 0.0
    for path in paths { total += path.weight }
    for path in paths {
      var one = request
      one.loadKW = path.loadKW
      one.pvKW = path.pvKW
      guard let model = PlanningModel(one) else { return nil }
      // One program over all paths chooses no directions: inverted prices count by their chord.
      models.append(model.relaxed().model)
    }
    self.models = models
    weights = paths.map { $0.weight / total }
    shared = max(1, min(sharedSlots, request.grid.count))
    risk = min(1, max(0, tailWeight))
    var costRows: [[(column: LinearProgram.Column, coefficient: Double)]] = []
    for (s, model) in models.enumerated() { costRows.append(addPath(s, model)) }
    // The mean cost, and the mean of the tail above a threshold.
    for (s, terms) in costRows.enumerated() {
      for term in terms {
        program.setCost(
          term.column,
          program.cost[term.column.index] + (1 - risk) * weights[s] * term.coefficient)
      }
    }
    guard risk > 0 else { return }
    let share = min(1, max(1e-3, tailShare))
    let threshold = program.addColumn("threshold", lower: -1e9, upper: 1e9, cost: risk)
    for (s, terms) in costRows.enumerated() {
      let above = program.addColumn("above_\(s)", cost: risk * weights[s] / share)
      tailRows.append(
        program.addRow(
          "tail_\(s)", lower: 0,
          terms: [(above, 1), (threshold, 1)]
            + terms.map { (column: $0.column, coefficient: -$0.coefficient) }))
    }
  }

  /// Adds a path and returns its cost as terms.
  private mutating func addPath(
    _ s: Int, _ model: PlanningModel
  ) -> [(column: LinearProgram.Column, coefficient: Double)] {
    let h = model.stepHours
    var cost: [(column: LinearProgram.Column, coefficient: Double)] = []
    var c: [LinearProgram.Column] = []
    var d: [LinearProgram.Column] = []
    var before: LinearProgram.Column?
    var peaks: [LinearProgram.Column] = []
    for (k, demand) in model.demands.enumerated() {
      let peak = program.addColumn("peak_\(s)_\(k)", lower: max(0, demand.incurredKW))
      if demand.pricePerKW > 0 { cost.append((peak, demand.pricePerKW)) }
      peaks.append(peak)
    }
    for t in 0..<model.count {
      let isShared = t < shared && s > 0
      let charging =
        isShared ? charge[0][t] : program.addColumn("charge_\(s)_\(t)", upper: model.chargeKW[t])
      let discharging =
        isShared
        ? discharge[0][t]
        : program.addColumn("discharge_\(s)_\(t)", upper: sharedDischargeKW(t, model))
      c.append(charging)
      d.append(discharging)
      cost.append((discharging, h * model.wear))
      let bought = program.addColumn("import_\(s)_\(t)")
      let sold = program.addColumn("export_\(s)_\(t)", upper: model.exportLimitKW)
      cost.append((bought, h * model.buy[t]))
      cost.append((sold, -h * model.sell[t]))
      var balance: [(column: LinearProgram.Column, coefficient: Double)] = [
        (bought, 1), (sold, -1), (discharging, 1), (charging, -1),
      ]
      // What the shared battery power cannot place, and what exceeds the import limit, is priced.
      let excess = program.addColumn("excess_\(s)_\(t)")
      cost.append((excess, h * model.limitPenalty))
      balance.append((excess, -1))
      program.addRow(
        "balance_\(s)_\(t)", lower: model.netKW[t], upper: model.netKW[t] + model.pvKW[t],
        terms: balance)
      if model.importLimitKW < .infinity {
        let over = program.addColumn("over_\(s)_\(t)")
        cost.append((over, h * model.limitPenalty))
        program.addRow(
          "limit_\(s)_\(t)", upper: model.importLimitKW, terms: [(bought, 1), (over, -1)])
      }
      let energy = program.addColumn(
        "energy_\(s)_\(t)", lower: model.energyMin[t], upper: model.energyMax[t])
      cost.append((energy, -model.keepingPerKWh))
      var store: [(column: LinearProgram.Column, coefficient: Double)] = [
        (energy, 1), (charging, -h * model.chargeEfficiency),
        (discharging, h / model.dischargeEfficiency),
      ]
      if let before { store.append((before, -model.retention)) }
      let start = t == 0 ? model.retention * model.start : 0
      program.addRow("store_\(s)_\(t)", lower: start, upper: start, terms: store)
      for (k, demand) in model.demands.enumerated() where demand.applies[t] {
        program.addRow("peak_\(s)_\(k)_\(t)", lower: 0, terms: [(peaks[k], 1), (bought, -1)])
      }
      before = energy
    }
    charge.append(c)
    discharge.append(d)
    if let before { cost += endTerms(s, model, before) }
    return cost
  }

  /// Discharge that every path can place somewhere.
  private func sharedDischargeKW(_ t: Int, _ model: PlanningModel) -> Double {
    t < shared ? models.map { $0.dischargeKW[t] }.max() ?? 0 : model.dischargeKW[t]
  }

  private mutating func endTerms(
    _ s: Int, _ model: PlanningModel, _ energy: LinearProgram.Column
  ) -> [(column: LinearProgram.Column, coefficient: Double)] {
    var terms: [(column: LinearProgram.Column, coefficient: Double)] = []
    var parts: [(column: LinearProgram.Column, coefficient: Double)] = [(energy, 1)]
    var at = 0.0
    for (k, piece) in model.terminal.enumerated() {
      let column = program.addColumn("end_\(s)_\(k)", upper: max(0, piece.upToKWh - at))
      terms.append((column, -piece.valuePerKWh))
      parts.append((column, -1))
      at = max(at, piece.upToKWh)
    }
    program.addRow("end_\(s)", lower: 0, upper: 0, terms: parts)
    return terms
  }

  /// The first stage of the best plan.
  struct FirstStage {
    /// Change of the stored energy in each shared slot. [kWh]
    var change: [Double]
    /// What each path counts at the optimum: its weight, with the tail's share on the worst paths.
    ///
    /// The duals of the tail rows are the weights under which the mean cost is the mixed objective.
    var weights: [Double]
  }

  /// Returns the first stage, or nothing when GLPK fails.
  func solve(_ solver: LinearProgramSolver) -> FirstStage? {
    var outcome = solver.solve(program, options: SolveOptions(method: .presolvedPrimal))
    if outcome.solution == nil {
      outcome = solver.solve(program, options: SolveOptions(method: .primal))
    }
    guard let solution = outcome.solution, let model = models.first else { return nil }
    let change = (0..<shared).map { t in
      model.stepHours
        * (solution[charge[0][t]] * model.chargeEfficiency - solution[discharge[0][t]]
          / model.dischargeEfficiency)
    }
    var counted = weights
    for (s, row) in tailRows.enumerated() {
      counted[s] = (1 - risk) * weights[s] + max(0, solution.rowDual[row.index])
    }
    return FirstStage(change: change, weights: counted)
  }
}
