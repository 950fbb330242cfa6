import LinearPrograms
import Numerics
import TestSupport
import Testing

@testable import Studies

@Suite("Search for the best size") struct SizeSearchTests {
  /// A made value over sizes: a saving with bends, peaks that a size does or does not cut, and a price with a step.
  private static func surface(seed: Int) -> (_ row: Int, _ column: Int) -> Double {
    var random = SeededGenerator(seed: UInt64(seed))
    let scale = random.uniform(50, 400)
    let knee = random.uniform(3, 25)
    let powerKnee = random.uniform(2, 15)
    let perKWh = random.uniform(1, 12)
    let perKW = random.uniform(0, 8)
    let stepAt = random.uniform(5, 30)
    let step = random.uniform(0, 60)
    let cut = random.uniform(0, 80)
    let cutAt = (energy: random.uniform(4, 26), power: random.uniform(3, 16))
    let ripples = (0..<3).map { _ in (random.uniform(0.05, 0.3), random.uniform(0, 6)) }
    return { row, column in
      let energy = Double(row + 1)
      let power = Double(column + 1)
      var saving = scale * energy / (energy + knee) * power / (power + powerKnee)
      // A peak that is cut only by a battery that is large enough in both.
      if energy >= cutAt.energy, power >= cutAt.power { saving += cut }
      for (rate, phase) in ripples { saving += 0.5 * sine(rate * energy + phase) }
      return saving - perKWh * energy - perKW * power - (energy > stepAt ? step : 0)
    }
  }

  @Test(
    "fifty made sites: the best cell, or one within a hundredth of it, from a third of the cells",
    arguments: 1...50)
  func exhaustive(seed: Int) {
    let value = Self.surface(seed: seed)
    let tried = GridSearch(rows: 32, columns: 20).run { cells in
      cells.map { value($0.row, $0.column) }
    }
    // Doing nothing is always tried.
    let found = max(0, tried.map(\.value).max() ?? 0)
    let all = (0..<32).flatMap { row in (0..<20).map { value(row, $0) } }
    let best = max(0, all.max() ?? 0)
    #expect(found >= best - 0.01 * abs(best), "seed \(seed): \(found) of \(best)")
    #expect(tried.count <= 640 / 3, "\(tried.count)")
    #expect(Set(tried.map(\.cell)).count == tried.count)
  }

  @Test("grids of one row, one column or one cell are searched") func small() {
    for (rows, columns) in [(1, 1), (1, 30), (30, 1), (2, 3)] {
      let tried = GridSearch(rows: rows, columns: columns).run { cells in
        cells.map { Double($0.row + $0.column) }
      }
      #expect(tried.map(\.value).max() == Double(rows + columns - 2))
    }
  }

  /// Days of hours with a price that rises in the evening, and a peak to pay for.
  private func problem(perKWh: Double, perKW: Double, seed: UInt64 = 3) -> CapacityProblem {
    var random = SeededGenerator(seed: seed)
    let parts = (0..<2).map { _ in
      let net = (0..<24).map { 2 + (17...20).contains($0).kilowatts(4) + random.uniform(-1, 1) }
      let pv = (0..<24).map { (10...14).contains($0) ? 5.0 : 0 }
      return CapacityProblem.Part(
        netKW: zip(net, pv).map { $0 - $1 }, pvKW: pv,
        buyPerKWh: (0..<24).map { $0 < 12 ? 0.1 : 0.3 },
        sellPerKWh: [Double](repeating: 0.05, count: 24),
        demands: [.init(pricePerKW: 0.4, applies: [Bool](repeating: true, count: 24))])
    }
    return CapacityProblem(
      parts: parts, stepHours: 1, usableShare: 0.9, chargeEfficiency: 0.95,
      dischargeEfficiency: 0.95, billWeight: 2, pricePerKWh: perKWh, pricePerKW: perKW,
      mostKWh: 30, mostKW: 10)
  }

  /// Cost of a size by the programs of its parts, independent of any plane.
  private func cost(_ problem: CapacityProblem, _ energy: Double, _ power: Double) throws -> Double
  {
    var sum = 0.0
    for part in problem.parts {
      var program = CapacityPart(part, of: problem)
      let found = program.cost(energyKWh: energy, powerKW: power)
      sum += try #require(found).value
    }
    return problem.billWeight * sum + problem.pricePerKWh * energy + problem.pricePerKW * power
  }

  @Test(
    "the continuous optimum equals a brute-force grid of programs",
    arguments: [(0.2, 0.1), (0.5, 0.2), (0.8, 1), (0.1, 0.05), (50, 50)])
  func continuous(perKWh: Double, perKW: Double) throws {
    let problem = problem(perKWh: perKWh, perKW: perKW)
    let found = try #require(CapacityOptimum(problem))
    let none = try cost(problem, 0, 0)
    var best = 0.0
    for energy in stride(from: 0.0, through: 30, by: 0.5) {
      for power in stride(from: 0.0, through: 10, by: 0.25) {
        best = max(best, none - (try cost(problem, energy, power)))
      }
    }
    // No cell of the grid exceeds the bound, and the optimum is as good as the best of them.
    #expect(best <= found.bound + 1e-6)
    #expect(found.value >= best - 2e-3 * found.bound - 1e-6)
    #expect(found.value <= found.bound + 1e-9)
    let own = none - (try cost(problem, found.energyKWh, found.powerKW))
    #expect(isClose(found.value, own, absolute: 1e-6))
    if perKWh == 50 { #expect(found.energyKWh == 0 && found.value == 0) }
  }

  /// The same in one program with the size as two of its columns.
  @Test("the parts give what one program with the size as columns gives") func joint() throws {
    let problem = problem(perKWh: 0.3, perKW: 0.2, seed: 7)
    var program = LinearProgram(name: "joint")
    let energy = program.addColumn("energy", upper: problem.mostKWh, cost: problem.pricePerKWh)
    let power = program.addColumn("power", upper: problem.mostKW, cost: problem.pricePerKW)
    for part in problem.parts {
      let w = problem.billWeight
      let peak = program.addColumn("peak", cost: w * part.demands[0].pricePerKW)
      var stored: [LinearProgram.Column] = []
      var flows: [(LinearProgram.Column, LinearProgram.Column)] = []
      for t in 0..<24 {
        let bought = program.addColumn("g", cost: w * part.buyPerKWh[t])
        let sold = program.addColumn("x", cost: -w * part.sellPerKWh[t])
        let thrown = program.addColumn("u", upper: part.pvKW[t])
        let charge = program.addColumn("c")
        let discharge = program.addColumn("d")
        let full = program.addColumn("e")
        program.addRow(
          "balance", lower: part.netKW[t], upper: part.netKW[t],
          terms: [(bought, 1), (sold, -1), (thrown, -1), (charge, -1), (discharge, 1)])
        program.addRow("peak", lower: 0, terms: [(peak, 1), (bought, -1)])
        program.addRow("power", lower: 0, terms: [(power, 1), (charge, -1)])
        program.addRow("power", lower: 0, terms: [(power, 1), (discharge, -1)])
        program.addRow("full", lower: 0, terms: [(energy, problem.usableShare), (full, -1)])
        stored.append(full)
        flows.append((charge, discharge))
      }
      for t in 0..<24 {
        program.addRow(
          "energy", lower: 0, upper: 0,
          terms: [
            (stored[t], 1), (stored[(t + 23) % 24], -1),
            (flows[t].0, -problem.chargeEfficiency), (flows[t].1, 1 / problem.dischargeEfficiency),
          ])
      }
    }
    let joint = try #require(LinearProgramSolver().solve(program).solution)
    let found = try #require(CapacityOptimum(problem))
    let none = try cost(problem, 0, 0)
    #expect(isClose(none - joint.objective, found.value, relative: 2e-3))
    #expect(none - joint.objective <= found.bound + 1e-6)
  }
}

extension Bool {
  /// A power where the condition holds, else none. [kW]
  fileprivate func kilowatts(_ power: Double) -> Double { self ? power : 0 }
}
