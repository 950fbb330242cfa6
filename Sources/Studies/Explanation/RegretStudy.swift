package import Replay
import TimeSeries

/// Why versions cost more than the oracle: their regret split by cause, from replays in which a version is
/// told the truth of some quantities.
///
/// With the truth of a quantity the paths of a hedge are true as well, and a version that is told everything
/// is planned without the automatic hedge, as the oracle is. The runs use what nobody could have known; they
/// explain versions and are ranked nowhere.
package struct RegretStudy: Sendable {
  /// The versions explained, cheapest first.
  package let versions: [ExplainedVersion]
  /// What a forecast costs that is wrong by a tenth.
  package let biases: [BiasCost]
  /// Cost of the oracle less the foresight bound, which no forecast can bring; nothing where the bound is none.
  /// [currency]
  package let beyondForecasts: Double?

  /// Explains versions of a comparison.
  ///
  /// - Parameters:
  ///   - comparison: The comparison of the case.
  ///   - replay: The case.
  ///   - versions: The versions to explain, of those that were compared.
  ///   - planners: The ways of planning that were compared; empty for the case's own.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - monitor: Told about intervals done; there are `intervalCount(…)` in all.
  /// - Throws: What a replay throws, or `CancellationError`.
  package init(
    _ comparison: ForecastComparison, of replay: ReplayCase, versions: [ForecastVersion],
    planners: [PlannerVariant] = [], threads: Int, monitor: ReplayMonitor = ReplayMonitor()
  ) throws {
    let runs = Self.runs(replay, versions, planners)
    let realised = comparison.realised
    let biases = BiasCost.cases(at: replay)
    // A run that explains is no result, so nobody keeps it.
    var quiet = monitor
    quiet.finished = { _ in }
    let watch = quiet
    let costs = try parallelMap(Array(0..<runs.count + biases.count), threads: threads) {
      place -> InformedRun.Cost in
      if place < runs.count {
        var run = runs[place]
        run.version = run.version.knowing(realised, plannedBy: run.planner)
        return try run.run(replay, watch)
      }
      let bias = biases[place - runs.count]
      return try BiasCost.costs(bias.cause, scale: bias.scale, replay, watch)
    }
    var found: [InformedRun.Key: InformedRun.Cost] = [:]
    for (run, cost) in zip(runs, costs) { found[run.key(at: replay)] = cost }
    let oracle = comparison.oracle.outcome
    self.biases = zip(biases, costs[runs.count...]).map {
      BiasCost(cause: $0.cause, scale: $0.scale, cost: $1.total - oracle.cost)
    }
    let beyond = oracle.cost - comparison.foresight.cost
    beyondForecasts = beyond > -PairedInterval.cent ? beyond : nil
    self.versions = comparison.versions.compactMap { score -> ExplainedVersion? in
      guard let version = versions.first(where: { $0.name == score.forecast }) else { return nil }
      let planner = planners.first { $0.name == score.planner }
      let causes = ForecastCause.causes(of: version, at: replay)
      let own = InformedRun.Cost(score.outcome)
      func cost(told truths: [ForecastCause]) -> InformedRun.Cost {
        if truths.isEmpty { return own }
        let run = InformedRun(
          version: version, truths: Set(truths.map(\.quantity)), planner: planner)
        guard let cost = found[run.key(at: replay)] else { preconditionFailure("it was run") }
        return cost
      }
      let shares = ShapleyShares.shares(causes.count) { mask in
        cost(told: causes.indices.filter { mask & 1 << $0 != 0 }.map { causes[$0] }).total
      }
      var parts: [ForecastCause: Double] = [:]
      for cause in ForecastCause.allCases where cause.exists(at: replay) { parts[cause] = 0 }
      for (cause, share) in zip(causes, shares) { parts[cause] = share }
      let pairs = PairedInterval.corrected(
        causes.map { PairedInterval(own.parts, cost(told: [$0]).parts) })
      let worst = ExpensiveHour.worst(of: score.outcome, against: oracle)
      return ExplainedVersion(
        score: score, parts: parts, planning: cost(told: causes).total - oracle.cost,
        perfect: zip(causes, pairs).map { PerfectForecast(cause: $0, pair: $1) },
        hours: worst.hours, hourless: worst.elsewhere)
    }
  }

  /// The replays that explain versions, each once: versions that differ only in what they are told share them.
  private static func runs(
    _ replay: ReplayCase, _ versions: [ForecastVersion], _ planners: [PlannerVariant]
  ) -> [InformedRun] {
    var seen: Set<InformedRun.Key> = []
    let ways: [PlannerVariant?] = planners.isEmpty ? [nil] : planners
    return versions.flatMap { version in
      let causes = ForecastCause.causes(of: version, at: replay)
      return ways.flatMap { planner in
        (0..<1 << causes.count).dropFirst().map { mask in
          InformedRun(
            version: version,
            truths: Set(causes.indices.filter { mask & 1 << $0 != 0 }.map { causes[$0].quantity }),
            planner: planner)
        }
      }
    }.filter { seen.insert($0.key(at: replay)).inserted }
  }

  /// Returns how many intervals an explanation reports to its monitor.
  package static func intervalCount(
    _ replay: ReplayCase, versions: [ForecastVersion], planners: [PlannerVariant] = []
  ) -> Int {
    (runs(replay, versions, planners).count + BiasCost.cases(at: replay).count)
      * replay.period.count
  }
}
