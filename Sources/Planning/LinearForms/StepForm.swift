internal import LinearPrograms
internal import TimeSeries

/// The general program with a whole-number column for every power at which an inverter can run.
///
/// In the first slots the battery rests, or runs in one piece of one direction; what lies later is free, for it is
/// planned anew before it comes.
struct StepForm {
  private var program: LinearProgram
  private var choices: [(slot: Int, isCharge: Bool, piece: ClosedRange<Double>, column: Int)] = []
  private let slots: Int

  /// Adds the choices to a program whose numbers are set.
  init(_ form: GeneralForm, _ model: PlanningModel, _ steps: PowerSteps, slots: Int) {
    self.slots = slots
    program = form.program
    for t in 0..<slots {
      var chosen: [(column: LinearProgram.Column, coefficient: Double)] = []
      for (isCharge, first, limitKW) in [
        (true, form.chargeFirst, model.chargeKW[t]),
        (false, form.dischargeFirst, model.dischargeKW[t]),
      ] {
        let power = LinearProgram.Column(index: first + t)
        // The direction may be closed by a choice made before.
        let open = min(limitKW, program.columnUpper[first + t])
        var least: [(column: LinearProgram.Column, coefficient: Double)] = [(power, 1)]
        var most = least
        for (k, piece) in steps.pieces(limitKW: open).enumerated() {
          let column = program.addColumn(
            "\(isCharge ? "charges" : "discharges")_\(t)_\(k)", upper: 1, isInteger: true)
          choices.append((t, isCharge, piece, column.index))
          chosen.append((column, 1))
          least.append((column, -piece.lowerBound))
          most.append((column, -piece.upperBound))
        }
        if least.count == 1 {
          program.setBounds(power, lower: 0, upper: 0)
          continue
        }
        // (P10) power within the piece that is chosen, or none
        let name = isCharge ? "charge" : "discharge"
        program.addRow("least_\(name)_\(t)", lower: 0, terms: least)
        program.addRow("most_\(name)_\(t)", upper: 0, terms: most)
      }
      if chosen.count > 1 { program.addRow("one_\(t)", upper: 1, terms: chosen) }
    }
  }

  /// Solves the program by branch and cut, up to a number of nodes.
  ///
  /// - Returns: The model with the chosen pieces as its limits; nothing without a proven answer.
  func chosen(_ model: PlanningModel) -> PlanningModel? {
    let outcome = LinearProgramSolver().solve(
      program, options: SolveOptions(method: .integer, nodeLimit: PowerSteps.mostNodes))
    guard let solution = outcome.solution else { return nil }
    var chosen = model
    chosen.leastChargeKW = [Double](repeating: 0, count: model.count)
    chosen.leastDischargeKW = chosen.leastChargeKW
    for t in 0..<slots {
      chosen.chargeKW[t] = 0
      chosen.dischargeKW[t] = 0
    }
    for choice in choices where solution.columnValue[choice.column] > 0.5 {
      if choice.isCharge {
        chosen.leastChargeKW[choice.slot] = choice.piece.lowerBound
        chosen.chargeKW[choice.slot] = choice.piece.upperBound
      } else {
        chosen.leastDischargeKW[choice.slot] = choice.piece.lowerBound
        chosen.dischargeKW[choice.slot] = choice.piece.upperBound
      }
    }
    return chosen
  }
}
