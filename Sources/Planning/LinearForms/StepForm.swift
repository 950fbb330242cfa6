internal import LinearPrograms
internal import TimeSeries

/// The general program with a whole-number column for everything that is done in steps.
///
/// In the first slots a battery rests, or runs in one piece of one direction; a load that can wait rests, or runs at
/// its lowest power at least; production is thrown away by one of the steps that there are. What lies later is
/// free, for it is planned anew before it comes.
struct StepForm {
  /// What a whole-number column chooses.
  private enum Choice {
    case power(battery: Int, isCharge: Bool, slot: Int, piece: ClosedRange<Double>)
    case run(load: Int, slot: Int, leastKW: Double)
    case curtailment(slot: Int, amountKW: Double)
  }

  private typealias Term = (column: LinearProgram.Column, coefficient: Double)

  private var program: LinearProgram
  private var choices: [(choice: Choice, column: LinearProgram.Column)] = []
  /// Powers that are none or within a piece: sums of columns less what is given. [kW]
  private var powers: [(terms: [Term], givenKW: Double, pieces: [ClosedRange<Double>])] = []
  private let slots: Int

  /// Adds the choices to a program whose numbers are set.
  ///
  /// - Parameters:
  ///   - form: The program.
  ///   - model: What its numbers were set from.
  init(_ form: GeneralForm, _ model: PlanningModel) {
    slots = model.steppedSlots
    program = form.program
    for (b, battery) in ([model] + model.others).enumerated() where !battery.powerSteps.isFree {
      let places =
        b == 0
        ? (charge: form.chargeFirst, discharge: form.dischargeFirst)
        : (charge: form.others[b - 1].charge, discharge: form.others[b - 1].discharge)
      for t in 0..<slots { addPowers(b, battery, t, places) }
    }
    for (l, load) in model.waitingLoads.enumerated() where !load.isFree {
      let least = load.leastKW(stepHours: model.stepHours)
      for t in 0..<slots where least[t] > 0 {
        addRun(l, t, leastKW: least[t], mostKW: load.powerKW[t], form)
      }
    }
    for t in 0..<min(slots, model.curtailmentKW.count) where !model.curtailmentKW[t].isEmpty {
      addCurtailment(model, t, form)
    }
  }

  private mutating func addColumn(_ name: String, _ choice: Choice) -> LinearProgram.Column {
    let column = program.addColumn(name, upper: 1, isInteger: true)
    choices.append((choice, column))
    return column
  }

  private mutating func addPowers(
    _ b: Int, _ battery: PlanningModel, _ t: Int, _ places: (charge: Int, discharge: Int)
  ) {
    let name = b == 0 ? "\(t)" : "\(b + 1)_\(t)"
    var chosen: [Term] = []
    for (isCharge, first, limitKW) in [
      (true, places.charge, battery.chargeKW[t]), (false, places.discharge, battery.dischargeKW[t]),
    ] {
      let power = LinearProgram.Column(index: first + t)
      // The direction may be closed by a choice made before.
      let open = min(limitKW, program.columnUpper[first + t])
      var least: [Term] = [(power, 1)]
      var most = least
      let pieces = battery.powerSteps.pieces(limitKW: open)
      powers.append((least, 0, pieces))
      for (k, piece) in pieces.enumerated() {
        let column = addColumn(
          "\(isCharge ? "charges" : "discharges")_\(name)_\(k)",
          .power(battery: b, isCharge: isCharge, slot: t, piece: piece))
        chosen.append((column, 1))
        least.append((column, -piece.lowerBound))
        most.append((column, -piece.upperBound))
      }
      if least.count == 1 {
        program.setBounds(power, lower: 0, upper: 0)
        continue
      }
      // (P11) power within the piece that is chosen, or none
      let way = isCharge ? "charge" : "discharge"
      program.addRow("least_\(way)_\(name)", lower: 0, terms: least)
      program.addRow("most_\(way)_\(name)", upper: 0, terms: most)
    }
    if chosen.count > 1 { program.addRow("one_\(name)", upper: 1, terms: chosen) }
  }

  private mutating func addRun(
    _ l: Int, _ t: Int, leastKW: Double, mostKW: Double, _ form: GeneralForm
  ) {
    let power = form.column(form.waiting[l].power + t)
    let runs = addColumn("runs_\(l)_\(t)", .run(load: l, slot: t, leastKW: leastKW))
    powers.append(([(power, 1)], 0, [leastKW...mostKW]))
    // (P12) a load's power from its lowest on, or none
    program.addRow("least_run_\(l)_\(t)", lower: 0, terms: [(power, 1), (runs, -leastKW)])
    program.addRow("most_run_\(l)_\(t)", upper: 0, terms: [(power, 1), (runs, -mostKW)])
  }

  private mutating func addCurtailment(_ model: PlanningModel, _ t: Int, _ form: GeneralForm) {
    var terms = form.balanceTerms(t)
    powers.append((terms, model.netKW[t], model.curtailmentKW[t].map { $0...$0 }))
    var chosen: [Term] = []
    for (k, amount) in model.curtailmentKW[t].enumerated() {
      let column = addColumn("throws_\(t)_\(k)", .curtailment(slot: t, amountKW: amount))
      terms.append((column, -amount))
      chosen.append((column, 1))
    }
    // (P13) the balance at the meter with one of the amounts thrown away, or none
    program.addRow("thrown_\(t)", lower: model.netKW[t], upper: model.netKW[t], terms: terms)
    if chosen.count > 1 { program.addRow("one_thrown_\(t)", upper: 1, terms: chosen) }
  }

  /// Powers closer than this are the same. [kW]
  private static let roundingKW = 1e-7

  /// Whether a solution of the program without the choices keeps to the steps all the same, which makes it the best.
  func isKept(by solution: Solution) -> Bool {
    powers.allSatisfy { terms, givenKW, pieces in
      let power = terms.reduce(-givenKW) {
        $0 + $1.coefficient * solution.columnValue[$1.column.index]
      }
      return abs(power) <= Self.roundingKW
        || pieces.contains {
          power >= $0.lowerBound - Self.roundingKW && power <= $0.upperBound + Self.roundingKW
        }
    }
  }

  /// Solves the program by branch and cut, up to a number of nodes.
  ///
  /// - Parameter model: What the program was made from.
  /// - Returns: The model with what was chosen as its limits; nothing without a proven answer.
  func chosen(_ model: PlanningModel) -> PlanningModel? {
    let outcome = LinearProgramSolver().solve(
      program, options: SolveOptions(method: .integer, nodeLimit: PowerSteps.mostNodes))
    guard let solution = outcome.solution else { return nil }
    var chosen = model
    chosen.openSteps(slots: slots)
    for (choice, column) in choices {
      let isTaken = solution.columnValue[column.index] > 0.5
      switch choice {
      case .power(let battery, let isCharge, let slot, let piece):
        if isTaken { chosen.hold(battery, slot, isCharge: isCharge, within: piece) }
      case .run(let load, let slot, let leastKW):
        if isTaken {
          chosen.leastWaitingKW[load][slot] = leastKW
        } else {
          chosen.waitingLoads[load].powerKW[slot] = 0
        }
      case .curtailment(let slot, let amountKW):
        if isTaken { chosen.throwAway(amountKW, slot) }
      }
    }
    return chosen
  }
}

extension PlanningModel {
  /// Whether anything that a plan decides on is done in steps.
  var hasSteps: Bool {
    !powerSteps.isFree || waitingLoads.contains { !$0.isFree }
      || others.contains { !$0.powerSteps.isFree }
      || curtailmentKW.contains { !$0.isEmpty }
  }

  /// Closes what is done in steps in the first slots, as it is before anything is chosen.
  fileprivate mutating func openSteps(slots: Int) {
    restInSteps(slots: slots)
    for b in others.indices { others[b].restInSteps(slots: slots) }
    let none = [Double](repeating: 0, count: count)
    leastWaitingKW = waitingLoads.map { _ in none }
    guard !curtailmentKW.isEmpty else { return }
    chosenCurtailmentKW = none
    for t in 0..<slots where !curtailmentKW[t].isEmpty {
      curtailmentKW[t] = []
      // What is not thrown away is there as a load below zero is.
      loadKW[t] = netKW[t]
      pvKW[t] = 0
    }
  }

  private mutating func restInSteps(slots: Int) {
    guard !powerSteps.isFree else { return }
    leastChargeKW = [Double](repeating: 0, count: count)
    leastDischargeKW = leastChargeKW
    for t in 0..<slots {
      chargeKW[t] = 0
      dischargeKW[t] = 0
    }
  }

  /// Holds the power of a battery within a piece in a slot.
  fileprivate mutating func hold(
    _ battery: Int, _ t: Int, isCharge: Bool, within piece: ClosedRange<Double>
  ) {
    if battery > 0 {
      others[battery - 1].hold(0, t, isCharge: isCharge, within: piece)
    } else if isCharge {
      leastChargeKW[t] = piece.lowerBound
      chargeKW[t] = piece.upperBound
    } else {
      leastDischargeKW[t] = piece.lowerBound
      dischargeKW[t] = piece.upperBound
    }
  }

  fileprivate mutating func throwAway(_ amountKW: Double, _ t: Int) {
    chosenCurtailmentKW[t] = amountKW
    loadKW[t] += amountKW
    netKW[t] += amountKW
  }
}
