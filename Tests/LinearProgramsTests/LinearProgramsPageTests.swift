import LinearPrograms
import TestSupport
import Testing

@Suite("Page of LinearPrograms") struct LinearProgramsPageTests {
  @Test("the page shows this code")
  func example() throws {
    #expect(try PageExample(room: "LinearPrograms").isCode())

    var program = LinearProgram(name: "corner")
    let x = program.addColumn("x", upper: 3, cost: -3)
    let y = program.addColumn("y", cost: -2)
    program.addRow("first", upper: 4, terms: [(x, 1), (y, 1)])
    program.addRow("second", upper: 7, terms: [(x, 1), (y, 3)])

    let solver = LinearProgramSolver()
    if case .optimal(let solution) = solver.solve(program) {
      print(solution.objective, solution[x], solution[y])  // -11.0 3.0 1.0
      program.setCost(y, -4)
      _ = solver.solve(program, from: solution.basis)  // warm, nothing loaded again
    }

    guard case .optimal(let corner) = solver.solve(program) else {
      Issue.record("the program has an optimum")
      return
    }
    // With −4 for y the corner stays where both rows meet: x = 2.5, y = 1.5.
    #expect(isClose(corner[x], 2.5, absolute: 1e-9))
    #expect(isClose(corner[y], 1.5, absolute: 1e-9))
  }
}
