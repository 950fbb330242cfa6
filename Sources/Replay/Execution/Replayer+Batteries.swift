import Forecasting
import Tariffs
import TimeSeries
package import Twin

extension Replayer {
  /// Plans of each battery that are made one after the other, before those of the next battery: what one battery's
  /// plans are made with stays at hand.
  private static let plansInTurn = 24

  /// Replays the period with several batteries side by side, each as `run` would alone.
  ///
  /// Forecasts and paths do not depend on the battery, so they are made once for all of them. What plans expected is
  /// not kept.
  ///
  /// - Parameters:
  ///   - version: The forecasts that plans are made with; nothing for the oracle's.
  ///   - batteries: The batteries.
  ///   - issued: Keeps the forecasts for later replays of the same version and case, or has them of an earlier one.
  ///   - monitor: Told about intervals done, each of as many as there are batteries.
  /// - Returns: One outcome per battery.
  /// - Throws: What `run` throws.
  package func run(
    _ version: ForecastVersion?, batteries: [TwinSpecification],
    issued: IssuedForecasts? = nil, monitor: ReplayMonitor = ReplayMonitor()
  ) throws -> [ReplayOutcome] {
    guard !batteries.isEmpty else { return [] }
    if let version, version.followsMoney {
      // What its members cost depends on the battery, and so do its forecasts.
      return try batteries.map {
        try Replayer(replay.with(battery: $0)).run(.planned(version), monitor: monitor)
      }
    }
    var base = version.map { replay.planned(by: $0) } ?? replay.trusting
    base.settings.keepsPlans = false
    let cases = batteries.map { base.with(battery: $0) }
    // The sun is known where any of the enclosures asks for it.
    let issuing = cases.first { $0.sun != nil } ?? cases[0]
    let history = base.planningHistory
    var forecasts = try IssuedForecasts.Reader(issued, replay: base) {
      try version.map { try ForecastIssuer(issuing, planningHistory: history, version: $0) }
        ?? ForecastIssuer(issuing, oracle: history)
    }
    var runs = try cases.map { try PlannedRun($0, context: MeteringContext($0)) }
    let slots = replay.settings.replanSeconds / replay.period.stepSeconds
    var first = 0
    while first < replay.period.count {
      let last = min(replay.period.count, first + slots * Self.plansInTurn)
      var outlooks: [HorizonForecast] = []
      for at in stride(from: first, to: last, by: slots) {
        outlooks.append(try forecasts.issue(at: at))
      }
      for i in runs.indices {
        var at = first
        for outlook in outlooks { at += try runs[i].plan(outlook, at: at) }
      }
      try report((last - first) * runs.count, to: monitor)
      first = last
    }
    let issuer = forecasts.finish()
    return try runs.map { run in
      var outcome = try run.outcome(
        name: version?.name ?? Controller.oracle.name, isOracle: version?.isOracle ?? true,
        forecasts: issuer)
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
