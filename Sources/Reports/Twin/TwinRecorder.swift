package import Twin

/// Looks at a battery after each step of a run and keeps what reports tell of it.
package struct TwinRecorder: Sendable {
  /// State of charge before the run. [0…1]
  let startSOC: Double
  /// Mean temperature of the cells before the run. [°C]
  let startC: Double
  private(set) var limits: LimitLog
  private(set) var extremes = CellExtremes()
  /// The course of the run for charts; nil where nobody asked for it.
  private(set) var trace: TwinTrace?
  /// When the first step began; nil before it. [UTC epoch s]
  private(set) var start: Int?
  /// Time covered. [s]
  private(set) var seconds = 0.0
  /// Energy asked for at the AC terminals in both directions, and what was moved of it. [kWh]
  private(set) var askedKWh = 0.0
  private(set) var givenKWh = 0.0
  /// The steps as CSV; nil where nobody asked for them.
  package private(set) var rows: TwinRows?

  /// Starts before the first step.
  ///
  /// - Parameters:
  ///   - twin: The battery before the run.
  ///   - keepsRows: Whether the steps are wanted as CSV.
  ///   - keepsTrace: Whether the course is wanted for charts.
  package init(_ twin: DigitalTwin, keepsRows: Bool, keepsTrace: Bool) {
    startSOC = twin.socFraction
    let celsius = twin.pack.temperatureC
    startC = celsius.reduce(0, +) / Double(celsius.count)
    limits = LimitLog(after: twin.ledger)
    rows = keepsRows ? TwinRows() : nil
    trace = keepsTrace ? TwinTrace(twin) : nil
  }

  /// Enters a step.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - twin: The battery after it.
  ///   - instant: Its begin. [UTC epoch s]
  ///   - seconds: Its length. [s]
  ///   - airC: Temperature of the air. [°C]
  package mutating func add(
    _ step: TwinStep, after twin: DigitalTwin, at instant: Int, seconds: Double, airC: Double
  ) {
    if start == nil { start = instant }
    self.seconds += seconds
    askedKWh += abs(step.requestedKW) * seconds / 3600
    givenKWh += (abs(step.requestedKW) - step.clippedKW) * seconds / 3600
    limits.add(step, after: twin, at: instant, seconds: seconds)
    trace?.add(step, after: twin, seconds: seconds, airC: airC)
    extremes.add(step, after: twin)
    rows?.add(step, after: twin, at: instant, seconds: seconds, airC: airC)
  }
}
