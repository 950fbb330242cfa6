import Forecasting
package import Replay
import Tariffs
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
  /// Why that is; nothing where nobody asked, or where the bound is none.
  package let beyond: BeyondForecasts?

  /// What is asked besides the causes.
  package struct Details: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    /// What perfect forecasts of some leads would bring to the cheapest version explained.
    package static let leads = Details(rawValue: 1)
    /// Why perfect forecasts cost more than the foresight bound.
    package static let plans = Details(rawValue: 2)
  }

  /// Explains versions of a comparison.
  ///
  /// - Parameters:
  ///   - comparison: The comparison of the case.
  ///   - replay: The case.
  ///   - versions: The versions to explain, of those that were compared.
  ///   - planners: The ways of planning that were compared; empty for the case's own.
  ///   - details: What is asked besides the causes.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - monitor: Told about intervals done; there are `intervalCount(…)` in all.
  /// - Throws: What a replay throws, or `CancellationError`.
  package init(
    _ comparison: ForecastComparison, of replay: ReplayCase, versions: [ForecastVersion],
    planners: [PlannerVariant] = [], details: Details = [], threads: Int,
    monitor: ReplayMonitor = ReplayMonitor()
  ) throws {
    let leading = comparison.versions.first { score in
      versions.contains { $0.name == score.forecast }
    }
    let runs =
      Self.runs(replay, versions, planners)
      + (details.contains(.leads)
        ? Self.leadRuns(leading, replay, versions, planners)
          + Self.nextDayRuns(leading, replay, versions, planners) : [])
    let realised = comparison.realised
    let biases = BiasCost.cases(at: replay)
    let plans = details.contains(.plans) ? BeyondForecasts.cases(replay) : []
    // A run that explains is no result, so nobody keeps it.
    var quiet = monitor
    quiet.finished = { _ in }
    let watch = quiet
    let count = runs.count + biases.count
    let costs = try parallelMap(Array(0..<count + plans.count), threads: threads) {
      place -> InformedRun.Cost in
      if place < runs.count {
        var run = runs[place]
        run.version = run.version.knowing(realised, plannedBy: run.planner)
        return try run.run(replay, watch)
      }
      if place >= count {
        return InformedRun.Cost(
          try Replayer(plans[place - count]).run(.oracle, monitor: watch))
      }
      let bias = biases[place - runs.count]
      return try BiasCost.costs(bias.cause, scale: bias.scale, replay, watch)
    }
    var found: [InformedRun.Key: InformedRun.Cost] = [:]
    for (run, cost) in zip(runs, costs) { found[run.key(at: replay)] = cost }
    let oracle = comparison.oracle.outcome
    self.biases = zip(biases, costs[runs.count..<count]).map {
      BiasCost(cause: $0.cause, scale: $0.scale, cost: $1.total - oracle.cost)
    }
    let beyond = oracle.cost - comparison.foresight.cost
    beyondForecasts = beyond > -PairedInterval.cent ? beyond : nil
    self.beyond =
      plans.isEmpty || beyondForecasts == nil
      ? nil
      : BeyondForecasts(
        oracle: oracle.cost, costs: costs[count...].map(\.total), bound: comparison.foresight.cost)
    self.versions = comparison.versions.compactMap { score -> ExplainedVersion? in
      guard let version = versions.first(where: { $0.name == score.forecast }) else { return nil }
      let planner = planners.first { $0.name == score.planner }
      let causes = ForecastCause.causes(of: version, at: replay)
      let own = InformedRun.Cost(score.outcome)
      func cost(told truths: [ForecastCause]) -> InformedRun.Cost {
        if truths.isEmpty { return own }
        let run = InformedRun(
          version: version, truths: Set(truths.map(\.quantity)), planner: planner)
        if Self.isOracle(run, at: replay) { return InformedRun.Cost(oracle) }
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
      let isLeading = score.outcome.name == leading?.outcome.name
      var knowledge: PriceKnowledge?
      if details.contains(.leads), isLeading, let part = parts[.price], causes.contains(.price) {
        let others = causes.filter { $0 != .price }
        knowledge = PriceKnowledge(part: part, others: others.count) { mask, isEarly in
          let told = others.indices.filter { mask & 1 << $0 != 0 }.map { others[$0] }
          guard isEarly else { return cost(told: told).total }
          let run = InformedRun(
            version: version, truths: Set(told.map(\.quantity)), planner: planner,
            knowsNextDay: true)
          guard let cost = found[run.key(at: replay)] else { preconditionFailure("it was run") }
          return cost.total
        }
      }
      let worst = ExpensiveHour.worst(of: score.outcome, against: oracle)
      return ExplainedVersion(
        score: score, parts: parts, planning: cost(told: causes).total - oracle.cost,
        perfect: zip(causes, pairs).map { PerfectForecast(cause: $0, pair: $1) },
        hours: worst.hours, hourless: worst.elsewhere,
        profile: RegretProfile(of: score.outcome, against: oracle, zone: replay.history.zone),
        leads: Self.leadRuns(leading, replay, versions, planners).compactMap { run in
          guard isLeading, let leads = run.leads,
            let cost = found[run.key(at: replay)],
            let cause = causes.first(where: { run.truths == [$0.quantity] }),
            let hours = LeadValue.buckets.first(where: { Self.seconds(of: $0) == leads })
          else { return nil }
          return LeadValue(cause: cause, hours: hours, saving: own.total - cost.total)
        }, priceKnowledge: knowledge)
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
    }.filter { !isOracle($0, at: replay) && seen.insert($0.key(at: replay)).inserted }
  }

  /// Whether a run does exactly what the oracle does: told everything, planned by the case's own settings, without a
  /// hedge that the truth does not need.
  private static func isOracle(_ run: InformedRun, at replay: ReplayCase) -> Bool {
    guard run.planner == nil, run.leads == nil, replay.settings.peakPricing != .trailingTarget,
      replay.settings.hedge == .automatic || replay.settings.hedge == HedgeSettings()
    else { return false }
    return ForecastCause.allCases.allSatisfy {
      !$0.exists(at: replay) || run.truths.contains($0.quantity)
        || $0.recipe(of: run.version).kind == .perfect
    }
  }

  /// The replays in which the leading version is told the truth of one quantity at some leads.
  private static func leadRuns(
    _ leading: VersionScore?, _ replay: ReplayCase, _ versions: [ForecastVersion],
    _ planners: [PlannerVariant]
  ) -> [InformedRun] {
    guard let leading, let version = versions.first(where: { $0.name == leading.forecast }) else {
      return []
    }
    let planner = planners.first { $0.name == leading.planner }
    return ForecastCause.causes(of: version, at: replay).flatMap { cause in
      LeadValue.buckets.filter { $0.lowerBound < replay.settings.horizonHours }.map {
        InformedRun(
          version: version, truths: [cause.quantity], planner: planner, leads: seconds(of: $0))
      }
    }
  }

  /// The replays in which the leading version knows the next day's prices early, beside the truth of every set of
  /// other quantities; none where prices are no cause.
  private static func nextDayRuns(
    _ leading: VersionScore?, _ replay: ReplayCase, _ versions: [ForecastVersion],
    _ planners: [PlannerVariant]
  ) -> [InformedRun] {
    guard let leading, let version = versions.first(where: { $0.name == leading.forecast }) else {
      return []
    }
    let causes = ForecastCause.causes(of: version, at: replay)
    guard causes.contains(.price) else { return [] }
    let others = causes.filter { $0 != .price }
    let planner = planners.first { $0.name == leading.planner }
    return (0..<1 << others.count).map { mask in
      InformedRun(
        version: version,
        truths: Set(others.indices.filter { mask & 1 << $0 != 0 }.map { others[$0].quantity }),
        planner: planner, knowsNextDay: true)
    }
  }

  private static func seconds(of hours: Range<Double>) -> Range<Int> {
    Int(
      hours.lowerBound * 3600)..<(hours.upperBound.isFinite
      ? Int(hours.upperBound * 3600) : Int.max)
  }

  /// Returns how many intervals an explanation reports to its monitor.
  package static func intervalCount(
    _ replay: ReplayCase, versions: [ForecastVersion], planners: [PlannerVariant] = [],
    details: Details = []
  ) -> Int {
    // Every version has as many leads, but which causes it has may differ.
    let leads =
      details.contains(.leads)
      ? versions.map { version in
        let causes = ForecastCause.causes(of: version, at: replay)
        return causes.count
          * LeadValue.buckets.filter { $0.lowerBound < replay.settings.horizonHours }.count
          + (causes.contains(.price) ? 1 << (causes.count - 1) : 0)
      }.max() ?? 0 : 0
    let plans = details.contains(.plans) ? BeyondForecasts.cases(replay).count : 0
    return
      (runs(replay, versions, planners).count + BiasCost.cases(at: replay).count + leads + plans)
      * replay.period.count
  }
}
