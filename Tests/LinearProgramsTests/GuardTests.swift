import Dispatch
import Foundation
import LinearPrograms
import Synchronization
import TestSupport
import Testing

@Suite("Traps of GLPK", .tags(.solver)) struct GuardTests {
  @Test("numbers GLPK would choke on are refused before it sees them")
  func defects() {
    let cases: [(LinearProgram.Defect, (inout LinearProgram) -> Void)] = [
      // GLPK solves a NaN cost as optimal.
      (.number(where: "cost of x"), { $0.setCost(.init(index: 0), .nan) }),
      (.number(where: "cost of y"), { $0.setCost(.init(index: 1), 1e13) }),
      // A NaN bound aborts the process.
      (
        .number(where: "bounds of x"),
        { $0.setBounds(LinearProgram.Column(index: 0), lower: .nan, upper: 1) }
      ),
      (
        .number(where: "bounds of first"),
        { $0.setBounds(LinearProgram.Row(index: 0), lower: .infinity, upper: .infinity) }
      ),
      (
        .invertedBounds(where: "x"),
        { $0.setBounds(LinearProgram.Column(index: 0), lower: 2, upper: 1) }
      ),
      (.number(where: "row first"), { $0.setCoefficient(entry: 0, .infinity) }),
      (
        .duplicate(row: "twice", column: "x"),
        { $0.addRow("twice", terms: [(.init(index: 0), 1), (.init(index: 0), 2)]) }
      ),
      (.index(row: "wrong"), { $0.addRow("wrong", terms: [(.init(index: 9), 1)]) }),
    ]
    for (defect, spoil) in cases {
      var program = LinearProgramTests.corner()
      spoil(&program)
      #expect(program.defects() == [defect])
      guard case .failed(.defective(let found)) = LinearProgramSolver().solve(program) else {
        Issue.record("\(defect) was not refused")
        continue
      }
      #expect(found == [defect])
    }
  }

  @Test("infeasible and unbounded are verdicts, with and without presolve")
  func verdicts() {
    var infeasible = LinearProgramTests.corner()
    infeasible.addRow("never", lower: 100, terms: [(.init(index: 0), 1)])
    var unbounded = LinearProgram()
    let x = unbounded.addColumn("x", cost: -1)
    unbounded.addRow("row", lower: 0, terms: [(x, 1)])
    for method in [SimplexMethod.dualLongStep, .primal, .presolvedPrimal] {
      let options = SolveOptions(method: method)
      guard case .infeasible = LinearProgramSolver().solve(infeasible, options: options) else {
        Issue.record("\(method): not infeasible")
        continue
      }
      guard case .unbounded = LinearProgramSolver().solve(unbounded, options: options) else {
        Issue.record("\(method): not unbounded")
        continue
      }
    }
  }

  @Test("empty and fixed programs have answers")
  func degenerate() throws {
    #expect(LinearProgramSolver().solve(LinearProgram()).solution?.objective == 0)
    var program = LinearProgram()
    // Equal bounds are refused by GLPK as a double bound.
    let x = program.addColumn("x", lower: 2, upper: 2, cost: 3)
    program.addRow("row", lower: 2, upper: 2, terms: [(x, 1)])
    #expect(LinearProgramSolver().solve(program).solution?.objective == 6)
  }

  @Test("an internal error of GLPK is a failure, and the next solve works")
  func internalError() throws {
    let program = LinearProgramTests.corner()
    let solver = LinearProgramSolver()
    for _ in 0..<20 {
      let broken = solver.solve(program, options: SolveOptions(injectedFault: .internalError))
      guard case .failed(.aborted(let message)) = broken else {
        Issue.record("no internal error")
        return
      }
      #expect(message.contains("glp_set_obj_coef"))
      let solution = try #require(solver.solve(program).solution)
      #expect(isClose(solution.objective, -11, relative: 1e-12))
    }
    #expect(solver.loads == 21)
  }

  @Test("limits and a singular basis are failures")
  func limits() throws {
    let program = LinearProgramTests.corner()
    let solver = LinearProgramSolver()
    guard
      case .failed(.iterationLimit) = solver.solve(
        program, options: SolveOptions(injectedFault: .iterationLimit))
    else {
      Issue.record("no iteration limit")
      return
    }
    let basis = try #require(solver.solve(program).solution).basis
    guard
      case .failed(.singularBasis) = solver.solve(
        program, from: basis, options: SolveOptions(injectedFault: .singularBasis))
    else {
      Issue.record("no singular basis")
      return
    }
    var short = basis
    short.rows = [.basic, .basic]
    short.columns = [.basic, .basic]
    guard case .failed(.singularBasis) = solver.solve(program, from: short) else {
      Issue.record("a basis with too many members was taken")
      return
    }
    #expect(solver.solve(program, from: basis).solution?.iterations == 0)
  }

  @Test("moved bounds and costs are solved without loading again")
  func inPlace() throws {
    var program = LinearProgramTests.corner()
    let solver = LinearProgramSolver()
    var basis: Basis?
    for step in 0..<10 {
      program.setBounds(LinearProgram.Column(index: 0), lower: 0, upper: Double(step) * 0.3)
      program.setCost(.init(index: 1), -2 - Double(step))
      let warm = try #require(solver.solve(program, from: basis).solution)
      let cold = try #require(LinearProgramSolver().solve(program).solution)
      #expect(isClose(warm.objective, cold.objective, relative: 1e-12))
      basis = warm.basis
    }
    #expect(solver.loads == 1)
  }

  @Test("a solver may move between threads, and answers are the same bits")
  func threads() {
    let program = LinearProgramTests.corner()
    let expected = LinearProgramSolver().solve(program).solution?.columnValue
    let wrong = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 64) { i in
      let solver = LinearProgramSolver()
      for _ in 0..<20 {
        if solver.solve(program).solution?.columnValue != expected {
          wrong.add(1, ordering: .relaxed)
        }
        if i % 4 == 0 {
          _ = solver.solve(program, options: SolveOptions(injectedFault: .internalError))
        }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
    // Made here, solved on another thread, released here.
    nonisolated(unsafe) let solver = LinearProgramSolver()
    _ = solver.solve(program)
    let done = DispatchSemaphore(value: 0)
    let values = Mutex<[Double]?>(nil)
    Thread.detachNewThread {
      let found = solver.solve(program).solution?.columnValue
      values.withLock { $0 = found }
      done.signal()
    }
    done.wait()
    #expect(values.withLock { $0 } == expected)
    #expect(solver.solve(program).solution?.columnValue == expected)
  }

  @Test("programs are written for people and for other solvers")
  func export() throws {
    let program = LinearProgramTests.corner()
    let folder = FileManager.default.temporaryDirectory.path
    for format in LinearProgram.FileFormat.allCases {
      let path = "\(folder)/wattif-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: path) }
      #expect(program.write(format, to: path) == nil)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains("second"))
      #expect(text.contains(format == .lp ? "Minimize" : "ROWS"))
    }
    #expect(program.write(.lp, to: "/no/such/folder/x.lp") != nil)
  }
}
