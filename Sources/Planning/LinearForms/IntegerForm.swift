package import LinearPrograms
internal import Tariffs
internal import TimeSeries

/// The general program with a whole-number column wherever a linear program would go both ways at once.
///
/// A slot in which feeding in pays more than buying costs chooses one of them, and a slot whose price pays
/// for losing energy charges or discharges. Solved by branch and cut it is an independent check of the value
/// function; the time grows without bound with the number of such slots.
package struct IntegerForm {
  package private(set) var program: LinearProgram
  /// What the program's objective has beyond the cost of a plan. [currency]
  private var constant = 0.0

  init(_ request: PlanRequest, _ model: PlanningModel) {
    let n = model.count
    var form = GeneralForm(GLPKPlanner.shape(request, model))
    form.update(
      model, bans: [SlotBan](repeating: .none, count: n),
      ways: [MeterWay](repeating: .both, count: n))
    program = form.program
    for demand in model.demands where demand.held == nil {
      constant += demand.pricePerKW * max(0, demand.incurredKW)
    }
    for (b, own) in ([model] + model.others).enumerated() {
      if case .equalToStart = request.alone(b).terminal { constant -= own.endValue(own.start) }
    }
    for t in 0..<n {
      for (b, own) in model.others.enumerated()
      where min(model.buy[t], model.sell[t]) < -own.batterySlot(t).simultaneousThreshold {
        let places = form.others[b]
        choose(
          "direction_\(b + 2)_\(t)", [(form.column(places.charge + t), 1)],
          most: own.chargeKW[t], [(form.column(places.discharge + t), 1)],
          most: own.dischargeKW[t])
      }
      let battery = model.batterySlot(t)
      if model.isInverted(t) {
        let all = [model] + model.others
        let mostImport = all.reduce(max(0, model.loadKW[t])) { $0 + $1.chargeKW[t] }
        let mostExport = min(
          model.exportLimitKW[t],
          all.reduce(max(0, model.pvKW[t] - min(0, model.loadKW[t]))) { $0 + $1.dischargeKW[t] })
        var importing: [(column: LinearProgram.Column, coefficient: Double)] = [
          (form.column(form.importFirst + t), 1)
        ]
        if form.shape.limitsImport { importing.append((form.column(form.overFirst + t), 1)) }
        choose(
          "way_\(t)", importing, most: mostImport, [(form.column(form.exportFirst + t), 1)],
          most: mostExport)
      }
      if min(model.buy[t], model.sell[t]) < -battery.simultaneousThreshold {
        choose(
          "direction_\(t)", [(form.column(form.chargeFirst + t), 1)], most: model.chargeKW[t],
          [(form.column(form.dischargeFirst + t), 1)], most: model.dischargeKW[t])
      }
    }
  }

  /// Prepares the program of a request, or nothing when it holds impossible numbers.
  package init?(_ request: PlanRequest) {
    guard let model = PlanningModel(request) else { return nil }
    self.init(request, model)
  }

  private mutating func choose(
    _ name: String, _ first: [(column: LinearProgram.Column, coefficient: Double)],
    most mostFirst: Double, _ second: [(column: LinearProgram.Column, coefficient: Double)],
    most mostSecond: Double
  ) {
    let choice = program.addColumn(name, upper: 1, isInteger: true)
    program.addRow("\(name)_first", upper: 0, terms: first + [(choice, -mostFirst)])
    program.addRow("\(name)_second", upper: mostSecond, terms: second + [(choice, mostSecond)])
  }

  /// Solves the program by branch and cut.
  ///
  /// - Parameter timeLimitMilliseconds: Longest time by the clock. [ms]
  /// - Returns: Cost of the best schedule less the worth of keeping its energies, or nothing without an
  ///   answer in time. [currency]
  package func leastCost(timeLimitMilliseconds: Int = 5000) -> Double? {
    let outcome = LinearProgramSolver().solve(
      program,
      options: SolveOptions(method: .integer, timeLimitMilliseconds: timeLimitMilliseconds))
    return outcome.solution.map { $0.objective - constant }
  }
}
