import LinearPrograms

/// The size of battery that a linear program over the year finds best.
///
/// The program falls into parts that only the size joins. Each part's cost is a convex function of the size, so the
/// program is solved by planes: every size that is tried adds a plane below each part's cost, and the next size is
/// the best one over the planes (J. F. Benders, Numer. Math. 4 (1962) 238, doi:10.1007/BF01386316). What the planes
/// say is a bound from below; it ends when the best size tried is within a thousandth of what the battery saves.
package struct CapacityOptimum: Sendable {
  /// Energy of the best size. [kWh]
  package let energyKWh: Double
  /// Power of the best size. [kW]
  package let powerKW: Double
  /// Value of its saving less its price, against no battery. [currency]
  package let value: Double
  /// Value that no size exceeds in this model. [currency]
  package let bound: Double
  /// Sizes that were tried.
  package let rounds: Int

  /// Solves a problem; fails where the solver has no answer.
  package init?(_ problem: CapacityProblem, threads: Int = 1, mostRounds: Int = 60) {
    let count = problem.parts.count
    guard count > 0 else { return nil }
    var parts = problem.parts.map { CapacityPart($0, of: problem) }
    var master = CapacityMaster(problem)
    var none: Double?
    var best: (energy: Double, power: Double, cost: Double)?
    var bound = -Double.infinity
    var size = (energy: 0.0, power: 0.0)
    var round = 0
    while round < mostRounds {
      round += 1
      var sum = 0.0
      for i in parts.indices {
        guard let cost = parts[i].cost(energyKWh: size.energy, powerKW: size.power) else {
          return nil
        }
        sum += cost.value
        master.add(cost, part: i, energyKWh: size.energy, powerKW: size.power)
      }
      let priced = problem.pricePerKWh * size.energy + problem.pricePerKW * size.power
      let total = problem.billWeight * sum + priced
      if none == nil { none = total }
      if total < best?.cost ?? .infinity { best = (size.energy, size.power, total) }
      guard let next = master.next else { return nil }
      bound = max(bound, next.cost)
      guard let none, let best else { return nil }
      let saved = max(none - bound, 0)
      if best.cost - bound <= 1e-3 * saved + 1e-9 * abs(none) { break }
      size = (next.energy, next.power)
    }
    guard let none, let best else { return nil }
    energyKWh = best.energy
    powerKW = best.power
    value = none - best.cost
    self.bound = none - min(bound, best.cost)
    rounds = round
  }
}

/// The program over the planes found so far: a size and a cost for each part.
private struct CapacityMaster {
  private var program = LinearProgram(name: "sizes")
  private let solver = LinearProgramSolver()
  private let energy: LinearProgram.Column
  private let power: LinearProgram.Column
  private var costs: [LinearProgram.Column] = []

  init(_ problem: CapacityProblem) {
    energy = program.addColumn("energy", upper: problem.mostKWh, cost: problem.pricePerKWh)
    power = program.addColumn("power", upper: problem.mostKW, cost: problem.pricePerKW)
    for (i, part) in problem.parts.enumerated() {
      // No part earns more than all of it sold at the best price all the time.
      let hours = problem.stepHours
      var least = 0.0
      for t in part.netKW.indices {
        let most = problem.mostKW + abs(part.netKW[t])
        least -= hours * most * max(abs(part.buyPerKWh[t]), abs(part.sellPerKWh[t]))
      }
      costs.append(
        program.addColumn("part \(i)", lower: least, cost: problem.billWeight))
    }
  }

  /// Adds the plane that touches a part's cost at a size.
  mutating func add(
    _ cost: CapacityPart.Cost, part: Int, energyKWh: Double, powerKW: Double
  ) {
    let offset = cost.value - cost.perKWh * energyKWh - cost.perKW * powerKW
    program.addRow(
      "plane", lower: offset,
      terms: [(costs[part], 1), (energy, -cost.perKWh), (power, -cost.perKW)])
  }

  /// The best size over the planes, and its cost there.
  var next: (energy: Double, power: Double, cost: Double)? {
    // Planes that lie almost on each other are hard on one method and easy for another.
    for method in [SimplexMethod.presolvedPrimal, .dualHarris, .primal, .exact] {
      let options = SolveOptions(method: method)
      guard let solution = solver.solve(program, options: options).solution else { continue }
      return (solution[energy], solution[power], solution.objective)
    }
    return nil
  }
}
