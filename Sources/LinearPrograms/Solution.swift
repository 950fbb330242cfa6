/// An optimal point of a program with its duals and how well both hold.
package struct Solution: Sendable {
  /// Cost of the point.
  package internal(set) var objective = 0.0
  /// Value of each column.
  package internal(set) var columnValue: [Double] = []
  /// Reduced cost of each column.
  package internal(set) var columnDual: [Double] = []
  /// Value of each row.
  package internal(set) var rowValue: [Double] = []
  /// Shadow price of each row: change of the cost per unit of its bound.
  package internal(set) var rowDual: [Double] = []
  /// Basis of the point, a start for the next solve.
  package internal(set) var basis = Basis(rows: [], columns: [])
  /// Simplex steps that were taken.
  package internal(set) var iterations = 0
  /// Largest violation of a bound or a row, found by our own sum over the entries.
  package internal(set) var primalResidual = 0.0

  /// Returns the value of a column.
  package subscript(column: LinearProgram.Column) -> Double { columnValue[column.index] }
}

/// How a solve ended.
package enum SolveOutcome: Sendable {
  /// An optimal point that passed the checks.
  case optimal(Solution)
  /// No point satisfies all rows.
  case infeasible
  /// The cost falls without end.
  case unbounded
  /// No verdict, with the reason.
  case failed(SolveFailure)

  /// The optimal point, if there is one.
  package var solution: Solution? {
    if case .optimal(let solution) = self { solution } else { nil }
  }
}

/// Why a solve ended without a verdict.
package enum SolveFailure: Error, Sendable, Hashable {
  /// The program holds something a solver must not see.
  case defective([LinearProgram.Defect])
  /// The starting basis has no factorisation.
  case singularBasis
  /// The limit on simplex steps was reached.
  case iterationLimit
  /// The limit on time was reached.
  case timeLimit
  /// GLPK raised an internal error; the program is loaded again at the next solve.
  case aborted(String)
  /// The answer broke a bound or a row by the stated amount.
  case residual(Double)
  /// Another return code of GLPK with the status it left.
  case code(Int, status: Int)
  /// This GLPK shares its environment between threads and was called from a second one.
  case notThreadSafe
}

// MARK: - Certificates

extension Solution {
  /// Largest amount by which a reduced cost or shadow price has the wrong sign.
  ///
  /// Reduced costs are computed here from the shadow prices, not taken from the solver.
  package func dualResidual(of program: LinearProgram) -> Double {
    var worst = 0.0
    for (j, reduced) in reducedCosts(of: program).enumerated() {
      worst = max(
        worst,
        Self.wrongSign(
          reduced, value: columnValue[j], lower: program.columnLower[j],
          upper: program.columnUpper[j]))
    }
    for i in rowDual.indices {
      worst = max(
        worst,
        Self.wrongSign(
          rowDual[i], value: rowValue[i], lower: program.rowLower[i], upper: program.rowUpper[i]))
    }
    return worst
  }

  /// Cost that the shadow prices prove to be a lower bound; equal to `objective` at an optimum.
  package func dualObjective(of program: LinearProgram) -> Double {
    var sum = 0.0
    for (j, reduced) in reducedCosts(of: program).enumerated() {
      sum += Self.bound(reduced, program.columnLower[j], program.columnUpper[j])
    }
    for i in rowDual.indices {
      sum += Self.bound(rowDual[i], program.rowLower[i], program.rowUpper[i])
    }
    return sum
  }

  private func reducedCosts(of program: LinearProgram) -> [Double] {
    var reduced = program.cost
    for k in 0..<program.entryCount {
      reduced[Int(program.entryColumn[k]) - 1] -=
        program.entryValue[k] * rowDual[Int(program.entryRow[k]) - 1]
    }
    return reduced
  }

  /// The smallest value of `dual · x` over the bounds, leaving out a rounding at an infinite one.
  private static func bound(_ dual: Double, _ lower: Double, _ upper: Double) -> Double {
    let end = dual > 0 ? lower : upper
    return dual == 0 || end.isInfinite ? 0 : dual * end
  }

  private static func wrongSign(
    _ dual: Double, value: Double, lower: Double, upper: Double
  ) -> Double {
    // A positive dual belongs to a lower bound that holds, a negative one to an upper bound.
    let scale = 1e-7 * max(1, value.magnitude)
    if dual > 0 { return lower.isFinite && value - lower <= scale ? 0 : dual }
    if dual < 0 { return upper.isFinite && upper - value <= scale ? 0 : -dual }
    return 0
  }
}
