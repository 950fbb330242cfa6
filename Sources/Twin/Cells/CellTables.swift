internal import CTwinKernels

/// The curves of a cell on uniform grids, in the form the kernels read.
///
/// The memory is filled once, before the object is shared, and never written again; that is what
/// makes the unchecked conformance sound.
@safe final class CellTables: @unchecked Sendable {
  private let discharge: AlignedNumbers
  private let charge: AlignedNumbers
  private let energy: AlignedNumbers
  private let heat: AlignedNumbers
  let intervals: Int
  let specification: CellSpecification
  /// The parameters in the form of the kernels; valid as long as this object.
  let model: UnsafePointer<twin_cell_model>

  static let firstC = -60.0
  static let perKelvin = 4.0
  static let temperatureIntervals = 800

  init(_ cell: CellSpecification) {
    specification = cell
    intervals = CellTables.intervals(for: cell.socFraction)
    discharge = AlignedNumbers(
      CellTables.socTable(cell, intervals: intervals, seriesShape: cell.seriesShape))
    charge =
      cell.seriesShape == cell.seriesChargeShape
      ? discharge
      : AlignedNumbers(
        CellTables.socTable(cell, intervals: intervals, seriesShape: cell.seriesChargeShape))
    energy = AlignedNumbers(CellTables.energyTable(of: discharge, intervals: intervals))
    heat = AlignedNumbers(CellTables.heatTable(cell))
    let hysteresis = cell.hysteresisV.contains { $0 > 0 } ? cell.hysteresisRate : 0
    let form = UnsafeMutablePointer<twin_cell_model>.allocate(capacity: 1)
    unsafe form.initialize(
      to: twin_cell_model(
        discharge_table: discharge.start, charge_table: charge.start,
        energy_table: energy.start, soc_intervals: Double(intervals), heat_table: heat.start,
        first_c: CellTables.firstC,
        per_k: CellTables.perKelvin, heat_intervals: Double(CellTables.temperatureIntervals),
        charge_efficiency: cell.chargeEfficiency, hysteresis_rate: hysteresis,
        lag_h: cell.surfaceLag?.socPerC ?? 0,
        lag_kelvin: (cell.surfaceLag?.activationJPerMol ?? 0) / PhysicalConstant.gasJPerMolK))
    unsafe model = UnsafePointer(form)
  }

  deinit { unsafe model.deallocate() }

  /// Rows over the state of charge: values, then their rise to the next row.
  private static func socTable(
    _ cell: CellSpecification, intervals: Int, seriesShape: [Double]
  ) -> [Double] {
    var values = (0...intervals).map { k in
      let (low, share) = place(Double(k) / Double(intervals), in: cell.socFraction)
      func value(_ column: [Double]) -> Double {
        column[low] + share * (column[low + 1] - column[low])
      }
      var row = [Double](repeating: 0, count: TWIN_ROW_VALUES)
      row[TWIN_ROW_OCV] = value(cell.openCircuitV)
      row[TWIN_ROW_ENTROPIC] = value(cell.entropicVPerK)
      row[TWIN_ROW_R0] = value(seriesShape)
      row[TWIN_ROW_R1] = value(cell.pairShape)
      row[TWIN_ROW_R2] = value(cell.slowShape)
      row[TWIN_ROW_HYSTERESIS] = value(cell.hysteresisV)
      return row
    }
    for k in 0..<intervals {
      values[k][TWIN_ROW_OCV_RISE] = values[k + 1][TWIN_ROW_OCV] - values[k][TWIN_ROW_OCV]
    }
    for k in 0..<intervals {
      values[k][TWIN_ROW_BEND] =
        (max(0, k - 2)...min(intervals - 1, k + 2)).reduce(0) {
          max($0, abs(values[$1][TWIN_ROW_OCV_RISE] - values[k][TWIN_ROW_OCV_RISE]))
        }
    }
    return withRises(
      values, of: [TWIN_ROW_ENTROPIC, TWIN_ROW_R0, TWIN_ROW_R1, TWIN_ROW_R2, TWIN_ROW_HYSTERESIS])
  }

  /// Rows over the state of charge: voltage at rest, its rise to the next row, and its integral from empty.
  private static func energyTable(of table: AlignedNumbers, intervals: Int) -> [Double] {
    var integral = 0.0
    return (0...intervals).flatMap { k in
      let volt = table[k * TWIN_ROW + TWIN_ROW_OCV]
      if k > 0 {
        integral += 0.5 * (volt + table[(k - 1) * TWIN_ROW + TWIN_ROW_OCV]) / Double(intervals)
      }
      var row = [Double](repeating: 0, count: TWIN_ENERGY_ROW)
      row[TWIN_ENERGY_ROW_OCV] = volt
      row[TWIN_ENERGY_ROW_OCV_RISE] = table[k * TWIN_ROW + TWIN_ROW_OCV_RISE]
      row[TWIN_ENERGY_ROW_ENERGY] = integral
      return row
    }
  }

  /// Rows over the temperature: what the values over the state of charge are multiplied with.
  private static func heatTable(_ cell: CellSpecification) -> [Double] {
    let resistances: [(column: Int, ohm: Double, activation: Double)] = [
      (TWIN_ROW_R0, cell.seriesOhm, cell.seriesActivationJPerMol),
      (TWIN_ROW_R1, cell.fast.resistanceOhm, cell.fast.activationJPerMol),
      (TWIN_ROW_R2, cell.slow.resistanceOhm, cell.slow.activationJPerMol),
    ]
    let values = (0...temperatureIntervals).map { k in
      let kelvin = firstC + Double(k) / perKelvin + 273.15
      var row = [Double](repeating: 1, count: TWIN_HEAT_VALUES)
      for one in resistances {
        row[one.column - TWIN_ROW_R0] =
          one.ohm
          * PhysicalConstant.arrhenius(activationJPerMol: one.activation, kelvin: kelvin)
      }
      return row
    }
    return withRises(values, of: resistances.map { $0.column - TWIN_ROW_R0 })
  }

  private static func withRises(_ values: [[Double]], of columns: [Int]) -> [Double] {
    values.indices.flatMap { k in
      var rises = [Double](repeating: 0, count: values[k].count)
      if k + 1 < values.count {
        for column in columns { rises[column] = values[k + 1][column] - values[k][column] }
      }
      return values[k] + rises
    }
  }

  /// Returns the row of a state of charge, and the share of the way to the next.
  private func row(at socFraction: Double) -> (index: Int, share: Double) {
    let x = socFraction * Double(intervals)
    // A state that cannot be is looked at as well: no whole number holds what it may be.
    let k = x >= 1 ? (x < Double(intervals) ? Int(x) : intervals - 1) : 0
    return (k, x - Double(k))
  }

  /// Returns a column of the table at a state of charge.
  private func value(_ column: Int, at socFraction: Double, charging: Bool = false) -> Double {
    let (index, share) = row(at: socFraction)
    let row = index * TWIN_ROW
    let table = charging ? charge : discharge
    let rise = column == TWIN_ROW_OCV ? TWIN_ROW_OCV_RISE : TWIN_ROW_VALUES + column
    return table[row + column] + share * table[row + rise]
  }

  /// Returns the voltage at rest. [V]
  func openCircuitV(at socFraction: Double) -> Double {
    value(TWIN_ROW_OCV, at: socFraction)
  }

  /// Returns the slope of the voltage at rest over the state of charge. [V]
  func openCircuitSlopeV(at socFraction: Double) -> Double {
    discharge[row(at: socFraction).index * TWIN_ROW + TWIN_ROW_OCV_RISE] * Double(intervals)
  }

  /// The charges around one half between which the voltage at rest is close to straight: over 2 % of
  /// charge either way it bends by less than 5 mV.
  var calmSOC: ClosedRange<Double> {
    func isStraight(_ z: Double) -> Bool {
      abs(openCircuitV(at: z - 0.02) - 2 * openCircuitV(at: z) + openCircuitV(at: z + 0.02)) < 0.005
    }
    let grid = stride(from: 0.0, through: 0.48, by: 0.005)
    let low = grid.first { !isStraight(0.5 - $0) } ?? 0.5
    let high = grid.first { !isStraight(0.5 + $0) } ?? 0.5
    return 0.5 - low...0.5 + high
  }

  /// Returns the shape of the series resistance.
  func seriesShape(at socFraction: Double, charging: Bool) -> Double {
    value(TWIN_ROW_R0, at: socFraction, charging: charging)
  }

  /// Returns the integral of the voltage at rest from empty. [V]
  func energyIntegral(at socFraction: Double) -> Double {
    let (index, f) = row(at: socFraction)
    let row = index * TWIN_ENERGY_ROW
    return energy[row + TWIN_ENERGY_ROW_ENERGY]
      + f * (energy[row + TWIN_ENERGY_ROW_OCV] + 0.5 * f * energy[row + TWIN_ENERGY_ROW_OCV_RISE])
      / Double(intervals)
  }

  /// Returns the series resistance and those of the pairs at a state. [Ω]
  func resistances(
    socFraction z: Double, temperatureC: Double, charging: Bool
  ) -> (series: Double, fast: Double, slow: Double) {
    let limited = min(max(z, 0), 1)
    func ohm(_ column: Int) -> Double {
      value(column, at: limited, charging: charging) * warm(column, temperatureC: temperatureC)
    }
    return (ohm(TWIN_ROW_R0), ohm(TWIN_ROW_R1), ohm(TWIN_ROW_R2))
  }

  /// Returns the series resistance at a state. [Ω]
  func seriesOhm(socFraction z: Double, temperatureC: Double, charging: Bool) -> Double {
    value(TWIN_ROW_R0, at: min(max(z, 0), 1), charging: charging)
      * warm(TWIN_ROW_R0, temperatureC: temperatureC)
  }

  /// Returns what a resistance over the state of charge is multiplied with at a temperature, as in the kernels. [Ω]
  private func warm(_ column: Int, temperatureC: Double) -> Double {
    let last = Double(CellTables.temperatureIntervals - 1)
    let y = (temperatureC - CellTables.firstC) * CellTables.perKelvin
    let k = y > 0 ? Int(min(y, last)) : 0
    let place = k * TWIN_HEAT_ROW + column - TWIN_ROW_R0
    return heat[place] + min(max(y - Double(k), 0), 1) * heat[place + TWIN_HEAT_VALUES]
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
