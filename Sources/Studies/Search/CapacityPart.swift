import LinearPrograms

/// The program of one part of the year for a battery of a given size, kept loaded between sizes.
struct CapacityPart {
  private var program: LinearProgram
  private let solver = LinearProgramSolver()
  private var basis: Basis?
  private var charge: [LinearProgram.Column] = []
  private var discharge: [LinearProgram.Column] = []
  private var stored: [LinearProgram.Column] = []
  private let usableShare: Double

  /// Cost of a part and how it changes with the size.
  struct Cost {
    /// What the part costs. [currency]
    var value: Double
    /// Change for one more kWh and one more kW, at most zero. [currency]
    var perKWh: Double
    var perKW: Double
  }

  init(_ part: CapacityProblem.Part, of problem: CapacityProblem) {
    usableShare = problem.usableShare
    program = LinearProgram(name: "capacity")
    let hours = problem.stepHours
    let peaks = part.demands.indices.map {
      program.addColumn("peak \($0)", cost: part.demands[$0].pricePerKW)
    }
    for t in part.netKW.indices {
      let buy = part.buyPerKWh[t]
      let bought = program.addColumn("import \(t)", cost: hours * buy)
      // A kWh sold never earns more than one bought costs, so that no energy goes round in circles.
      let sold = program.addColumn(
        "export \(t)", upper: problem.exportLimitKW,
        cost: -hours * min(part.sellPerKWh[t], buy))
      let thrown = program.addColumn("curtail \(t)", upper: max(0, part.pvKW[t]))
      charge.append(program.addColumn("charge \(t)"))
      discharge.append(program.addColumn("discharge \(t)"))
      stored.append(program.addColumn("stored \(t)"))
      program.addRow(
        "balance \(t)", lower: part.netKW[t], upper: part.netKW[t],
        terms: [
          (bought, 1), (sold, -1), (thrown, -1), (charge[t], -1), (discharge[t], 1),
        ])
      for (k, demand) in part.demands.enumerated() where demand.applies[t] {
        program.addRow("peak \(k) \(t)", lower: 0, terms: [(peaks[k], 1), (bought, -1)])
      }
    }
    for t in stored.indices {
      let before = stored[t == 0 ? stored.count - 1 : t - 1]
      var terms = [
        (column: charge[t], coefficient: -hours * problem.chargeEfficiency),
        (column: discharge[t], coefficient: hours / problem.dischargeEfficiency),
      ]
      if stored.count > 1 { terms += [(stored[t], 1), (before, -1)] }
      program.addRow("energy \(t)", lower: 0, upper: 0, terms: terms)
    }
  }

  /// Returns what the part costs with a battery of a size; nothing where the solver has no answer.
  mutating func cost(energyKWh: Double, powerKW: Double) -> Cost? {
    for t in stored.indices {
      program.setBounds(charge[t], lower: 0, upper: powerKW)
      program.setBounds(discharge[t], lower: 0, upper: powerKW)
      program.setBounds(stored[t], lower: 0, upper: usableShare * energyKWh)
    }
    var options = SolveOptions()
    if basis == nil { options.method = .presolvedPrimal }
    var found = solver.solve(program, from: basis, options: options).solution
    if found == nil {
      // A basis of another size may lead the simplex astray; from nothing it finds its way.
      options.method = .presolvedPrimal
      found = solver.solve(program, options: options).solution
    }
    guard let solution = found else { return nil }
    basis = solution.basis
    // What a bound on a column costs is its reduced cost, where it would rather grow.
    func slope(_ columns: [LinearProgram.Column]) -> Double {
      columns.reduce(0) { $0 + min(0, solution.columnDual[$1.index]) }
    }
    return Cost(
      value: solution.objective, perKWh: usableShare * slope(stored),
      perKW: slope(charge) + slope(discharge))
  }
}
