public import Numerics

/// A battery as one lump: voltage from a table over the depth of discharge, one temperature.
///
/// The step of NREL's System Advisor Model with a voltage table, as written there, its heat of pack
/// current squared times the *cell* resistance included; for comparison, not for planning.
/// Source: N. DiOrio et al., NREL/TP-6A20-64641 (2015), and `lib_battery.cpp` of ssc (BSD-3-Clause).
public struct LumpedBattery: Sendable {
  /// Cell voltage without current over the depth of discharge in percent. [V]
  public let voltage: LinearTable
  /// Resistance of a cell. [Ω]
  public let cellOhm: Double
  public let series: Int
  public let parallel: Int
  /// Charge of the pack. [Ah]
  public let capacityAh: Double
  /// Heat capacity and conductance to the room. [J/K] [W/K]
  public let heatCapacityJPerK: Double
  public let coolingWPerK: Double
  /// Charge left. [Ah]
  public private(set) var chargeAh: Double
  /// Temperature at the end and the mean of the last step. [°C]
  public private(set) var temperatureC: Double
  public private(set) var meanTemperatureC: Double
  /// Voltage of a cell after the last step. [V]
  public private(set) var cellV: Double

  /// Describes a battery at rest.
  ///
  /// - Parameters:
  ///   - voltage: Cell voltage over the depth of discharge in percent. [V]
  ///   - cellOhm: Resistance of a cell. [Ω]
  ///   - cellAh: Charge of a cell. [Ah]
  ///   - series: Cells in series.
  ///   - parallel: Strings in parallel.
  ///   - heatCapacityJPerK: Heat capacity of the pack. [J/K]
  ///   - coolingWPerK: Conductance to the room. [W/K]
  ///   - socFraction: State of charge.
  ///   - temperatureC: Temperature. [°C]
  public init(
    voltage: LinearTable, cellOhm: Double, cellAh: Double, series: Int, parallel: Int,
    heatCapacityJPerK: Double, coolingWPerK: Double, socFraction: Double, temperatureC: Double
  ) {
    self.voltage = voltage
    self.cellOhm = cellOhm
    self.series = series
    self.parallel = parallel
    self.heatCapacityJPerK = heatCapacityJPerK
    self.coolingWPerK = coolingWPerK
    capacityAh = cellAh * Double(parallel)
    chargeAh = capacityAh * socFraction
    self.temperatureC = temperatureC
    meanTemperatureC = temperatureC
    cellV = voltage(100 * (1 - socFraction))
  }

  /// State of charge.
  public var socFraction: Double { chargeAh / capacityAh }

  /// Moves by one step of constant current.
  ///
  /// - Parameters:
  ///   - currentA: Pack current, positive when discharging. [A]
  ///   - seconds: Length of the step. [s]
  ///   - roomC: Temperature of the room. [°C]
  public mutating func step(currentA: Double, seconds: Double, roomC: Double) {
    chargeAh -= currentA * seconds / 3600
    cellV = voltage(100 * (1 - socFraction)) - cellOhm * currentA / Double(parallel)
    let steady = roomC + currentA * currentA * cellOhm / coolingWPerK
    let x = coolingWPerK * seconds / heatCapacityJPerK
    let decay = PortableMath.exp(-x)
    meanTemperatureC = steady + (temperatureC - steady) * (1 - decay) / x
    temperatureC = steady + (temperatureC - steady) * decay
  }
}
