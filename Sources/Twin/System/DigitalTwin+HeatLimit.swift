import Numerics

/// Where temperature stops a direction, and how fast cells can get there.
struct HeatStop: Sendable {
  /// Temperature from which the policy allows nothing; infinite when none does. [°C]
  let stopC: Double
  /// More than the resistance of any cell, above freezing. [Ω]
  let highestOhm: Double
  /// Largest size of the entropic coefficient. [V/K]
  let steepestEntropicVPerK: Double
  /// A cell of a group may carry more than its share.
  let unevenness: Double
  let cellsAbreast: Double
  let heatCapacityJPerK: Double

  /// Whether a cell could reach the stop within a step, at a current of the pack.
  func isNear(hottestC: Double, packA: Double, seconds: Double) -> Bool {
    let mostA = unevenness * packA / cellsAbreast
    let fastestW = mostA * (mostA * highestOhm + 373 * steepestEntropicVPerK)
    return (stopC - hottestC) * heatCapacityJPerK <= fastestW * seconds
  }

  /// Works out the constants of a direction.
  ///
  /// - Parameters:
  ///   - stopC: Temperature from which the policy allows nothing. [°C]
  ///   - cell: The cell.
  ///   - parallel: Cells abreast in the pack.
  ///   - starts: What the cells have behind them.
  init(
    stopC: Double, cell: CellSpecification, parallel: Int, starts: PackStart
  ) {
    self.stopC = stopC
    steepestEntropicVPerK = cell.entropicVPerK.reduce(0) { max($0, abs($1)) }
    // Of cells abreast the least aged one carries most.
    unevenness = parallel > 1 ? min(1.3 * starts.resistanceRatio, Double(parallel)) : 1
    cellsAbreast = Double(parallel)
    heatCapacityJPerK = cell.heatCapacityJPerK
    func coldest(_ ohm: Double, _ shape: [Double], _ energy: Double) -> Double {
      ohm * (shape.max() ?? 1)
        * PhysicalConstant.arrhenius(activationJPerMol: energy, kelvin: 273.15)
    }
    // With room for spread and age.
    highestOhm =
      3 * starts.largestResistance
      * (coldest(
        cell.seriesOhm, cell.seriesShape + cell.seriesChargeShape, cell.seriesActivationJPerMol)
        + coldest(cell.fast.resistanceOhm, cell.pairShape, cell.fast.activationJPerMol)
        + coldest(cell.slow.resistanceOhm, cell.slowShape, cell.slow.activationJPerMol))
  }
}

extension DeratingPolicy {
  /// Lowest temperature from which a table over temperature leaves a direction nothing; infinite when
  /// none does. [°C]
  func stopC(_ direction: PowerDirection) -> Double {
    var stop = Double.infinity
    for case .temperature(let table) in direction == .charge ? charge : discharge {
      guard let last = table.y.last, last <= 0 else { continue }
      let above = table.y.lastIndex { $0 > 0 }.map { $0 + 1 } ?? 0
      stop = min(stop, table.x[above])
    }
    return stop
  }
}

extension DigitalTwin {
  /// Returns the pack current at which no cell passes, by the end of a step, the temperature at which
  /// the policy stops a direction. [A]
  ///
  /// To be asked where `HeatStop.isNear`.
  ///
  /// Heat of the step is `a·I² + b·I` with the largest coefficients of any cell; cooling is left out, so
  /// that the limit holds whatever the air does. Without this a table that is read at the start of a long
  /// step would let small cells overshoot.
  func heatLimit(
    _ direction: PowerDirection, seen: DeratingPolicy.Reading, seconds: Double
  ) -> Double {
    let rule = direction == .charge ? control.constants.chargeStop : control.constants.dischargeStop
    let roomW = max(0, rule.stopC - seen.hottestC) * rule.heatCapacityJPerK / seconds
    let kelvin = seen.hottestC + 273.15
    let tables = specification.model.tables
    var ohm = 0.0
    var volt = 0.0
    let sign = direction == .charge ? -1.0 : 1
    let lagHours = specification.cell.surfaceLag?.hours(kelvin: kelvin) ?? 0
    for j in 0..<pack.cellCount {
      let surface = pack[.soc, j] - pack[.lag, j]
      let r = tables.resistances(
        socFraction: surface, temperatureC: pack[.temperature, j],
        charging: direction == .charge)
      // Resistances may grow towards the end of the step as charge moves.
      var ownOhm = 1.1 * (r.series + r.fast + r.slow) * pack[.scale, j]
      var ownVolt = max(0, sign * pack[.fastV, j]) + max(0, sign * pack[.slowV, j])
      if lagHours > 0 {
        ownOhm +=
          tables.openCircuitSlopeV(at: surface) * lagHours * pack[.inverseCapacity, j]
        let lackV = tables.openCircuitV(at: pack[.soc, j]) - tables.openCircuitV(at: surface)
        ownVolt += max(0, sign * lackV)
      }
      ohm = max(ohm, ownOhm)
      volt = max(volt, ownVolt)
    }
    volt += kelvin * rule.steepestEntropicVPerK
    let root = (volt * volt + 4 * ohm * roomW).squareRoot()
    return 2 * roomW / (volt + root) * rule.cellsAbreast / rule.unevenness
  }
}
