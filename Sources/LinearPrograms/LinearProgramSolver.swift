internal import GLPKGuard

/// The way a program is solved.
package enum SimplexMethod: CInt, Sendable, Hashable {
  /// Dual simplex with the long-step ratio test; the fastest from a good basis.
  case dualLongStep = 0
  /// Dual simplex with Harris' ratio test; steadier.
  case dualHarris = 1
  /// Primal simplex.
  case primal = 2
  /// Presolve, then primal simplex; any basis is ignored.
  case presolvedPrimal = 3
  /// Simplex in rational arithmetic.
  case exact = 4
  /// Branch and cut over the columns that are whole numbers; no duals and no basis come back.
  case integer = 5
}

/// A failure that tests put into a solve.
package enum InjectedFault: CInt, Sendable, Hashable, CaseIterable {
  /// GLPK raises an internal error, which would end the process without the guard.
  case internalError = 1
  /// The starting basis cannot be factorised.
  case singularBasis = 2
  /// The solve ends at its first simplex step.
  case iterationLimit = 3
  /// The solve runs out of time.
  case timeLimit = 4
}

/// Settings of a solve.
package struct SolveOptions: Sendable {
  /// The way to solve.
  package var method: SimplexMethod
  /// Most simplex steps, or nothing for twenty per row and column.
  package var iterationLimit: Int?
  /// Most nodes of a search over whole numbers, or nothing for any number.
  package var nodeLimit: Int?
  /// Longest time by the clock, a dead man's switch only. [ms]
  package var timeLimitMilliseconds: Int
  /// Tolerance on bounds and reduced costs.
  package var tolerance: Double
  /// Largest violation accepted in the answer, relative to the numbers of the row.
  package var residualTolerance: Double
  /// A failure to put in, for tests.
  package var injectedFault: InjectedFault?

  /// Creates settings; the defaults are those measured best for schedules that roll on.
  package init(
    method: SimplexMethod = .dualLongStep, iterationLimit: Int? = nil, nodeLimit: Int? = nil,
    timeLimitMilliseconds: Int = 20_000, tolerance: Double = 1e-9,
    residualTolerance: Double = 1e-6, injectedFault: InjectedFault? = nil
  ) {
    self.method = method
    self.iterationLimit = iterationLimit
    self.nodeLimit = nodeLimit
    self.timeLimitMilliseconds = timeLimitMilliseconds
    self.tolerance = tolerance
    self.residualTolerance = residualTolerance
    self.injectedFault = injectedFault
  }
}

/// Solves programs of one shape again and again, keeping them loaded inside GLPK.
///
/// The answer depends on the program, the basis and the options only, never on earlier solves, so the
/// same call gives the same bits on every thread. A solver may move between threads, but is used by
/// one at a time: GLPK ties memory to the thread that made it, and a solve elsewhere loads again.
package final class LinearProgramSolver {
  private let handle: GuardedProgram
  private var checkedMatrix: UInt?

  /// Prepares a solver with nothing loaded.
  package init() {
    handle = GuardedProgram()
  }

  /// How often the program was loaded into GLPK from nothing: once, unless threads or errors forced more.
  package var loads: Int { handle.loads }

  /// Solves a program, from a basis when one is given.
  ///
  /// The program is checked before and the answer after the call: GLPK is believed only when its
  /// return code, its status and our own residuals agree.
  package func solve(
    _ program: LinearProgram, from basis: Basis? = nil, options: SolveOptions = SolveOptions()
  ) -> SolveOutcome {
    let defects = checkedDefects(of: program)
    guard defects.isEmpty else { return .failed(.defective(defects)) }
    if let basis {
      guard basis.rows.count == program.rowCount, basis.columns.count == program.columnCount,
        basis.excess == 0
      else { return .failed(.singularBasis) }
    }
    let (code, status, solution) = handle.solve(program, from: basis, options: options)
    return verdict(code, status, solution, program: program, options: options)
  }

  /// Names and matrix are checked once per version, bounds and costs at every solve.
  private func checkedDefects(of program: LinearProgram) -> [LinearProgram.Defect] {
    if checkedMatrix == program.matrixVersion { return program.numberDefects() }
    let defects = program.defects()
    checkedMatrix = defects.isEmpty ? program.matrixVersion : nil
    return defects
  }

  private func verdict(
    _ code: CInt, _ status: CInt, _ solution: Solution, program: LinearProgram,
    options: SolveOptions
  ) -> SolveOutcome {
    switch (code, status) {
    case (0, 5):
      var checked = solution
      checked.primalResidual = solution.residual(in: program)
      guard checked.objective.isFinite, checked.primalResidual <= options.residualTolerance else {
        return .failed(.residual(checked.primalResidual))
      }
      return .optimal(checked)
    case (0, 4), (0, 3), (10, _): return .infeasible
    case (0, 6), (11, _): return .unbounded
    case (8, _), (13, _): return .failed(.iterationLimit)
    case (9, _): return .failed(.timeLimit)
    case (-1, _): return .failed(.aborted(handle.message))
    case (-2, _): return .failed(.singularBasis)
    case (-3, _): return .failed(.notThreadSafe)
    default: return .failed(.code(Int(code), status: Int(status)))
    }
  }
}

extension LinearProgram {
  package func numberDefects() -> [Defect] {
    for value in cost where !(value.magnitude <= Self.largestNumber) { return defects() }
    for i in columnLower.indices where !Self.isUsable(columnLower[i], columnUpper[i]) {
      return defects()
    }
    for i in rowLower.indices where !Self.isUsable(rowLower[i], rowUpper[i]) { return defects() }
    return []
  }

  private static func isUsable(_ lower: Double, _ upper: Double) -> Bool {
    lower <= upper && (lower == -.infinity || lower.magnitude <= largestNumber)
      && (upper == .infinity || upper.magnitude <= largestNumber)
  }
}

extension Solution {
  /// Largest violation, each measured against the largest number in its row.
  func residual(in program: LinearProgram) -> Double {
    var worst = 0.0
    for j in columnValue.indices {
      let scale = max(1, columnValue[j].magnitude)
      worst = max(worst, (program.columnLower[j] - columnValue[j]) / scale)
      worst = max(worst, (columnValue[j] - program.columnUpper[j]) / scale)
    }
    var sums = [Double](repeating: 0, count: program.rowCount)
    var scales = [Double](repeating: 1, count: program.rowCount)
    for k in 0..<program.entryCount {
      let row = Int(program.entryRow[k]) - 1
      let term = program.entryValue[k] * columnValue[Int(program.entryColumn[k]) - 1]
      sums[row] += term
      scales[row] = max(scales[row], term.magnitude)
    }
    for i in sums.indices {
      worst = max(worst, (program.rowLower[i] - sums[i]) / scales[i])
      worst = max(worst, (sums[i] - program.rowUpper[i]) / scales[i])
    }
    return worst.isNaN ? .infinity : worst
  }
}
