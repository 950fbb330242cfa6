import Diagnostics
import Forecasting
import Replay
import TimeSeries
import Twin

/// Replays batteries at sites, many at a time, and keeps what their money is counted from.
struct SizingRunner: Sendable {
  /// A battery at a site.
  struct Candidate: Sendable {
    var site: Int
    var battery: BatteryChoice
  }

  private let sites: [SizingSite]
  private let version: ForecastVersion
  private let settings: SizingSettings
  private let others: [ForecastVersion]
  private let threads: Int
  private let monitor: ReplayMonitor
  private let yearFactor: Double

  /// Batteries that are replayed side by side: more share forecasts, fewer are lost when a run is stopped.
  static let groupSize = 25

  /// The sites without a battery, in each year that is replayed.
  private let bare: [[Int: (replay: ReplayCase, outcome: ReplayOutcome)]]

  /// Replays every site without a battery.
  init(_ work: SizingWork, threads: Int, monitor: ReplayMonitor) throws {
    let settings = work.settings
    sites = work.sites
    version = work.version
    others = work.others
    yearFactor = work.yearFactor
    self.settings = settings
    self.threads = threads
    self.monitor = monitor
    let years = settings.lifetime.replayed(of: settings.finance.years)
    bare = try sites.map { site in
      var found: [Int: (replay: ReplayCase, outcome: ReplayOutcome)] = [:]
      let quiet = ReplayMonitor(isCancelled: monitor.isCancelled)
      for year in years {
        let replay = try site.replay.grown(by: settings.lifetime.loadGrowth, years: year - 1)
        found[year] = (
          replay, try Replayer(replay).run(.noBattery, monitor: year == 1 ? monitor : quiet)
        )
      }
      return found
    }
  }

  /// Returns the replay of a site without a battery.
  func none(site: Int) -> SizedRun? {
    guard let first = bare[site][1], let base = bare[0][1] else { return nil }
    var run = SizedRun(first.outcome, at: site, sites[site], battery: nil)
    if site > 0 {
      run.years = bare[site].keys.sorted().compactMap { year in
        guard let own = bare[site][year]?.outcome, let plain = bare[0][year]?.outcome else {
          return nil
        }
        return SizedRun.Year(
          year: year, replayed: ReplayedYear(saving: (plain.cost - own.cost) * yearFactor))
      }
    }
    let saved = (base.outcome.cost - first.outcome.cost) * yearFactor
    for name in controllerNames { run.otherSavings[name] = saved }
    return run
  }

  /// Names of the controllers besides the study's own version.
  private var controllerNames: [String] {
    (settings.withOracle ? [Controller.oracle.name] : [])
      + (settings.withRule ? [Controller.selfConsumption.name] : []) + others.map(\.name)
  }

  /// Number of intervals that one battery is replayed over.
  static func intervals(_ replay: ReplayCase, settings: SizingSettings, others: Int) -> Int {
    let years = settings.lifetime.replayed(of: settings.finance.years).count
    let bare = settings.resilience != nil && !replay.settings.reserve.isNone ? 1 : 0
    return (years + (settings.withOracle ? 1 : 0) + (settings.withRule ? 1 : 0) + others + bare)
      * replay.period.count
  }

  /// Tells the monitor about candidates that need no replay.
  func pass(over count: Int) {
    monitor.advanced(
      count * Self.intervals(sites[0].replay, settings: settings, others: others.count))
  }

  /// Replays candidates.
  ///
  /// - Parameters:
  ///   - candidates: What to replay.
  ///   - keep: Told about each candidate that is done, from any thread.
  /// - Returns: One run per candidate.
  /// - Throws: `InputError` for a battery without life; what replays throw.
  func runs(
    _ candidates: [Candidate], keep: @escaping @Sendable (SizedRun) throws -> Void = { _ in }
  ) throws -> [SizedRun] {
    // Groups are of one site, in order, and small enough for every thread to have one.
    var groups: [[Candidate]] = []
    let share = max(1, (candidates.count + threads - 1) / max(1, threads))
    for candidate in candidates {
      if let last = groups.last, last[0].site == candidate.site,
        last.count < min(Self.groupSize, share)
      {
        groups[groups.count - 1].append(candidate)
      } else {
        groups.append([candidate])
      }
    }
    return try parallelMap(groups, threads: threads) { group in
      let runs = try replayed(group)
      for run in runs { try keep(run) }
      return runs
    }.flatMap { $0 }
  }

  private func replayed(_ group: [Candidate]) throws -> [SizedRun] {
    let site = group[0].site
    for candidate in group where !candidate.battery.twin.hasLifeLeft {
      throw InputError(
        "cells of the battery start at or below 'end_of_life_fraction', so 'size' has no life to count; "
          + "lower it")
    }
    guard let first = bare[site][1], let base = bare[0][1] else { return [] }
    let twins = group.map(\.battery.twin)
    let replayer = Replayer(first.replay)
    let hasLaterYears = settings.lifetime.replayed(of: settings.finance.years).count > 1
    let issued = hasLaterYears && settings.lifetime.loadGrowth == 0 ? IssuedForecasts() : nil
    let outcomes = try replayer.run(version, batteries: twins, issued: issued, monitor: monitor)
    var runs = zip(outcomes, group).map { outcome, candidate in
      var run = SizedRun(outcome, at: site, sites[site], battery: candidate.battery)
      run.benefits = BenefitSplit(outcome, without: base.outcome, yearFactor: yearFactor)
      run.years = [
        SizedRun.Year(
          year: 1,
          replayed: ReplayedYear(outcome, without: base.outcome, yearFactor: yearFactor))
      ]
      return run
    }
    func outages(_ outcome: ReplayOutcome, _ i: Int) throws -> OutageUse? {
      try settings.resilience.map {
        try OutageUse(outcome, replay: first.replay, battery: twins[i], settings: $0)
      }
    }
    for i in runs.indices {
      guard let use = try outages(outcomes[i], i) else { continue }
      runs[i].outages = use
      runs[i].years[0].replayed.saving += use.avoidedPerYear
    }
    if settings.resilience != nil, !first.replay.settings.reserve.isNone {
      var free = first.replay
      free.settings.reserve = Reserve()
      let without = try Replayer(free).run(version, batteries: twins, monitor: monitor)
      for (i, outcome) in without.enumerated() {
        let kept = outcomes[i].cost - outcomes[i].wearCost
        runs[i].outages?.reserveCostPerYear =
          (kept - (outcome.cost - outcome.wearCost)) * yearFactor
      }
    }
    func note(_ outcomes: [ReplayOutcome], as name: String) throws {
      for (i, outcome) in outcomes.enumerated() {
        let cost = outcome.cost - outcome.wearCost
        let avoided = try outages(outcome, i)?.avoidedPerYear ?? 0
        runs[i].otherSavings[name] = (base.outcome.cost - cost) * yearFactor + avoided
      }
    }
    if settings.withOracle {
      try note(
        replayer.run(nil, batteries: twins, monitor: monitor), as: Controller.oracle.name)
    }
    if settings.withRule {
      try note(
        twins.map {
          try Replayer(first.replay.with(battery: $0)).run(.selfConsumption, monitor: monitor)
        }, as: Controller.selfConsumption.name)
    }
    for other in others {
      try note(replayer.run(other, batteries: twins, monitor: monitor), as: other.name)
    }
    return try aged(runs, group: group, site: site, issued: issued)
  }

  /// Adds the later years that are replayed, with the forecasts of the first one where the load does not grow.
  private func aged(
    _ runs: [SizedRun], group: [Candidate], site: Int, issued: IssuedForecasts?
  ) throws -> [SizedRun] {
    let years = settings.lifetime.replayed(of: settings.finance.years).dropFirst()
    guard !years.isEmpty else { return runs }
    var runs = runs
    var builders: [LifetimeBuilder?] = []
    for (run, candidate) in zip(runs, group) {
      guard let model = candidate.battery.twin.ageingModel, let first = run.years.first else {
        builders.append(nil)
        continue
      }
      var builder = LifetimeBuilder(
        run, first: first.replayed, model: model, yearFactor: yearFactor,
        settings: settings.lifetime, count: settings.finance.years)
      try builder.pass(first.replayed)
      builders.append(builder)
    }
    for year in years {
      guard let bare = bare[site][year], let plain = self.bare[0][year] else { continue }
      var twins: [TwinSpecification] = []
      for i in group.indices {
        try builders[i]?.passUnreplayed()
        let twin = group[i].battery.twin
        twins.append(
          try builders[i].map { try twin.with(modules: [$0.condition.module]) } ?? twin)
      }
      let outcomes = try Replayer(bare.replay).run(
        version, batteries: twins, issued: issued, monitor: monitor)
      for i in group.indices {
        var replayed = ReplayedYear(
          outcomes[i], without: plain.outcome, yearFactor: yearFactor)
        if let resilience = settings.resilience {
          replayed.saving += try OutageUse(
            outcomes[i], replay: bare.replay, battery: twins[i], settings: resilience
          ).avoidedPerYear
        }
        runs[i].years.append(SizedRun.Year(year: year, replayed: replayed))
        try builders[i]?.pass(replayed)
      }
    }
    return runs
  }
}

extension ReplayCase {
  /// Returns the case with a load that has grown for some years.
  fileprivate func grown(by rate: Double, years: Int) throws -> ReplayCase {
    guard rate != 0, years > 0, let load = history[.load] else { return self }
    let factor = FinanceTerms.powers(1 + rate, count: years + 1)[years]
    var grown = history
    grown[.load] = load.map { $0 * factor }
    return try with(history: grown)
  }
}
