import LinearPrograms
import TestSupport
import Testing

@Suite("Linear programs", .tags(.solver)) struct LinearProgramTests {
  /// Most of 3x + 2y with x + y ≤ 4, x + 3y ≤ 7, x ≤ 3: the corner (3, 1) gives 11.
  static func corner() -> LinearProgram {
    var program = LinearProgram(name: "corner")
    let x = program.addColumn("x", upper: 3, cost: -3)
    let y = program.addColumn("y", cost: -2)
    program.addRow("first", upper: 4, terms: [(x, 1), (y, 1)])
    program.addRow("second", upper: 7, terms: [(x, 1), (y, 3)])
    return program
  }

  // Worths 5, 4, 3 of weights 2, 3, 1 into 5: all fractions give 10.67, whole pieces 9 (the first two).
  @Test("whole numbers by branch and cut")
  func wholeNumbers() throws {
    var program = LinearProgram(name: "knapsack")
    let columns = zip(["a", "b", "c"], [-5.0, -4, -3]).map {
      program.addColumn($0, upper: 1, cost: $1, isInteger: true)
    }
    program.addRow("weight", upper: 5, terms: Array(zip(columns, [2.0, 3, 1])))
    let whole = try #require(
      LinearProgramSolver().solve(program, options: SolveOptions(method: .integer)).solution)
    #expect(isClose(whole.objective, -9, absolute: 1e-9))
    #expect(columns.map { whole[$0] } == [1, 1, 0])
    let parts = try #require(
      LinearProgramSolver().solve(program, options: SolveOptions(method: .primal)).solution)
    #expect(isClose(parts.objective, -8 - 4 * 2 / 3.0, absolute: 1e-9))
  }

  @Test(
    "a corner by hand, by every method",
    arguments: [SimplexMethod.dualLongStep, .dualHarris, .primal, .presolvedPrimal, .exact])
  func byHand(method: SimplexMethod) throws {
    let program = Self.corner()
    let outcome = LinearProgramSolver().solve(program, options: SolveOptions(method: method))
    let solution = try #require(outcome.solution)
    #expect(isClose(solution.objective, -11, relative: 1e-12))
    #expect(isClose(solution.columnValue[0], 3, relative: 1e-12))
    #expect(isClose(solution.columnValue[1], 1, relative: 1e-12))
    // One more unit in the first row buys one more y.
    #expect(isClose(solution.rowDual[0], -2, relative: 1e-12))
    #expect(solution.dualResidual(of: program) < 1e-12)
    #expect(isClose(solution.dualObjective(of: program), -11, relative: 1e-12))
  }
}
