import Forecasting
import Tariffs
import TimeSeries
package import Twin

extension Replayer {
  /// Replays the period with several batteries side by side, each as `run` would alone.
  ///
  /// Forecasts and paths do not depend on the battery, so they are made once for all of them.
  ///
  /// - Parameters:
  ///   - version: The forecasts that plans are made with; nothing for the oracle's.
  ///   - batteries: The batteries.
  ///   - monitor: Told about intervals done, each of as many as there are batteries.
  /// - Returns: One outcome per battery.
  /// - Throws: What `run` throws.
  package func run(
    _ version: ForecastVersion?, batteries: [TwinSpecification],
    monitor: ReplayMonitor = ReplayMonitor()
  ) throws -> [ReplayOutcome] {
    guard !batteries.isEmpty else { return [] }
    if let version, version.followsMoney {
      // What its members cost depends on the battery, and so do its forecasts.
      return try batteries.map {
        try Replayer(replay.with(battery: $0)).run(.planned(version), monitor: monitor)
      }
    }
    let base = version.map { replay.planned(by: $0) } ?? replay.trusting
    let cases = batteries.map { base.with(battery: $0) }
    // The sun is known where any of the enclosures asks for it.
    let issuing = cases.first { $0.sun != nil } ?? cases[0]
    let history = base.planningHistory
    var forecasts =
      try version.map {
        try ForecastIssuer(issuing, planningHistory: history, version: $0)
      } ?? ForecastIssuer(issuing, oracle: history)
    var runs = try cases.map { try PlannedRun($0, context: MeteringContext($0)) }
    var first = 0
    while first < replay.period.count {
      let outlook = try forecasts.issue(horizon: runs[0].horizon(at: first))
      var count = 0
      for i in runs.indices { count = try runs[i].plan(outlook, at: first) }
      try report(count * runs.count, to: monitor)
      first += count
    }
    return try runs.map { run in
      var outcome = try run.outcome(
        name: version?.name ?? Controller.oracle.name, isOracle: version?.isOracle ?? true,
        forecasts: forecasts)
      outcome.hasOracleWeather = version?.hasOracleWeather ?? false
      monitor.finished(outcome)
      return outcome
    }
  }
}

extension ReplayCase {
  /// The case as the oracle is planned: the truth needs no hedge, and no target from the past, and holds for
  /// loads that can wait as well.
  var trusting: ReplayCase {
    var trusting = self
    trusting.settings.hedge = HedgeSettings()
    trusting.settings.loadsKnowTruth = true
    if trusting.settings.peakPricing == .trailingTarget {
      trusting.settings.peakPricing = .fullPrice
    }
    return trusting
  }
}
