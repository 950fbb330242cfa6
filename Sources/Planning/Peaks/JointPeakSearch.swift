internal import LinearPrograms
internal import Tariffs

/// Finds several peaks together, by cutting planes over all targets and the energies between months.
///
/// The horizon is cut into blocks such that each demand price lies in one block. A block's cost is convex
/// in its peaks and in the energy at its two ends, and every run of the value function yields a
/// supporting plane for each block at once. A small linear program over the planes proposes the next
/// targets and is a lower bound; the best run is an upper bound. Demand prices on the highest of the same slots, such as
/// the parts of a price that rises with the peak, have one target together, for they are one convex price of one peak.
enum JointPeakSearch {
  /// Most runs of the value function.
  static let mostEvaluations = 250
  /// Relative distance of the bounds at which the search ends.
  static let tolerance = 1e-9

  static func run(
    _ model: PlanningModel, active: [Int], recursion: inout ValueRecursion,
    floor: [Double]
  ) -> PeakSearch {
    let peaks = SharedPeak.peaks(model, active: active)
    var master = PeakMaster(model, peaks: peaks)
    var evaluations = 1
    /// Returns the targets of all rows where each peak has one.
    func targets(_ ofPeak: (SharedPeak) -> Double) -> [Double] {
      var targets = floor
      for peak in peaks {
        let target = ofPeak(peak)
        for k in peak.rows { targets[k] = target }
      }
      return targets
    }
    let least = targets { floor[$0.leader] }
    if least != floor {
      recursion.run(model, targets: least)
      evaluations += 1
    }
    var best = (cost: Double.infinity, targets: least)
    func enter(_ targets: [Double], _ recursion: ValueRecursion) {
      let cost = master.addPlanes(model, recursion, targets: targets)
      if cost < best.cost { best = (cost, targets) }
    }
    enter(least, recursion)
    // The plan that pays no peak bounds the targets from the other side.
    recursion.run(model, targets: targets { _ in .infinity })
    evaluations += 1
    let flows = recursion.flows
    enter(
      targets { max(floor[$0.leader], model.peakKW($0.leader, of: flows)) }, recursion)
    var bound = -Double.infinity
    // A penalty counted in the end value must not blur the tolerance.
    let base = model.endValue(model.start)
    while evaluations < mostEvaluations {
      guard let proposal = master.propose() else { break }
      bound = max(bound, proposal.bound)
      if best.cost - bound <= tolerance * max(1, abs(best.cost + base)) { break }
      var tried = floor
      for (place, peak) in peaks.enumerated() {
        for k in peak.rows { tried[k] = proposal.targetsKW[place] }
      }
      recursion.run(model, targets: tried)
      evaluations += 1
      enter(tried, recursion)
    }
    recursion.run(model, targets: best.targets)
    let gap = max(0, best.cost - bound)
    return PeakSearch(
      targetsKW: zip(best.targets, floor).map { max($0, $1) }, evaluations: evaluations,
      isExact: gap <= 1e-7 * max(1, abs(best.cost + base)), gap: gap)
  }
}

/// Demand prices on the highest import of the same slots.
private struct SharedPeak {
  /// Positions of the demand prices, from the lowest incurred peak up.
  var rows: [Int]
  /// The one with the lowest incurred peak.
  var leader: Int { rows[0] }

  static func peaks(_ model: PlanningModel, active: [Int]) -> [SharedPeak] {
    let demands = model.demands
    var peaks: [SharedPeak] = []
    for k in active {
      let same = peaks.firstIndex {
        demands[$0.leader].meteringSlots == demands[k].meteringSlots
          && demands[$0.leader].applies == demands[k].applies
      }
      if let same { peaks[same].rows.append(k) } else { peaks.append(SharedPeak(rows: [k])) }
    }
    for p in peaks.indices {
      peaks[p].rows.sort { (demands[$0].incurredKW, $0) < (demands[$1].incurredKW, $1) }
    }
    return peaks
  }
}

/// The linear program over supporting planes.
private struct PeakMaster {
  private var program = LinearProgram(name: "peaks")
  private let solver = LinearProgramSolver()
  private var basis: Basis?
  private let peaks: [SharedPeak]
  private let blocks: [Range<Int>]
  /// The block that each peak lies in.
  private let blockOf: [Int?]
  private var peak: [LinearProgram.Column] = []
  /// Energy at the end of each block but the last.
  private var boundary: [LinearProgram.Column] = []
  private var blockCost: [LinearProgram.Column] = []

  init(_ model: PlanningModel, peaks: [SharedPeak]) {
    self.peaks = peaks
    let blocks = Self.blocks(model, active: peaks.map(\.leader))
    self.blocks = blocks
    blockOf = peaks.map { shared in
      model.demands[shared.leader].applies.firstIndex(of: true).flatMap { first in
        blocks.firstIndex { $0.contains(first) }
      }
    }
    var most = 1.0
    for t in 0..<model.count { most = max(most, model.loadKW[t] + model.chargeKW[t]) }
    for k in peaks.map(\.leader) {
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
    for (place, shared) in peaks.enumerated() {
      for k in shared.rows.dropFirst() {
        // What lies above the incurred peak of a further price pays that as well.
        let above = program.addColumn("above_\(k)", cost: model.demands[k].pricePerKW)
        program.addRow(
          "above_\(k)", lower: -max(0, model.demands[k].incurredKW),
          terms: [(above, 1), (peak[place], -1)])
      }
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
    for k in peaks.flatMap(\.rows) {
      total +=
        model.demands[k].pricePerKW * max(0, targets[k] - max(0, model.demands[k].incurredKW))
    }
    // Lower targets first: a target met at its level is priced after those already exceeded.
    let leaders = peaks.map(\.leader)
    let rising = leaders.enumerated().sorted { targets[$0.element] < targets[$1.element] }
    for (b, block) in blocks.enumerated() {
      let own = rising.filter { blockOf[$0.offset] == b }
      var money = 0.0
      var saving = [Double](repeating: 0, count: peaks.count)
      for t in block {
        money += model.slotCost(t, recursion.flows[t], targets: targets)
        money -= model.keepingPerKWh * recursion.energy[t]
        addSavings(&saving, t, own, model, recursion, targets: targets)
      }
      if b == blocks.count - 1 { money -= model.endValue(recursion.energy[model.count - 1]) }
      total += money
      var constant = money
      var terms: [(column: LinearProgram.Column, coefficient: Double)] = [(blockCost[b], 1)]
      for (place, k) in leaders.enumerated() where saving[place] != 0 {
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
      let most =
        peaks[place].rows.reduce(0) { $0 + model.overPeakPrice(model.demands[$1]) }
        * model.stepHours
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
