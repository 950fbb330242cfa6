import Diagnostics

/// One measured run of a cell: current, voltage and temperature over time.
public struct TelemetryRun: Sendable {
  /// Name for messages and tables.
  public var name: String
  /// Times of the samples, rising; the first sample's interval starts at `startS`. [s]
  public var timeS: [Double]
  public var startS: Double
  /// Current of the interval that ends at the sample, positive when discharging. [A]
  public var currentA: [Double]
  /// Voltage and temperature at the sample. [V] [°C]
  public var voltageV: [Double]
  public var temperatureC: [Double]
  /// Temperature of the surroundings over the interval. [°C]
  public var ambientC: [Double]
  /// State of charge at the start.
  public var initialSOC: Double
  /// Temperature at `startS`; that of the first sample when nil. [°C]
  public var startTemperatureC: Double?

  /// Creates a run; the interval of the first sample is empty unless `startS` is given.
  public init(
    name: String, timeS: [Double], startS: Double? = nil, currentA: [Double], voltageV: [Double],
    temperatureC: [Double], ambientC: [Double], initialSOC: Double,
    startTemperatureC: Double? = nil
  ) {
    self.name = name
    self.timeS = timeS
    self.startS = startS ?? timeS.first ?? 0
    self.currentA = currentA
    self.voltageV = voltageV
    self.temperatureC = temperatureC
    self.ambientC = ambientC
    self.initialSOC = initialSOC
    self.startTemperatureC = startTemperatureC
  }

  var seconds: [Double] {
    var previous = startS
    return timeS.map { time in
      defer { previous = time }
      return time - previous
    }
  }

  /// State of charge at each sample, by counting charge.
  package func socFraction(capacityAh: Double) -> [Double] {
    var z = initialSOC
    return zip(seconds, currentA).map { dt, current in
      z -= current * dt / (3600 * capacityAh)
      return z
    }
  }

  /// What the sensor at the cell read at the start beside that of the air; zero where it is more than two
  /// thermocouples differ by, so that the cell was warm. [K]
  var startOffsetK: Double {
    let difference = (startTemperatureC ?? temperatureC[0]) - ambientC[0]
    return abs(difference) <= 2 ? difference : 0
  }

  func problems() -> Findings {
    var found = Findings()
    let count = timeS.count
    let columns = [currentA, voltageV, temperatureC, ambientC]
    if count < 3 { found.error("run '\(name)': at least three samples, found '\(count)'") }
    if columns.contains(where: { $0.count != count }) {
      found.error("run '\(name)': columns of different length")
    }
    if columns.contains(where: { !$0.allSatisfy(\.isFinite) }) || !timeS.allSatisfy(\.isFinite) {
      found.error("run '\(name)': a value is not a number")
    }
    if seconds.contains(where: { $0 < 0 }) {
      found.error("run '\(name)': time must not go back")
    }
    return found
  }
}
