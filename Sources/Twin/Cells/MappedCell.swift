import Numerics

/// A quantity given on a grid of temperature, current and charge, trilinear and constant beyond it.
public struct OperatingMap: Sendable {
  /// Nodes of temperature, current (positive in discharge) and state of charge, rising. [°C] [A]
  public let temperatureC: [Double]
  public let currentA: [Double]
  public let socFraction: [Double]
  /// Values, state of charge fastest, temperature slowest.
  public let values: [Double]

  /// Describes a map.
  public init(
    temperatureC: [Double], currentA: [Double], socFraction: [Double], values: [Double]
  ) {
    precondition(
      values.count == temperatureC.count * currentA.count * socFraction.count,
      "one value per node of the grid")
    self.temperatureC = temperatureC
    self.currentA = currentA
    self.socFraction = socFraction
    self.values = values
  }

  /// Returns the value at an operating point.
  public func callAsFunction(_ celsius: Double, _ ampere: Double, _ soc: Double) -> Double {
    let (i, u) = HatBasis(temperatureC).place(celsius)
    let (j, v) = HatBasis(currentA).place(ampere)
    let (k, w) = HatBasis(socFraction).place(soc)
    func at(_ a: Int, _ b: Int, _ c: Int) -> Double {
      values[(a * currentA.count + b) * socFraction.count + c]
    }
    func line(_ a: Int, _ b: Int) -> Double { at(a, b, k) + w * (at(a, b, k + 1) - at(a, b, k)) }
    func plane(_ a: Int) -> Double { line(a, j) + v * (line(a, j + 1) - line(a, j)) }
    return plane(i) + u * (plane(i + 1) - plane(i))
  }
}

/// One cell whose circuit is given by maker's maps over temperature, current and charge.
///
/// One RC pair, entropic heat, a cell and a holder node of heat. The step is exact for constant
/// coefficients, which are taken at mid-step after one corrector pass. Slower than `CellPack`, for
/// cells known only by maps.
public struct MappedCell: Sendable {
  /// What is fixed about the cell.
  public struct Parameters: Sendable {
    public var capacityAh: Double
    /// Voltage at rest over state of charge. [V]
    public var openCircuit: (socFraction: [Double], volt: [Double])
    /// Change of it with temperature over (voltage at rest, temperature), bilinear. [V/K]
    public var entropic: (volt: [Double], temperatureC: [Double], values: [Double])
    /// Series resistance, resistance and capacitance of the pair. [Ω] [F]
    public var series: OperatingMap
    public var pair: OperatingMap
    public var capacitance: OperatingMap
    /// Heat capacities of cell and holder, and conductances cell–holder, holder–air. [J/K] [W/K]
    public var cellJPerK: Double
    public var holderJPerK: Double
    public var cellToHolderWPerK: Double
    public var holderToAirWPerK: Double

    /// Describes a cell.
    public init(
      capacityAh: Double, openCircuit: (socFraction: [Double], volt: [Double]),
      entropic: (volt: [Double], temperatureC: [Double], values: [Double]),
      series: OperatingMap, pair: OperatingMap, capacitance: OperatingMap, cellJPerK: Double,
      holderJPerK: Double, cellToHolderWPerK: Double, holderToAirWPerK: Double
    ) {
      self.capacityAh = capacityAh
      self.openCircuit = openCircuit
      self.entropic = entropic
      self.series = series
      self.pair = pair
      self.capacitance = capacitance
      self.cellJPerK = cellJPerK
      self.holderJPerK = holderJPerK
      self.cellToHolderWPerK = cellToHolderWPerK
      self.holderToAirWPerK = holderToAirWPerK
    }
  }

  public let parameters: Parameters
  public private(set) var socFraction: Double
  /// Voltage of the pair, positive in steady discharge. [V]
  public private(set) var pairV = 0.0
  public private(set) var temperatureC: Double
  public private(set) var holderC: Double
  private var drift = 0.0
  private var response: (seconds: Double, matrix: [Double]) = (0, [])

  /// Builds a cell at rest.
  public init(_ parameters: Parameters, socFraction: Double, temperatureC: Double) {
    self.parameters = parameters
    self.socFraction = socFraction
    self.temperatureC = temperatureC
    holderC = temperatureC
  }

  /// Returns the terminal voltage at the present state and a current. [V]
  public func terminalV(currentA: Double) -> Double {
    openCircuitV(socFraction) - pairV
      - currentA * parameters.series(temperatureC, currentA, socFraction)
  }

  private func openCircuitV(_ z: Double) -> Double {
    HatBasis(parameters.openCircuit.socFraction).value(parameters.openCircuit.volt, at: z)
  }

  private func entropicVPerK(_ z: Double, _ celsius: Double) -> Double {
    let table = parameters.entropic
    let (i, u) = HatBasis(table.volt).place(openCircuitV(z))
    let (j, v) = HatBasis(table.temperatureC).place(celsius)
    let width = table.temperatureC.count
    func line(_ row: Int) -> Double {
      let low = table.values[row * width + j]
      return low + v * (table.values[row * width + j + 1] - low)
    }
    return line(i) + u * (line(i + 1) - line(i))
  }

  /// Moves by one step of constant current.
  ///
  /// - Parameters:
  ///   - currentA: Current, positive when discharging. [A]
  ///   - seconds: Length of the step, greater than 0. [s]
  ///   - ambientC: Temperature of the air. [°C]
  public mutating func step(currentA: Double, seconds: Double, ambientC: Double) {
    let i = currentA
    let p = parameters
    if response.seconds != seconds {
      let a = p.cellToHolderWPerK
      let matrix = [
        -a / p.cellJPerK, a / p.holderJPerK, a / p.cellJPerK,
        -(a + p.holderToAirWPerK) / p.holderJPerK,
      ]
      response = (
        seconds, MatrixExponential.integral(of: matrix, order: 2, over: seconds)
      )
    }
    let move = i * seconds / (3600 * p.capacityAh)
    let mid = socFraction - 0.5 * move
    var celsius = temperatureC + 0.5 * seconds * drift
    var next = (cell: 0.0, holder: 0.0, pair: 0.0)
    for _ in 0..<2 {
      let series = p.series(celsius, i, mid)
      let pair = p.pair(celsius, i, mid)
      let x = seconds / (pair * p.capacitance(celsius, i, mid))
      let decay = PortableMath.exp(-x)
      let away = pairV - pair * i
      let mean = pair * i + away * (1 - decay) / x
      let heat =
        i * i * series + i * mean - i * (celsius + 273.15) * entropicVPerK(mid, celsius)
      let flow = p.cellToHolderWPerK * (temperatureC - holderC)
      let cellRate = (heat - flow) / p.cellJPerK
      let holderRate = (flow + p.holderToAirWPerK * (ambientC - holderC)) / p.holderJPerK
      let psi = response.matrix
      next.cell = temperatureC + psi[0] * cellRate + psi[2] * holderRate
      next.holder = holderC + psi[1] * cellRate + psi[3] * holderRate
      next.pair = pair * i + away * decay
      celsius = 0.5 * (temperatureC + next.cell)
    }
    drift = (next.cell - temperatureC) / seconds
    temperatureC = next.cell
    holderC = next.holder
    pairV = next.pair
    socFraction -= move
  }
}
