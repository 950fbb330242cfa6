internal import CTwinKernels
public import Diagnostics

/// What telemetry says about a cell.
public struct TelemetryFit: Sendable {
  /// What is known and what is asked.
  public struct Settings: Sendable {
    /// Charge between empty and full. [Ah]
    public var capacityAh: Double
    /// Known voltage at rest over state of charge; fitted on `ocvNodes` when nil.
    public var knownOCV: (socFraction: [Double], volt: [Double])?
    /// Nodes of the fitted voltage at rest and of the resistances.
    public var ocvNodes: [Double]
    public var resistanceNodes: [Double]
    /// Time constants to start from, one per pair; at most two. [s]
    public var timeConstantS: [Double]
    /// Whether temperature dependence and time constants are fitted or kept.
    public var fitsActivation: Bool
    public var fitsTimeConstants: Bool
    /// Activation energies to start from: series, then pairs. [J/mol]
    public var activationJPerMol: [Double]
    /// Range of charge that counts in the voltage fit.
    public var weightedSOC: ClosedRange<Double>
    /// Nodes of a fitted entropic coefficient; none when empty.
    public var entropicNodes: [Double]
    /// Stands where the runs do not tell the cell's heat; nil keeps whatever the fit finds.
    public var knownHeat: KnownHeat?
    /// Lag of the surface to start from; nil leaves it out.
    public var surfaceLag: SurfaceLag?
    /// Fall of the resistance with the current to start from; nil leaves it out.
    public var chargeTransfer: ChargeTransfer?

    /// Sets what is known and what is fitted.
    public init(
      capacityAh: Double, knownOCV: (socFraction: [Double], volt: [Double])? = nil,
      ocvNodes: [Double] = (0...20).map { Double($0) / 20 },
      resistanceNodes: [Double] = (0...10).map { Double($0) / 10 },
      timeConstantS: [Double] = [20, 300], fitsActivation: Bool = true,
      fitsTimeConstants: Bool = true, activationJPerMol: [Double] = [15000, 25000, 25000],
      weightedSOC: ClosedRange<Double> = 0...1, entropicNodes: [Double] = [],
      knownHeat: KnownHeat? = nil, surfaceLag: SurfaceLag? = nil,
      chargeTransfer: ChargeTransfer? = nil
    ) {
      self.capacityAh = capacityAh
      self.knownOCV = knownOCV
      self.ocvNodes = ocvNodes
      self.resistanceNodes = resistanceNodes
      self.timeConstantS = timeConstantS
      self.fitsActivation = fitsActivation
      self.fitsTimeConstants = fitsTimeConstants
      self.activationJPerMol = activationJPerMol
      self.weightedSOC = weightedSOC
      self.entropicNodes = entropicNodes
      self.knownHeat = knownHeat
      self.surfaceLag = surfaceLag
      self.chargeTransfer = chargeTransfer
    }
  }

  /// What was known.
  public let settings: Settings
  /// Voltage at rest, series resistance and pairs' resistances at their nodes, 25 °C. [V] [Ω]
  public private(set) var ocvV: [Double] = []
  public private(set) var seriesOhm: [Double] = []
  public private(set) var pairOhm: [[Double]] = []
  /// Time constants. [s]
  public private(set) var timeConstantS: [Double]
  /// Activation energies: series, then pairs. [J/mol]
  public private(set) var activationJPerMol: [Double]
  /// Lag of the surface behind the mean charge, when it was asked for.
  public private(set) var surfaceLag: SurfaceLag?
  /// Fall of the resistance with the current, when it was asked for.
  public private(set) var chargeTransfer: ChargeTransfer?
  /// Heat of the cell, and how well the runs tell it.
  public private(set) var heat = HeatFit()
  /// Root mean square of what the fit leaves of its own runs. [V] [K]
  public private(set) var voltageRMSE = Double.nan
  public private(set) var temperatureRMSE = Double.nan

  private var solution: [Double] = []

  /// Fits a cell to measured runs by least squares.
  ///
  /// For given time constants and activation energies the voltage is linear in all the rest, so those
  /// are solved exactly, with a small penalty on bends and none negative; the few others are found by a
  /// pattern search. Heat follows in the same way: linear in 1/C and the entropic nodes for a given
  /// cooling time.
  ///
  /// - Parameters:
  ///   - runs: Measured runs.
  ///   - settings: What is known and what is asked.
  /// - Throws: `InputError` when runs are too short, not numbers or go back in time.
  public init(runs: [TelemetryRun], settings: Settings) throws(InputError) {
    var found = Findings()
    if runs.isEmpty { found.error("fit: no runs") }
    if !(settings.capacityAh > 0) {
      found.error("fit: capacity must be positive, found '\(settings.capacityAh)'")
    }
    if settings.timeConstantS.count > 2 || settings.timeConstantS.contains(where: { !($0 > 0) }) {
      found.error("fit: at most two pairs with positive time constants")
    }
    if let lag = settings.surfaceLag, !(lag.timeConstantS > 0 && lag.socPerC >= 0) {
      found.error("fit: the lag of the surface needs a positive time constant")
    }
    for run in runs { found.append(contentsOf: run.problems().all) }
    try found.throwIfErrors()
    self.settings = settings
    timeConstantS = settings.timeConstantS
    activationJPerMol = Array(settings.activationJPerMol.prefix(1 + settings.timeConstantS.count))
    search(runs)
    heat = HeatFit(
      measured: runs.map { heatRun($0, airOffsetK: 0) },
      rested: runs.contains { $0.startOffsetK != 0 }
        ? runs.map { heatRun($0, airOffsetK: $0.startOffsetK) } : nil,
      settings: settings)
    let count = runs.reduce(0) { $0 + $1.timeS.count }
    temperatureRMSE = (heat.squares / Double(max(1, count))).squareRoot()
  }

  private mutating func search(_ runs: [TelemetryRun]) {
    func prepare(_ dynamics: FitDynamics) -> [PreparedRun] {
      runs.map {
        PreparedRun(
          $0, settings: settings, lag: dynamics.surfaceLag, transfer: dynamics.chargeTransfer)
      }
    }
    var now = FitDynamics(
      timeConstantS: timeConstantS, activationJPerMol: activationJPerMol,
      surfaceLag: settings.surfaceLag, chargeTransfer: settings.chargeTransfer)
    var prepared = prepare(now)
    var best = solve(prepared, now)
    // Square sums are differences of large numbers; a gain below their noise is none.
    let noise = 1e-12 * prepared.reduce(0) { $0 + $1.targetSquares }
    var step = 0.5
    var rounds = 0
    while step > 0.03, rounds < 200 {
      rounds += 1
      var improved = false
      let leastGain = max(1e-6 * best.squares, noise)
      for index in 0..<now.count {
        for sign in [1.0, -1] {
          guard let next = now.moved(index, by: sign * step, settings: settings) else { continue }
          let isPrepared =
            next.surfaceLag == now.surfaceLag && next.chargeTransfer == now.chargeTransfer
          let other = isPrepared ? prepared : prepare(next)
          let trial = solve(other, next)
          if best.squares - trial.squares > leastGain {
            best = trial
            now = next
            prepared = other
            improved = true
            break
          }
        }
      }
      if !improved { step *= 0.5 }
    }
    timeConstantS = now.timeConstantS
    activationJPerMol = now.activationJPerMol
    surfaceLag = now.surfaceLag
    chargeTransfer = now.chargeTransfer
    solution = best.solution
    let nodes = settings.resistanceNodes.count
    let first = settings.knownOCV == nil ? settings.ocvNodes.count : 0
    ocvV = settings.knownOCV?.volt ?? Array(solution[..<first])
    seriesOhm = Array(solution[first..<first + nodes])
    pairOhm = timeConstantS.indices.map { pair in
      let start = first + nodes * (1 + pair)
      return Array(solution[start..<start + nodes])
    }
    let weight = prepared.reduce(0) { $0 + $1.weight.reduce(0, +) }
    voltageRMSE = (max(0, best.squares) / max(1, weight)).squareRoot()
  }

  private func solve(
    _ runs: [PreparedRun], _ dynamics: FitDynamics
  ) -> (solution: [Double], squares: Double) {
    let tau = dynamics.timeConstantS
    let activation = dynamics.activationJPerMol
    let first = settings.knownOCV == nil ? settings.ocvNodes.count : 0
    let nodes = settings.resistanceNodes.count
    let order = first + nodes * (1 + tau.count)
    var matrix = [Double](repeating: 0, count: order * order)
    var vector = [Double](repeating: 0, count: order)
    var squares = 0.0
    for run in runs {
      squares += run.accumulate(
        &matrix, &vector, settings: settings, tau: tau, activation: activation)
    }
    let weight = runs.reduce(0) { $0 + $1.weight.reduce(0, +) }
    var penalised = matrix
    func bend(_ range: Range<Int>, _ strength: Double) {
      guard range.count > 2 else { return }
      for i in range.dropFirst().dropLast() {
        let parts = [(i - 1, 1.0), (i, -2.0), (i + 1, 1.0)]
        for (a, x) in parts {
          for (b, y) in parts { penalised[a * order + b] += strength * x * y }
        }
      }
    }
    if first > 0 { bend(0..<first, 1e-6 * weight) }
    let ampere = runs.reduce(0) { $0 + $1.squareCurrent } / max(1, weight)
    for block in 0...tau.count {
      let start = first + block * nodes
      bend(start..<start + nodes, 1e-4 * ampere * weight)
      for i in start..<start + nodes { penalised[i * order + i] += 1e-9 * ampere * weight + 1e-12 }
    }
    let solution = LeastSquares.nonNegative(
      penalised, vector, order: order, constrained: first..<order)
    var value = squares
    for a in 0..<order {
      value -= 2 * solution[a] * vector[a]
      var row = 0.0
      for b in 0..<order { row += matrix[a * order + b] * solution[b] }
      value += solution[a] * row
    }
    return (solution, value)
  }

  /// Returns the voltages and temperatures that the fitted cell gives for a run's current.
  ///
  /// The voltage uses the measured temperature, the temperature the fitted voltage.
  public func prediction(of run: TelemetryRun) -> (voltageV: [Double], temperatureC: [Double]) {
    let prepared = PreparedRun(run, settings: settings, lag: surfaceLag, transfer: chargeTransfer)
    let volt = prepared.predict(
      solution, settings: settings, tau: timeConstantS, activation: activationJPerMol)
    return (volt, heat.temperatureC(of: heatRun(run, airOffsetK: airOffsetK(of: run))))
  }

  /// Returns how much warmer than measured the air of a run is taken to be. [K]
  public func airOffsetK(of run: TelemetryRun) -> Double {
    heat.startsAtRest ? run.startOffsetK : 0
  }

  private func heatRun(_ run: TelemetryRun, airOffsetK: Double) -> HeatRun {
    let prepared = PreparedRun(run, settings: settings, lag: surfaceLag, transfer: chargeTransfer)
    func volt(_ numbers: [Double]) -> [Double] {
      prepared.predict(
        numbers, settings: settings, tau: timeConstantS, activation: activationJPerMol)
    }
    let whole = volt(solution)
    if surfaceLag != nil {
      let mean = run.socFraction(capacityAh: settings.capacityAh)
      let slow = zip(mean, prepared.soc).map { openCircuitV($0) - openCircuitV($1) }
      return HeatRun(run, fit: self, volt: whole, slowV: slow, airOffsetK: airOffsetK)
    }
    guard timeConstantS.count > 1 else {
      return HeatRun(
        run, fit: self, volt: whole, slowV: [Double](repeating: 0, count: whole.count),
        airOffsetK: airOffsetK)
    }
    var without = solution
    for i in without.count - settings.resistanceNodes.count..<without.count { without[i] = 0 }
    let slow = zip(volt(without), whole).map { $0 - $1 }
    return HeatRun(run, fit: self, volt: whole, slowV: slow, airOffsetK: airOffsetK)
  }

  /// Returns the voltage at rest. [V]
  func openCircuitV(_ socFraction: Double) -> Double {
    let nodes = settings.knownOCV?.socFraction ?? settings.ocvNodes
    return HatBasis(nodes).value(ocvV, at: socFraction)
  }

  /// Returns the fitted cell as a specification for packs.
  ///
  /// Cells of packs have linear pairs, so a charge transfer becomes the series resistance at C/2; a lag of the surface
  /// stays what it is.
  ///
  /// - Parameters:
  ///   - name: Name of the cell.
  ///   - chemistry: Kind of electrodes.
  ///   - minimumV: Lowest allowed voltage. [V]
  ///   - maximumV: Highest allowed voltage. [V]
  /// - Returns: A cell; look at its `problems()` before use.
  public func cell(
    name: String, chemistry: Chemistry, minimumV: Double, maximumV: Double
  ) -> CellSpecification {
    let ocvNodes = settings.knownOCV?.socFraction ?? settings.ocvNodes
    let nodes = Set(ocvNodes + settings.resistanceNodes + [0, 1]).filter { $0 >= 0 && $0 <= 1 }
      .sorted()
    let ocv = HatBasis(ocvNodes)
    let hats = HatBasis(settings.resistanceNodes)
    let volt = TelemetryFit.rising(nodes.map { ocv.value(ocvV, at: $0) })
    func pair(_ index: Int) -> (ResistorCapacitor, [Double]) {
      guard index < pairOhm.count else {
        return (
          ResistorCapacitor(resistanceOhm: 0, timeConstantS: 100, activationJPerMol: 0),
          [Double](repeating: 1, count: nodes.count)
        )
      }
      let (resistanceOhm, shape) = TelemetryFit.shaped(
        nodes.map { max(1e-9, hats.value(pairOhm[index], at: $0)) })
      return (
        ResistorCapacitor(
          resistanceOhm: resistanceOhm, timeConstantS: timeConstantS[index],
          activationJPerMol: activationJPerMol[1 + index]),
        shape
      )
    }
    let series = TelemetryFit.shaped(nodes.map { max(1e-9, hats.value(seriesOhm, at: $0)) })
    let halfA = 0.5 * settings.capacityAh
    let transfer =
      chargeTransfer.map {
        $0.linear(currentA: halfA, kelvin: 298.15, capacityAh: settings.capacityAh) / halfA
      } ?? 1
    let entropic = heat.entropicCurve.map { curve in
      nodes.map { HatBasis(curve.socFraction).value(curve.voltPerKelvin, at: $0) }
    }
    var cell = CellSpecification(
      name: name, chemistry: chemistry, sources: ["fitted to telemetry"],
      capacityAh: settings.capacityAh, socFraction: nodes, openCircuitV: volt,
      entropicVPerK: entropic, seriesOhm: transfer * series.resistanceOhm,
      seriesActivationJPerMol: activationJPerMol[0], seriesShape: series.shape, fast: pair(0).0,
      slow: pair(1).0, pairShape: pair(0).1, slowShape: pair(1).1, minimumV: minimumV,
      maximumV: maximumV, maximumChargeC: 1, maximumDischargeC: 3,
      heatCapacityJPerK: heat.capacityJPerK)
    cell.surfaceLag = surfaceLag
    return cell
  }

  /// Splits a resistance over the charge into that of the middle node and a shape of 1 there. [Ω]
  private static func shaped(_ ohm: [Double]) -> (resistanceOhm: Double, shape: [Double]) {
    let middle = ohm[ohm.count / 2]
    return (middle, ohm.map { $0 / middle })
  }

  /// Returns the rising curve that is nearest to one that noise made dip.
  ///
  /// Neighbours out of order are pooled into their mean; where the result is flat it is raised by 10 µV.
  /// Source: Barlow, Bartholomew, Bremner and Brunk, Statistical Inference under Order Restrictions, 1972.
  static func rising(_ curve: [Double]) -> [Double] {
    var pools: [(sum: Double, count: Int)] = []
    for value in curve {
      pools.append((value, 1))
      while pools.count > 1 {
        let (last, before) = (pools[pools.count - 1], pools[pools.count - 2])
        guard last.sum / Double(last.count) < before.sum / Double(before.count) else { break }
        pools.removeLast(2)
        pools.append((last.sum + before.sum, last.count + before.count))
      }
    }
    var volt = pools.flatMap { [Double](repeating: $0.sum / Double($0.count), count: $0.count) }
    for i in volt.indices.dropFirst() where volt[i] <= volt[i - 1] { volt[i] = volt[i - 1] + 1e-5 }
    return volt
  }
}
