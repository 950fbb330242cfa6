internal import CTwinKernels

/// The curves of a cell on uniform grids, in the form the kernels read.
///
/// The memory is filled once, before the object is shared, and never written again; that is what
/// makes the unchecked conformance sound.
@safe final class CellTables: @unchecked Sendable {
  private let soc: UnsafeMutablePointer<Double>
  private let arrhenius: UnsafeMutablePointer<Double>
  let intervals: Int
  let specification: CellSpecification
  private let stored: twin_cell_model

  static let firstC = -60.0
  static let perKelvin = 4.0
  static let temperatureIntervals = 800

  init(_ cell: CellSpecification) {
    specification = cell
    intervals = CellTables.intervals(for: cell.socFraction)
    let width = TWIN_ROW
    let rows = intervals + 1
    unsafe soc = .allocate(capacity: rows * width)
    var energy = 0.0
    var previous = cell.openCircuitV[0]
    for k in 0..<rows {
      let z = Double(k) / Double(intervals)
      let (low, share) = CellTables.place(z, in: cell.socFraction)
      func value(_ column: [Double]) -> Double {
        column[low] + share * (column[low + 1] - column[low])
      }
      let voltage = value(cell.openCircuitV)
      if k > 0 { energy += 0.5 * (voltage + previous) / Double(intervals) }
      previous = voltage
      let row = [
        voltage, energy, value(cell.entropicVPerK), value(cell.seriesShape), value(cell.pairShape),
        value(cell.slowShape), value(cell.hysteresisV), value(cell.seriesChargeShape),
      ]
      for (column, number) in row.enumerated() { unsafe soc[k * width + column] = number }
    }
    let columns = TWIN_ARRHENIUS_ROW
    unsafe arrhenius = .allocate(capacity: (CellTables.temperatureIntervals + 1) * columns)
    for k in 0...CellTables.temperatureIntervals {
      let kelvin = CellTables.firstC + Double(k) / CellTables.perKelvin + 273.15
      let energies = [
        cell.seriesActivationJPerMol, cell.fast.activationJPerMol, cell.slow.activationJPerMol, 0,
      ]
      for (column, activation) in energies.enumerated() {
        unsafe arrhenius[k * columns + column] = PhysicalConstant.arrhenius(
          activationJPerMol: activation, kelvin: kelvin)
      }
    }
    let hysteresis = cell.hysteresisV.contains { $0 > 0 } ? cell.hysteresisRate : 0
    unsafe stored = twin_cell_model(
      soc_table: soc, soc_intervals: Double(intervals), arrhenius_table: arrhenius,
      arrhenius_first_c: CellTables.firstC, arrhenius_per_k: CellTables.perKelvin,
      arrhenius_intervals: Double(CellTables.temperatureIntervals), r0_ohm: cell.seriesOhm,
      r1_ohm: cell.fast.resistanceOhm, r2_ohm: cell.slow.resistanceOhm,
      charge_efficiency: cell.chargeEfficiency, hysteresis_rate: hysteresis)
  }

  deinit {
    unsafe soc.deallocate()
    unsafe arrhenius.deallocate()
  }

  /// The parameters in the form of the kernels; valid as long as this object.
  var model: twin_cell_model { unsafe stored }

  /// Returns a column of the table at a state of charge.
  private func value(_ column: Int, at socFraction: Double) -> Double {
    let x = socFraction * Double(intervals)
    let k = min(max(Int(x), 0), intervals - 1)
    let share = x - Double(k)
    let width = TWIN_ROW
    let low = unsafe soc[k * width + column]
    let high = unsafe soc[(k + 1) * width + column]
    return low + share * (high - low)
  }

  /// Returns the voltage at rest. [V]
  func openCircuitV(at socFraction: Double) -> Double {
    value(TWIN_ROW_OCV, at: socFraction)
  }

  /// Returns the integral of the voltage at rest from empty. [V]
  func energyIntegral(at socFraction: Double) -> Double {
    let x = socFraction * Double(intervals)
    let k = min(max(Int(x), 0), intervals - 1)
    let f = x - Double(k)
    let width = TWIN_ROW
    let u = unsafe soc[k * width + TWIN_ROW_OCV]
    let next = unsafe soc[(k + 1) * width + TWIN_ROW_OCV]
    let base = unsafe soc[k * width + TWIN_ROW_ENERGY]
    return base + f * (u + 0.5 * f * (next - u)) / Double(intervals)
  }

  /// Returns the series resistance and those of the pairs at a state. [Ω]
  func resistances(
    socFraction z: Double, temperatureC: Double, charging: Bool
  ) -> (series: Double, fast: Double, slow: Double) {
    let cell = specification
    let kelvin = temperatureC + 273.15
    let series = charging ? TWIN_ROW_R0_CHARGE : TWIN_ROW_R0
    let limited = min(max(z, 0), 1)
    return (
      cell.seriesOhm * value(series, at: limited)
        * PhysicalConstant.arrhenius(
          activationJPerMol: cell.seriesActivationJPerMol, kelvin: kelvin),
      cell.fast.resistanceOhm * value(TWIN_ROW_R1, at: limited)
        * PhysicalConstant.arrhenius(
          activationJPerMol: cell.fast.activationJPerMol, kelvin: kelvin),
      cell.slow.resistanceOhm * value(TWIN_ROW_R2, at: limited)
        * PhysicalConstant.arrhenius(
          activationJPerMol: cell.slow.activationJPerMol, kelvin: kelvin)
    )
  }

  /// Returns half the hysteresis width. [V]
  func hysteresisV(at socFraction: Double) -> Double {
    value(TWIN_ROW_HYSTERESIS, at: min(max(socFraction, 0), 1))
  }

  /// Chooses a uniform grid that holds every node, or a fine one.
  private static func intervals(for nodes: [Double]) -> Int {
    for count in [100, 200, 400, 500, 800] {
      let fits = nodes.allSatisfy { node in
        let place = node * Double(count)
        return abs(place - place.rounded()) < 1e-7
      }
      if fits { return count }
    }
    return 1000
  }

  private static func place(_ x: Double, in nodes: [Double]) -> (index: Int, share: Double) {
    var low = 0
    var high = nodes.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if nodes[middle] <= x { low = middle } else { high = middle }
    }
    return (low, (x - nodes[low]) / (nodes[low + 1] - nodes[low]))
  }
}

/// Constants of physics.
enum PhysicalConstant {
  /// Molar gas constant. [J/(mol·K)]
  static let gasJPerMolK = 8.314462618
  /// Temperature at which resistances are given. [K]
  static let referenceK = 298.15

  /// Returns the factor of a rate or resistance against 25 °C.
  static func arrhenius(activationJPerMol: Double, kelvin: Double) -> Double {
    twin_exp(activationJPerMol / gasJPerMolK * (1 / kelvin - 1 / referenceK))
  }
}
