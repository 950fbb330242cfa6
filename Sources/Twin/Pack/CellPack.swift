internal import CTwinKernels

/// A pack of cells in series and parallel with its network of heat, stepped exactly.
///
/// Groups of `parallel` cells share one voltage, `series` groups carry the same current and make a
/// string, and `strings` strings share the voltage of the pack. Within a step
/// the current is constant, RC pairs and heat follow their exact exponentials, and coefficients are
/// taken at mid-step, so the error falls with the square of the step.
public struct CellPack: Sendable {
  let model: PackModel
  private(set) var memory: PackMemory
  /// Temperatures of the boundaries. [°C]
  public var boundaryC: [Double]
  private var responses: [StepResponse] = []
  /// Which of the networks holds now.
  var condition = 0
  /// Current of the last step, positive when discharging. [A]
  public internal(set) var packCurrentA = 0.0
  /// Mean voltage of the last step. [V]
  public internal(set) var meanVoltageV = 0.0
  /// Sums and extremes over the cells after the last step.
  var summary = twin_summary()
  /// Where the loss of the last step went.
  private(set) var losses = twin_losses()

  /// Builds a pack.
  ///
  /// - Parameters:
  ///   - cell: The cell; its `problems()` are empty.
  ///   - series: Groups in series.
  ///   - parallel: Cells in a group; cell `j` belongs to group `j / parallel`.
  ///   - strings: Strings side by side; group `g` belongs to string `g / series`.
  ///   - capacityAh: Charge of each cell. [Ah]
  ///   - resistanceScale: Factor on every resistance of each cell.
  ///   - socFraction: State of charge of each cell.
  ///   - temperatureC: Temperature of every node. [°C]
  ///   - linkOhm: Connection of each cell, outside of it. [Ω]
  ///   - network: Network of heat whose first nodes are the cells.
  public init(
    cell: CellSpecification, series: Int, parallel: Int, strings: Int = 1, capacityAh: [Double],
    resistanceScale: [Double], socFraction: [Double], temperatureC: Double, linkOhm: Double = 0,
    network: ThermalNetwork
  ) {
    self.init(
      model: PackModel(
        cell: cell, series: series, parallel: parallel, strings: strings, linkOhm: linkOhm,
        networks: [.general(network)]),
      capacityAh: capacityAh, resistanceScale: resistanceScale, socFraction: socFraction,
      temperatureC: temperatureC)
  }

  init(
    model: PackModel, capacityAh: [Double], resistanceScale: [Double], socFraction: [Double],
    temperatureC: Double
  ) {
    self.model = model
    let count = model.cellCount
    precondition(
      capacityAh.count == count && resistanceScale.count == count && socFraction.count == count,
      "one value per cell")
    memory = PackMemory(model)
    for i in 0..<memory.commonCount { unsafe memory.commonC[i] = temperatureC }
    boundaryC = [Double](repeating: temperatureC, count: model.networks[0].boundaryCount)
    for j in 0..<count {
      self[.capacity, j] = capacityAh[j]
      self[.inverseCapacity, j] = 1 / capacityAh[j]
      self[.scale, j] = resistanceScale[j]
      self[.temperature, j] = temperatureC
      setSOC(socFraction[j], cell: j)
    }
    for j in 0..<count { meanVoltageV += self[.endE, j] }
    meanVoltageV /= Double(model.parallel * model.strings)
    memory.fillBlocks()
    let volts = column(.endE)
    summary.lowest_v = volts.min() ?? 0
    summary.highest_v = volts.max() ?? 0
    refreshSummary()
  }

  /// Number of cells.
  public var cellCount: Int { model.cellCount }

  /// A column of the cells.
  enum Column: Int {
    case soc, fastV, slowV, hysteresis, temperature, energy, drift, capacity, inverseCapacity
    case scale, bleed, share, lag, surfaceEnergy, fast, slow, meanE, meanR, endE, endR, entropic,
      conductance, heat
    case series, halfWidth, turned, surfaceInverse
  }

  /// Copies the numbers when another pack shares them.
  private mutating func own() {
    if !isKnownUniquelyReferenced(&memory) { memory = PackMemory(copying: memory) }
  }

  subscript(column: Column, cell: Int) -> Double {
    get { unsafe memory.cells[PackMemory.place(column.rawValue, cell)] }
    set {
      own()
      unsafe memory.cells[PackMemory.place(column.rawValue, cell)] = newValue
    }
  }

  /// Values of one column, one per cell.
  func column(_ column: Column) -> [Double] {
    (0..<cellCount).map { self[column, $0] }
  }

  /// The largest factor on the resistances of any cell, and the least charge of one. [Ah]
  var weakest: (scale: Double, capacityAh: Double) {
    (0..<cellCount).reduce((0, .infinity)) {
      (max($0.0, self[.scale, $1]), min($0.1, self[.capacity, $1]))
    }
  }

  /// Everything about the cells, as the kernels lay it out.
  var cells: [Double] {
    get { unsafe Array(UnsafeBufferPointer(start: memory.cells, count: memory.cellDoubles)) }
    set {
      precondition(newValue.count == memory.cellDoubles, "one value per place")
      own()
      for (i, value) in newValue.enumerated() { unsafe memory.cells[i] = value }
    }
  }

  /// What groups and strings of the last step are made of, as the kernels lay it out.
  var links: [Double] {
    get { unsafe Array(UnsafeBufferPointer(start: memory.links, count: memory.linkDoubles)) }
    set {
      precondition(newValue.count == memory.linkDoubles, "one value per place")
      own()
      for (i, value) in newValue.enumerated() { unsafe memory.links[i] = value }
    }
  }

  /// Temperatures of the nodes that are not cells. [°C]
  public internal(set) var commonTemperatureC: [Double] {
    get { (0..<memory.commonCount).map { unsafe memory.commonC[$0] } }
    set {
      own()
      for (i, value) in newValue.enumerated() { unsafe memory.commonC[i] = value }
    }
  }

  /// Heat put into the nodes that are not cells. [W]
  public var commonHeatW: [Double] {
    get { (0..<memory.commonCount).map { unsafe memory.commonW[$0] } }
    set {
      own()
      for (i, value) in newValue.enumerated() { unsafe memory.commonW[i] = value }
    }
  }

  /// Temperature of one node that is not a cell. [°C]
  func commonC(_ node: Int) -> Double { unsafe memory.commonC[node] }

  /// Sets the heat put into the air, the node in the sun and the inverter's heatsink. [W]
  mutating func setHeat(airW: Double, sunW: Double, sunlit: Int, heatsinkW: Double, heatsink: Int) {
    own()
    unsafe memory.commonW[0] = airW
    unsafe memory.commonW[sunlit] = sunlit == 0 ? airW + sunW : sunW
    unsafe memory.commonW[heatsink] = heatsinkW
  }

  /// State of charge of each cell.
  public var socFraction: [Double] { column(.soc) }
  /// State of charge of each cell at the surface of the active material.
  public var surfaceFraction: [Double] { zip(column(.soc), column(.lag)).map(-) }
  /// Temperature of each cell. [°C]
  public var temperatureC: [Double] { column(.temperature) }
  /// Current of each cell over the last step. [A]
  public var currentA: [Double] { sharesA(packCurrentA) }
  /// Voltage of each cell at the end of the last step. [V]
  public var terminalV: [Double] {
    // After a step every cell knows its share, which costs less than to work it out again.
    let meanA = packCurrentA / Double(model.parallel * model.strings)
    return (0..<cellCount).map { self[.endE, $0] - (meanA + self[.share, $0]) * self[.endR, $0] }
  }

  /// Sets the current that each cell loses on its own, and a bleed besides where its voltage is above a floor.
  ///
  /// - Parameters:
  ///   - perHour: Self-discharge. [1/h]
  ///   - bleedA: Bleed. [A]
  ///   - floorV: Voltage above which a cell is bled. [V]
  ///   - volts: Voltage of each cell. [V]
  mutating func bleed(perHour: Double, bleedA: Double, aboveV floorV: Double, volts: [Double]) {
    own()
    for j in 0..<cellCount {
      let usual = perHour * self[.capacity, j]
      unsafe memory.cells[PackMemory.place(Column.bleed.rawValue, j)] =
        usual + (volts[j] > floorV ? bleedA : 0)
    }
  }

  /// Power that cells are bled by, besides their self-discharge. [W]
  func bledW(perHour: Double, volts: [Double]) -> Double {
    (0..<cellCount).reduce(0) { sum, j in
      let extra = self[.bleed, j] - perHour * self[.capacity, j]
      return extra > 0 ? sum + extra * volts[j] : sum
    }
  }
  /// Charge of each full cell. [Ah]
  public var capacityAh: [Double] { column(.capacity) }

  /// Sets the state of charge of a cell and lets it rest.
  mutating func setSOC(_ socFraction: Double, cell j: Int) {
    self[.soc, j] = socFraction
    self[.lag, j] = 0
    self[.energy, j] = model.tables.energyIntegral(at: socFraction)
    self[.surfaceEnergy, j] = self[.energy, j]
    self[.endE, j] = model.tables.openCircuitV(at: socFraction)
    self[.endR, j] = 0
  }

  /// Returns the voltage of a cell at its present state and a current. [V]
  public func terminalV(cell j: Int, currentA: Double) -> Double {
    let z = self[.soc, j] - self[.lag, j]
    let ohm = model.tables.seriesOhm(
      socFraction: z, temperatureC: self[.temperature, j], charging: currentA < 0)
    return model.tables.openCircuitV(at: z)
      + model.tables.hysteresisV(at: z) * self[.hysteresis, j]
      - currentA * ohm * self[.scale, j] - self[.fastV, j] - self[.slowV, j]
  }

  /// Energy of all cells at their voltage at rest, from empty. [Wh]
  var energyWh: Double { summary.energy_wh }

  /// Lowest and highest voltage of a cell at the end of the last step. [V]
  public var lowestV: Double { summary.lowest_v }
  public var highestV: Double { summary.highest_v }

  /// Mean state of charge.
  var meanSOC: Double { summary.soc_sum / Double(model.cellCount) }

  /// Looks at the cells again after they were changed by hand; voltages stay those of the last step.
  mutating func refreshSummary() {
    var view = unsafe memory.view
    var found = unsafe model.kernels.pointee.summarise(&view)
    found.lowest_v = summary.lowest_v
    found.highest_v = summary.highest_v
    summary = found
  }

  // MARK: One step

  /// The coefficients of a step length under the present condition, kept for the next one.
  mutating func response(seconds: Double) -> StepResponse {
    if let last = responses.last, last.seconds == seconds, last.condition == condition {
      return last
    }
    for (index, response) in responses.enumerated()
    where response.seconds == seconds && response.condition == condition {
      responses.swapAt(index, responses.count - 1)
      return response
    }
    let response = model.responses.response(model, condition: condition, seconds: seconds)
    if responses.count >= 12 { responses.removeFirst() }
    responses.append(response)
    return response
  }

  /// What the cells can do in a step: their line of voltage over current and where limits are.
  struct StepLimits {
    var line: twin_pack_line
    /// Pack currents at which the first cell meets its SOC and voltage limit, at least 0. [A]
    var socA: Double
    var voltageA: Double
    /// Rounds it took to find the shares of cells side by side.
    var rounds = 0
  }

  /// Evaluates all cells at mid-step for an estimate of the pack current.
  mutating func prepare(
    _ response: StepResponse, estimatedA: Double, direction: Int32 = 0, socLimit: Double = 0,
    voltageLimit: Double = 0
  ) -> StepLimits {
    own()
    var limits = twin_pack_limits()
    var view = unsafe memory.view
    let line = unsafe model.kernels.pointee.begin(
      &view, model.tables.model, response.coefficients,
      estimatedA / Double(model.parallel * model.strings),
      twin_bounds(direction: direction, soc: socLimit, volt: voltageLimit), &limits)
    return StepLimits(line: line, socA: max(0, limits.soc_a), voltageA: max(0, limits.voltage_a))
  }

  /// Finds the shares of cells and strings side by side at a pack current.
  ///
  /// The lines of `prepare` are straight; where a cell's voltage bends away from its own, the currents at
  /// which the voltages agree are solved for, and the lines become the tangents there.
  ///
  /// - Returns: What the cells can do by the new lines; nil when those of before hold.
  mutating func share(
    _ response: StepResponse, packA: Double, direction: Int32 = 0, socLimit: Double = 0,
    voltageLimit: Double = 0
  ) -> StepLimits? {
    guard isShared else { return nil }
    own()
    var limits = twin_pack_limits()
    var line = twin_pack_line()
    var view = unsafe memory.view
    let rounds = unsafe model.kernels.pointee.share(
      &view, model.tables.model, response.coefficients, packA,
      twin_bounds(direction: direction, soc: socLimit, volt: voltageLimit), &line, &limits)
    guard rounds > 0 else { return nil }
    return StepLimits(
      line: line, socA: max(0, limits.soc_a), voltageA: max(0, limits.voltage_a),
      rounds: Int(rounds))
  }

  /// Times that lines are found again before they are taken as they are: each leads to another current, and
  /// the current to other lines.
  static let mostShares = 4

  /// True when cells or strings lie side by side and share a voltage.
  var isShared: Bool { model.parallel > 1 || model.strings > 1 }

  /// Moves charge, pairs and heat over the step at a pack current.
  mutating func finish(_ response: StepResponse, line: twin_pack_line, packA: Double) {
    packCurrentA = packA
    meanVoltageV = line.e_volt - packA * line.r_ohm
    own()
    var view = unsafe memory.view
    var around = unsafe memory.surroundings(ambientC: boundaryC[0])
    unsafe model.kernels.pointee.finish(
      &view, model.tables.model, response.coefficients, packA, response.heat, &around, &summary,
      &losses)
    if unsafe response.heat == nil { moveGeneral(response) }
  }

  /// Moves the heat of a network that is not in the form of modules.
  private mutating func moveGeneral(_ response: StepResponse) {
    guard case .general(let network) = model.networks[condition] else { return }
    let count = cellCount
    var nodes = temperatureC + commonTemperatureC
    var rates = [Double](repeating: 0, count: nodes.count)
    network.fillRates(
      &rates, temperatureC: nodes, heatW: column(.heat) + commonHeatW, boundaryC: boundaryC)
    unsafe response.move(&nodes, rates: rates, kernels: model.kernels)
    for j in 0..<count {
      self[.drift, j] = (nodes[j] - self[.temperature, j]) / response.seconds
      self[.temperature, j] = nodes[j]
    }
    commonTemperatureC = Array(nodes[count...])
    refreshSummary()
  }

  /// Advances at a given current.
  ///
  /// - Parameters:
  ///   - currentA: Pack current, positive when discharging. [A]
  ///   - seconds: Length of the step, greater than 0. [s]
  ///   - corrected: Repeats the step with the mid-step temperature it found.
  public mutating func advance(currentA: Double, seconds: Double, corrected: Bool = false) {
    let response = response(seconds: seconds)
    advance(response, corrected: corrected, estimatedA: currentA) { _ in currentA }
  }

  /// Advances so that the mean power over the step is the one asked for.
  ///
  /// Power beyond what the pack can give is replaced by the highest it can.
  ///
  /// - Parameters:
  ///   - powerW: Power at the terminals, positive when discharging. [W]
  ///   - seconds: Length of the step, greater than 0. [s]
  ///   - corrected: Repeats the step with the mid-step temperature it found.
  public mutating func advance(powerW: Double, seconds: Double, corrected: Bool = false) {
    let response = response(seconds: seconds)
    let estimatedA = powerW / meanVoltageV
    advance(response, corrected: corrected, estimatedA: estimatedA) { line in
      CellPack.current(line, powerW: powerW)
    }
  }

  private mutating func advance(
    _ response: StepResponse, corrected: Bool, estimatedA: Double,
    solve: (twin_pack_line) -> Double
  ) {
    var line = prepare(response, estimatedA: estimatedA).line
    var currentA = solve(line)
    if corrected {
      share(response, line: &line, packA: &currentA, solve: solve)
      var trial = self
      trial.finish(response, line: line, packA: currentA)
      for j in 0..<cellCount {
        self[.drift, j] = trial[.drift, j]
        self[.share, j] = trial[.share, j]
      }
      line = prepare(response, estimatedA: currentA).line
      currentA = solve(line)
    }
    share(response, line: &line, packA: &currentA, solve: solve)
    finish(response, line: line, packA: currentA)
  }

  private mutating func share(
    _ response: StepResponse, line: inout twin_pack_line, packA: inout Double,
    solve: (twin_pack_line) -> Double
  ) {
    for _ in 0..<CellPack.mostShares {
      guard let found = share(response, packA: packA) else { return }
      line = found.line
      let former = packA
      packA = solve(line)
      if packA == former { return }
    }
  }

  /// Solves `P = i (e − i r)` for the smaller current, or the one of the highest power. [A]
  static func current(_ line: twin_pack_line, powerW: Double) -> Double {
    let root = line.e_volt * line.e_volt - 4 * line.r_ohm * powerW
    guard root > 0 else { return line.e_volt / (2 * line.r_ohm) }
    return 2 * powerW / (line.e_volt + root.squareRoot())
  }
}

extension CellPack {
  /// Returns the voltage of the pack and the current of each cell at this instant. [V] [A]
  ///
  /// - Parameter packA: Current of the pack, positive when discharging. [A]
  /// - Returns: Voltage of the pack and currents, one per cell.
  public func instantaneous(packA: Double) -> (packV: Double, cellA: [Double]) {
    var shares = [Double](repeating: packA, count: cellCount)
    var sources: [(e: Double, r: Double)] = []
    for j in 0..<cellCount {
      let e = terminalV(cell: j, currentA: 0)
      let r = e - terminalV(cell: j, currentA: packA < 0 ? -1 : 1)
      sources.append((e, abs(r) + model.linkOhm))
    }
    // Sources side by side act as one with the sum of their conductances.
    func together(_ parts: [(e: Double, r: Double)]) -> (e: Double, r: Double) {
      let conductance = parts.reduce(0) { $0 + 1 / $1.r }
      return (parts.reduce(0) { $0 + $1.e / $1.r } / conductance, 1 / conductance)
    }
    let groups = (0..<model.series * model.strings).map { g in
      together(Array(sources[g * model.parallel..<(g + 1) * model.parallel]))
    }
    let strings = (0..<model.strings).map { s in
      groups[s * model.series..<(s + 1) * model.series].reduce((e: 0.0, r: 0.0)) {
        (e: $0.e + $1.e, r: $0.r + $1.r)
      }
    }
    let pack = together(strings)
    let total = pack.e - pack.r * packA
    for (j, source) in sources.enumerated() {
      let g = j / model.parallel
      let string = strings[g / model.series]
      let stringA = (string.e - total) / string.r
      shares[j] = (source.e - (groups[g].e - groups[g].r * stringA)) / source.r
    }
    return (total, shares)
  }
}
