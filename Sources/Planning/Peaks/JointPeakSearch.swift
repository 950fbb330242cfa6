internal import LinearPrograms
internal import Tariffs

/// Finds several peaks together, by cutting planes over all targets and the energies between months.
///
/// The horizon is cut into blocks such that each demand price lies in one block. A block's cost is convex
/// in its peaks and in the energy at its two ends, and every run of the value function yields a
/// supporting plane for each block at once. A small linear program over the planes proposes the next
/// targets and is a lower bound; the best run is an upper bound.
enum JointPeakSearch {
  /// Most runs of the value function.
  static let mostEvaluations = 250
  /// Relative distance of the bounds at which the search ends.
  static let tolerance = 1e-9

  static func run(
    _ model: PlanningModel, active: [Int], recursion: inout ValueRecursion,
    floor: [Double]
  ) -> PeakSearch {
    var master = PeakMaster(model, active: active)
    var evaluations = 1
    var best = (cost: Double.infinity, targets: floor)
    func enter(_ targets: [Double], _ recursion: ValueRecursion) {
      let cost = master.addPlanes(model, recursion, targets: targets)
      if cost < best.cost { best = (cost, targets) }
    }
    enter(floor, recursion)
    // The plan that pays no peak bounds the targets from the other side.
    var free = floor
    for k in active { free[k] = .infinity }
    recursion.run(model, targets: free)
    evaluations += 1
    for k in active { free[k] = max(floor[k], model.peakKW(k, of: recursion.flows)) }
    enter(free, recursion)
    var bound = -Double.infinity
    // A penalty counted in the end value must not blur the tolerance.
    let base = model.endValue(model.start)
    while evaluations < mostEvaluations {
      guard let proposal = master.propose() else { break }
      bound = max(bound, proposal.bound)
      if best.cost - bound <= tolerance * max(1, abs(best.cost + base)) { break }
      var targets = floor
      for (place, k) in active.enumerated() { targets[k] = proposal.targetsKW[place] }
      recursion.run(model, targets: targets)
      evaluations += 1
      enter(targets, recursion)
    }
    recursion.run(model, targets: best.targets)
    let gap = max(0, best.cost - bound)
    return PeakSearch(
      targetsKW: best.targets, evaluations: evaluations,
      isExact: gap <= 1e-7 * max(1, abs(best.cost + base)), gap: gap)
  }
}

/// The linear program over supporting planes.
private struct PeakMaster {
  private var program = LinearProgram(name: "peaks")
  private let solver = LinearProgramSolver()
  private var basis: Basis?
  private let active: [Int]
  private let blocks: [Range<Int>]
  /// The block that each peak lies in.
  private let blockOf: [Int?]
  private var peak: [LinearProgram.Column] = []
  /// Energy at the end of each block but the last.
  private var boundary: [LinearProgram.Column] = []
  private var blockCost: [LinearProgram.Column] = []

  init(_ model: PlanningModel, active: [Int]) {
    self.active = active
    let blocks = Self.blocks(model, active: active)
    self.blocks = blocks
    blockOf = active.map { k in
      model.demands[k].applies.firstIndex(of: true).flatMap { first in
        blocks.firstIndex { $0.contains(first) }
      }
    }
    var most = 1.0
    for t in 0..<model.count { most = max(most, model.loadKW[t] + model.chargeKW[t]) }
    for k in active {
      let floor = max(0, model.demands[k].incurredKW)
      peak.append(
        program.addColumn(
          "peak_\(k)", lower: floor, upper: max(most, floor), cost: model.demands[k].pricePerKW))
    }
    for (b, block) in blocks.enumerated() {
      let last = block.upperBound - 1
      if b < blocks.count - 1 {
        boundary.append(
          program.addColumn(
            "energy_\(b)", lower: model.energyMin[last], upper: model.energyMax[last]))
      }
      blockCost.append(program.addColumn("cost_\(b)", lower: -.infinity, cost: 1))
    }
  }

  /// Groups the slots so that every demand price lies in one group.
  private static func blocks(
    _ model: PlanningModel, active: [Int]
  ) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for k in active {
      let applies = model.demands[k].applies
      guard let first = applies.firstIndex(of: true), let last = applies.lastIndex(of: true) else {
        continue
      }
      ranges.append(first..<(last + 1))
    }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    var merged: [Range<Int>] = []
    for range in ranges {
      if let last = merged.last, range.lowerBound < last.upperBound {
        merged[merged.count - 1] =
          last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    // Slots between groups join the group before them, those at the start the first.
    var result: [Range<Int>] = []
    for b in merged.indices {
      let from = b == 0 ? 0 : merged[b].lowerBound
      let to = b == merged.count - 1 ? model.count : merged[b + 1].lowerBound
      result.append(from..<to)
    }
    return result
  }

  /// Adds one plane per block and returns the cost of the schedule with its targets.
  mutating func addPlanes(
    _ model: PlanningModel, _ recursion: ValueRecursion, targets: [Double]
  ) -> Double {
    var total = 0.0
    for (place, k) in active.enumerated() {
      total += model.demands[k].pricePerKW * (targets[k] - program.columnLower[peak[place].index])
    }
    // Lower targets first: a target met at its level is priced after those already exceeded.
    let rising = active.enumerated().sorted { targets[$0.element] < targets[$1.element] }
    for (b, block) in blocks.enumerated() {
      let own = rising.filter { blockOf[$0.offset] == b }
      var money = 0.0
      var saving = [Double](repeating: 0, count: active.count)
      for t in block {
        money += model.slotCost(t, recursion.flows[t], targets: targets)
        money -= model.keepingPerKWh * recursion.energy[t]
        addSavings(&saving, t, own, model, recursion, targets: targets)
      }
      if b == blocks.count - 1 { money -= model.endValue(recursion.energy[model.count - 1]) }
      total += money
      var constant = money
      var terms: [(column: LinearProgram.Column, coefficient: Double)] = [(blockCost[b], 1)]
      for (place, k) in active.enumerated() where saving[place] != 0 {
        terms.append((peak[place], saving[place]))
        constant += saving[place] * targets[k]
      }
      if b > 0 {
        let slope = -model.retention * recursion.energyValue[block.lowerBound]
        terms.append((boundary[b - 1], -slope))
        constant -= slope * recursion.energy[block.lowerBound - 1]
      }
      if b < blocks.count - 1 {
        // The worth holds what keeping it is worth, which the block counts itself.
        let slope = recursion.energyValue[block.upperBound - 1] - model.keepingPerKWh
        terms.append((boundary[b], -slope))
        constant -= slope * recursion.energy[block.upperBound - 1]
      }
      program.addRow("plane_\(program.rowCount)", lower: constant, terms: terms)
      basis?.rows.append(.basic)
    }
    return total
  }

  /// Adds what one kW more of each target of a block would save in a slot, in their order; shared targets
  /// share the saving.
  private func addSavings(
    _ saving: inout [Double], _ t: Int, _ own: [(offset: Int, element: Int)],
    _ model: PlanningModel, _ recursion: ValueRecursion, targets: [Double]
  ) {
    var used = 0.0
    for (place, k) in own where model.demands[k].applies[t] {
      guard recursion.flows[t].importKW >= targets[k] - 1e-9 * max(1, targets[k]) else { continue }
      let most = model.overPeakPrice(model.demands[k]) * model.stepHours
      if recursion.flows[t].importKW > targets[k] + 1e-9 * max(1, targets[k]) {
        saving[place] += most
        used += most
      } else {
        let whole = model.priceAtLevel(t, recursion)
        let part = max(0, min(most, whole - used))
        saving[place] += part
        used += part
      }
    }
  }

  /// Returns the cheapest targets of the planes so far and their cost, a lower bound.
  mutating func propose() -> (targetsKW: [Double], bound: Double)? {
    var outcome = SolveOutcome.infeasible
    if let basis {
      outcome = solver.solve(program, from: basis)
    }
    if outcome.solution == nil {
      outcome = solver.solve(program, options: SolveOptions(method: .primal))
    }
    if outcome.solution == nil {
      outcome = solver.solve(program, options: SolveOptions(method: .presolvedPrimal))
    }
    guard let solution = outcome.solution else { return nil }
    basis = solution.basis
    var base = 0.0
    for column in peak { base += program.cost[column.index] * program.columnLower[column.index] }
    return (peak.map { solution[$0] }, solution.objective - base)
  }
}
