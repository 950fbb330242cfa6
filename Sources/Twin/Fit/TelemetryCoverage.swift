/// What measured runs can tell of a cell, by the range that they cover.
public struct TelemetryCoverage: Sendable, Equatable {
  /// Lowest and highest measured temperature. [°C]
  public var temperatureC: ClosedRange<Double>
  /// Lowest and highest state of charge, counted from the start of each run.
  public var socFraction: ClosedRange<Double>

  /// Looks through runs.
  ///
  /// - Parameters:
  ///   - runs: Measured runs, at least one with a sample.
  ///   - capacityAh: Charge between empty and full. [Ah]
  public init(_ runs: [TelemetryRun], capacityAh: Double) {
    let celsius = runs.flatMap(\.temperatureC).filter(\.isFinite)
    let charge = runs.flatMap { [$0.initialSOC] + $0.socFraction(capacityAh: capacityAh) }
      .filter(\.isFinite)
    temperatureC = (celsius.min() ?? 25)...(celsius.max() ?? 25)
    socFraction = (charge.min() ?? 0)...(charge.max() ?? 1)
  }

  /// Whether temperatures differ enough to tell how resistances depend on them: by 10 K, over which a
  /// resistance of 20 kJ/mol changes by a quarter.
  public var tellsActivation: Bool { temperatureC.upperBound - temperatureC.lowerBound >= 10 }
}
