internal import CTwinKernels

/// Heat of a cell as measured runs tell it: capacity, cooling and reversible heat.
///
/// Standard errors come from leaving out one tenth of the lost energy after the other, since neighbouring residuals
/// are not independent. Source of the delete-a-group jackknife: B. Efron, The Jackknife, the Bootstrap and Other
/// Resampling Plans, SIAM 1982, doi:10.1137/1.9781611970319.
public struct HeatFit: Sendable {
  /// Heat capacity. [J/K]
  public private(set) var capacityJPerK = Double.nan
  /// Heat flow to the air. [W/K]
  public private(set) var coolingWPerK = Double.nan
  /// Share of the slow part's overvoltage, of the second pair or the surface's lag, that becomes heat;
  /// differences of concentration do not.
  public private(set) var slowHeatShare = 1.0
  /// Entropic coefficient over state of charge; nil when none was fitted or known. [V/K]
  public private(set) var entropicCurve: (socFraction: [Double], voltPerKelvin: [Double])?
  /// Whether the air of a run is taken for as warm as the cell at its start.
  public private(set) var startsAtRest = false
  /// Relative errors of capacity and cooling, and the largest of the entropic coefficient. [V/K]
  public private(set) var capacity = HeatEvidence.silent
  public private(set) var cooling = HeatEvidence.silent
  public private(set) var entropy = HeatEvidence.silent

  /// Sum of squares of what is left. [K²]
  private(set) var squares = 0.0
  private var numbers: [Double] = []
  private var coolingS = 1e9

  /// Largest relative standard errors that count as told.
  private static let largestCapacityError = 0.2
  private static let largestCoolingError = 0.3
  /// Largest standard error of an entropic coefficient and largest magnitude of it. [V/K]
  ///
  /// Curves of iron phosphate and of nickel cells stay within 0.5 mV/K; see the library's sources.
  private static let largestEntropicError = 0.1e-3
  private static let largestEntropic = 0.6e-3
  /// How far a heat capacity may be from that of the library's cell for the same charge: cells made for power
  /// hold less than half the charge per mass of those made for energy.
  private static let capacityFactor = 3.0

  /// A heat of which nothing is known.
  init() {}

  /// Fits heat to runs.
  ///
  /// Everything is fitted first. Where the runs do not tell the entropic coefficient, the known one is taken and
  /// the rest fitted anew; where they do not tell the heat capacity, both are the known ones and cooling alone is
  /// fitted. Without known heat the first fit stands.
  ///
  /// Thermocouples at cell and air differ by up to a degree, as much as a cell warms at low currents, and a
  /// difference would be taken for heat that never leaves. So runs are looked at twice: with the air as measured and
  /// with that which the cell's own sensor read at the start of its run. What leaves less is taken.
  ///
  /// - Parameters:
  ///   - measured: Runs in the form of the regression, in the air as measured.
  ///   - rested: The same runs, in the air that the cell's own sensor read at their start; nil where it is the same.
  ///   - settings: What is known and what is asked.
  init(measured: [HeatRun], rested: [HeatRun]?, settings: TelemetryFit.Settings) {
    let nodes = settings.entropicNodes.count > 1 ? settings.entropicNodes.count : 0
    let everything = HeatRegression(measured, asks: .everything(nodes: nodes)).best()
    let elsewhere = rested.flatMap {
      HeatRegression($0, asks: .everything(nodes: nodes)).best()
    }
    startsAtRest = (elsewhere?.squares ?? .infinity) < (everything?.squares ?? .infinity)
    let runs = startsAtRest ? rested ?? measured : measured
    let first = startsAtRest ? elsewhere : everything
    guard let known = settings.knownHeat else {
      if let first { take(first, settings: settings) } else { squares = leftOver(runs) }
      return
    }
    // Nodes that no sample reaches would be whatever keeps the system solvable.
    let charge = runs.flatMap(\.soc)
    let isCovered = (charge.min() ?? 1) <= 0.1 && (charge.max() ?? 0) >= 0.9
    if nodes > 0, isCovered, let first {
      take(first, settings: settings)
      judgeCapacity(beside: known)
      if capacity.isTold, entropy.isTold { return }
      if !capacity.isTold, entropy.isTold { entropy = .silent }
    }
    let doubtOfEntropy = entropy
    if let found = HeatRegression(runs, asks: .capacity(nodes: nodes)).best() {
      take(found, settings: settings)
      judgeCapacity(beside: known)
    }
    let doubtOfCapacity = capacity
    if !capacity.isTold,
      let found = HeatRegression(
        runs, asks: .cooling(nodes: nodes, capacityJPerK: known.capacityJPerK)
      ).best()
    {
      take(found, settings: settings)
      capacityJPerK = known.capacityJPerK
      capacity = doubtOfCapacity
    }
    entropicCurve = (known.socFraction, known.entropicVPerK)
    entropy = doubtOfEntropy
    squares = leftOver(runs)
  }

  private func leftOver(_ runs: [HeatRun]) -> Double {
    var sum = 0.0
    for run in runs {
      for (found, measured) in zip(temperatureC(of: run), run.measured) {
        sum += (found - measured) * (found - measured)
      }
    }
    return sum
  }

  private mutating func judgeCapacity(beside known: KnownHeat) {
    let ratio = capacityJPerK / known.capacityJPerK
    if !(ratio <= Self.capacityFactor && ratio * Self.capacityFactor >= 1) {
      capacity = .implausible(value: capacityJPerK)
    }
  }

  private mutating func take(_ found: HeatRegression.Solution, settings: TelemetryFit.Settings) {
    numbers = found.numbers
    coolingS = found.coolingS
    squares = max(0, found.squares)
    capacityJPerK = 1 / numbers[0]
    coolingWPerK = capacityJPerK / coolingS
    slowHeatShare = numbers[1] * capacityJPerK
    capacity = Self.evidence(
      capacityJPerK, error: found.capacityError, limit: Self.largestCapacityError)
    cooling = Self.evidence(
      coolingWPerK, error: found.coolingError, limit: Self.largestCoolingError)
    entropy = .silent
    guard found.asks.hasEntropicNodes else { return }
    let curve = numbers.dropFirst(3).map { $0 * capacityJPerK }
    entropicCurve = (settings.entropicNodes, curve)
    let largest = curve.max { abs($0) < abs($1) } ?? 0
    entropy =
      abs(largest) > Self.largestEntropic
      ? .implausible(value: largest)
      : Self.evidence(largest, error: found.entropicError, limit: Self.largestEntropicError)
  }

  private static func evidence(_ value: Double, error: Double, limit: Double) -> HeatEvidence {
    error <= limit ? .told(error: error) : .uncertain(value: value, error: error)
  }

  /// Returns the temperatures of a run. [°C]
  func temperatureC(of run: HeatRun) -> [Double] { run.predict(numbers, coolingS: coolingS) }
}
