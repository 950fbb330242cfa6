package import Replay
import TimeSeries

/// Ranks forecast versions by what a site pays when a battery is planned with them.
///
/// Every version and every counterfactual is replayed over the same case with the same twin, tariff and
/// settlement; only what is forecast differs, and how it is planned with where planners are compared
/// too. There is one oracle, planned with the case's own settings, so that the regret of all versions
/// and planners is against the same cost.
package struct ForecastComparison: Sendable {
  /// The site's bill without a battery.
  package let noBattery: ReplayOutcome
  /// Rule-based control without a plan.
  package let selfConsumption: ReplayOutcome
  /// The site as it ran, with the battery power of the history; nothing where too little of that is known.
  ///
  /// It is no version: nothing is paired with it.
  package let asMeasured: ReplayOutcome?
  /// The rolling planner fed with the truth.
  package let oracle: VersionScore
  /// One plan over the whole period on the truth.
  package let foresight: ForesightBound
  /// The versions, cheapest first.
  package let versions: [VersionScore]
  /// The ways of planning that were compared; empty when the case's own settings plan every version.
  package let planners: [PlannerVariant]
  /// The cheapest honest version, which the others are compared with; the cheapest of all where every
  /// version was given something that nobody could have known, nothing where there is no version.
  package let reference: VersionScore?
  /// The reference against each other honest version in the order of `versions`, with the verdicts
  /// corrected for their number together with the two below.
  package let honestPairs: [PairedInterval]
  /// The reference against the versions that were given what nobody could have known.
  package let labelledPairs: [PairedInterval]
  /// The reference against rule-based control.
  package let againstRule: PairedInterval?
  /// The reference against no battery.
  package let againstNoBattery: PairedInterval?
  /// Where planners are compared: each of the others against the first, on the same forecast.
  package let plannerPairs: [PairedInterval]
  /// How measures of accuracy go with cost among the honest versions of one planner; empty where forecasts were not
  /// kept.
  package let accuracyAudits: [AccuracyAudit]
  /// How long it took until the cheapest honest version was known; nothing for fewer than two.
  package let rolling: RollingVerdict?
  /// What the versions that others follow cost day by day, by name; empty where none follows any.
  package private(set) var realised: [String: RealisedCosts] = [:]
  /// What accuracy measures would have picked among the honest versions of one planner.
  package let audits: [MeasureAudit]

  /// Replays every version and counterfactual.
  ///
  /// - Parameters:
  ///   - replay: The case.
  ///   - versions: Forecast versions with distinct names.
  ///   - planners: Ways of planning with distinct names, each of which plans every version; empty
  ///     for the case's own.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - monitor: Told about intervals done; there are `intervalCount(…)` in all.
  /// - Throws: What a replay throws, or `CancellationError`.
  package init(
    _ replay: ReplayCase, versions: [ForecastVersion], planners: [PlannerVariant] = [],
    threads: Int, monitor: ReplayMonitor = ReplayMonitor()
  ) throws {
    let ways: [PlannerVariant?] = planners.isEmpty ? [nil] : planners
    let tasks = versions.flatMap { version in
      ways.map { Task(version: version, planner: $0, replay: replay) }
    }
    let followed = Set(versions.flatMap(\.members).map(\.name))
    enum Part: Sendable {
      case planned(Int, ReplayOutcome, RealisedCosts?)
      case reference(Controller, ReplayOutcome)
      case foresight(ForesightBound)
    }
    enum Job: Sendable {
      case planned(Int, Task)
      case reference(Controller)
      case foresight
    }
    // What follows the costs of others comes after them; the oracle takes as long as a version.
    let first = tasks.indices.filter { !tasks[$0].version.followsMoney }
    let jobs: [Job] =
      [.reference(.oracle)] + first.map { .planned($0, tasks[$0]) }
      + [.reference(.noBattery), .reference(.selfConsumption), .foresight]
    let work: @Sendable (Job) throws -> Part = { job in
      switch job {
      case .planned(let place, let task):
        let outcome = try task.run(monitor)
        return .planned(
          place, outcome,
          followed.contains(task.version.name)
            ? try RealisedCosts(outcome, of: task.planned) : nil)
      case .reference(let controller):
        return .reference(controller, try Replayer(replay).run(controller, monitor: monitor))
      case .foresight: return .foresight(try ForesightBound(replay, monitor: monitor))
      }
    }
    let parts = try parallelMap(jobs, threads: threads, work)
    var realised: [String: RealisedCosts] = [:]
    for case .planned(_, _, let costs?) in parts { realised[costs.name] = costs }
    let followers = tasks.indices.filter { tasks[$0].version.followsMoney }
    let later = try parallelMap(
      followers.map { place -> Job in
        var task = tasks[place]
        task.version = task.version.knowing(realised, plannedBy: task.planner)
        return .planned(place, task)
      }, threads: threads, work)
    var outcomes: [Int: ReplayOutcome] = [:]
    var references: [String: ReplayOutcome] = [:]
    var bound: ForesightBound?
    for part in parts + later {
      switch part {
      case .planned(let place, let outcome, _): outcomes[place] = outcome
      case .reference(let controller, let outcome): references[controller.name] = outcome
      case .foresight(let found): bound = found
      }
    }
    func reference(_ controller: Controller) -> ReplayOutcome {
      guard let outcome = references[controller.name] else { preconditionFailure("it was run") }
      return outcome
    }
    guard let bound else { preconditionFailure("the bound is the last part") }
    let planned = tasks.enumerated().map { place, task -> PlannedRun in
      guard let outcome = outcomes[place] else { preconditionFailure("every task was run") }
      return PlannedRun(
        forecast: task.version.name, planner: task.planner?.name, outcome: outcome)
    }
    self.init(
      noBattery: reference(.noBattery), selfConsumption: reference(.selfConsumption),
      oracle: reference(.oracle), foresight: bound, planned: planned, planners: planners,
      asMeasured: replay.isMeasured
        ? try Replayer(replay).run(.asMeasured, monitor: monitor) : nil)
    self.realised = realised
  }

  /// A forecast version to be planned in one way.
  private struct Task: Sendable {
    var version: ForecastVersion
    let planner: PlannerVariant?
    let replay: ReplayCase

    /// The case as it is planned.
    var planned: ReplayCase { planner.map { replay.with($0) } ?? replay }

    func run(_ monitor: ReplayMonitor) throws -> ReplayOutcome {
      try Replayer(planned).run(
        .planned(planner?.naming(version) ?? version), monitor: monitor)
    }
  }

  /// One forecast version planned in one way.
  package struct PlannedRun: Sendable {
    /// Name of the forecast version.
    package let forecast: String
    /// Name of the way of planning; nothing where only one is replayed.
    package let planner: String?
    /// What happened.
    package let outcome: ReplayOutcome

    /// Names a finished replay.
    package init(forecast: String, planner: String? = nil, outcome: ReplayOutcome) {
      self.forecast = forecast
      self.planner = planner
      self.outcome = outcome
    }
  }

  /// Scores and ranks finished replays of one case.
  ///
  /// - Parameters:
  ///   - noBattery: The site without a battery.
  ///   - selfConsumption: Rule-based control.
  ///   - oracle: The rolling planner fed with the truth.
  ///   - foresight: One plan over the whole period.
  ///   - runs: The versions in the order of the scenario.
  ///   - planners: Ways of planning that the runs name, the reference first; empty for one.
  ///   - asMeasured: The site as it ran, where that is known.
  package init(
    noBattery: ReplayOutcome, selfConsumption: ReplayOutcome, oracle: ReplayOutcome,
    foresight: ForesightBound, planned runs: [PlannedRun], planners: [PlannerVariant] = [],
    asMeasured: ReplayOutcome? = nil
  ) {
    func score(_ outcome: ReplayOutcome, forecast: String, planner: String?) -> VersionScore {
      VersionScore(
        outcome, forecast: forecast, planner: planner, noBattery: noBattery.cost,
        selfConsumption: selfConsumption.cost, oracle: oracle.cost)
    }
    let planned = runs.map { score($0.outcome, forecast: $0.forecast, planner: $0.planner) }
    self.planners = planners
    self.noBattery = noBattery
    self.selfConsumption = selfConsumption
    self.asMeasured = asMeasured
    self.oracle = score(oracle, forecast: oracle.name, planner: nil)
    self.foresight = foresight
    // Equal costs keep the order of the scenario, so that the ranking is the same everywhere.
    let ranked = planned.enumerated()
      .sorted { ($0.element.outcome.cost, $0.offset) < ($1.element.outcome.cost, $1.offset) }
      .map(\.element)
    versions = ranked
    let reference = ranked.first(where: \.isHonest) ?? ranked.first
    self.reference = reference
    func costs(_ score: VersionScore) -> VersionCosts { VersionCosts(score.outcome) }
    let others = ranked.filter { $0.outcome.name != reference?.outcome.name }
    if let reference {
      let honest = others.filter(\.isHonest)
      let compared = PairedInterval.comparing(
        costs(reference),
        with: honest.map(costs) + [VersionCosts(selfConsumption), VersionCosts(noBattery)])
      honestPairs = Array(compared.prefix(honest.count))
      againstRule = compared[honest.count]
      againstNoBattery = compared[honest.count + 1]
      labelledPairs = others.filter { !$0.isHonest }
        .map { PairedInterval(costs(reference), costs($0)) }
    } else {
      honestPairs = []
      labelledPairs = []
      againstRule = nil
      againstNoBattery = nil
    }
    let first = planned.filter { $0.planner == planners.first?.name }
    plannerPairs = PairedInterval.corrected(
      planned.filter { $0.planner != planners.first?.name }.compactMap { other in
        first.first { $0.forecast == other.forecast }
          .map { PairedInterval(costs(other), costs($0)) }
      })
    rolling = RollingVerdict(
      ranked.filter(\.isHonest).map(\.outcome),
      isSure: !honestPairs.isEmpty && honestPairs.allSatisfy { $0.verdict == .cheaper })
    let ways: [String?] = planners.isEmpty ? [nil] : planners.map(\.name)
    accuracyAudits = ways.compactMap { way in
      AccuracyAudit(
        ranked.filter { $0.planner == way && $0.isHonest }.map(\.outcome), oracle: oracle,
        noBattery: noBattery, planner: way)
    }
    audits = ways.flatMap { way in
      MeasureAudit.audit(
        ranked.filter { $0.planner == way && $0.isHonest }.map(\.outcome), planner: way)
    }
  }

  /// The reference against every other version, rule-based control and no battery.
  package var pairs: [PairedInterval] {
    honestPairs + labelledPairs + [againstRule, againstNoBattery].compactMap { $0 }
  }

  /// Scores an outcome against the counterfactuals of this comparison.
  package func score(_ outcome: ReplayOutcome) -> VersionScore {
    VersionScore(
      outcome, forecast: outcome.name, planner: nil, noBattery: noBattery.cost,
      selfConsumption: selfConsumption.cost, oracle: oracle.outcome.cost)
  }

  /// The versions, cheapest first, then the oracle, the site as it ran, rule-based control and no battery.
  package var scores: [VersionScore] {
    versions + [oracle] + [asMeasured, selfConsumption, noBattery].compactMap { $0.map(score) }
  }

  /// Returns how many intervals a comparison reports to its monitor.
  package static func intervalCount(
    _ replay: ReplayCase, versionCount: Int, plannerCount: Int = 1
  ) -> Int {
    (versionCount * max(1, plannerCount) + 4) * replay.period.count
  }
}
