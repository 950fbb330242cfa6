import Forecasting
package import Replay
import Tariffs
package import TimeSeries

/// One site of a benchmark: what every version cost there.
package struct BenchmarkSite: Sendable {
  /// What is to be replayed.
  package struct Task: Sendable {
    /// Name of the site.
    package var name: String
    /// Where it is; sites of one place share their weather or market and count once in tests.
    package var place: String
    /// The case.
    package var replay: ReplayCase
    /// Forecast versions with distinct names.
    package var versions: [ForecastVersion]
    /// Ways of planning; empty for the case's own.
    package var planners: [PlannerVariant]

    /// Names a site with what is to be replayed there.
    package init(
      name: String, place: String, replay: ReplayCase, versions: [ForecastVersion],
      planners: [PlannerVariant] = []
    ) {
      self.name = name
      self.place = place
      self.replay = replay
      self.versions = versions
      self.planners = planners
    }
  }

  /// What a version cost at the site.
  package struct Result: Sendable, Hashable {
    /// Name of the version.
    package let version: String
    /// Cost of the period. [currency of the site]
    package let cost: Double
    /// Share of the oracle's saving against no battery; nothing where the oracle saves nothing.
    package let share: Double?
    /// What nobody could have known of its forecasts: `oracle`, `oracle weather` or nothing.
    package let label: String
    /// Mean absolute errors by quantity, in its unit.
    package let errors: [Quantity: Double]
    /// Slots that the fallback forecast, over all.
    package let filledShare: Double

    /// States a result.
    package init(
      version: String, cost: Double, share: Double?, label: String = "",
      errors: [Quantity: Double] = [:], filledShare: Double = 0
    ) {
      self.version = version
      self.cost = cost
      self.share = share
      self.label = label
      self.errors = errors
      self.filledShare = filledShare
    }
  }

  /// Name of the site.
  package let name: String
  /// Where it is.
  package let place: String
  /// Currency of its money.
  package let currency: String
  /// First instant of what was replayed. [UTC epoch s]
  package let start: Int
  /// End of what was replayed. [UTC epoch s]
  package let end: Int
  /// Cost without a battery. [currency]
  package let noBattery: Double
  /// Cost with perfect forecasts. [currency]
  package let oracle: Double
  /// The rule without a plan.
  package let rule: Result
  /// The versions, cheapest first.
  package let versions: [Result]
  /// Verdict on the cheapest version against the next one, in a word or three; nothing for one version.
  package let verdict: String?

  /// Name of the rule in results.
  package static let ruleName = Controller.selfConsumption.name

  /// States a site.
  package init(
    name: String, place: String, currency: String, start: Int, end: Int, noBattery: Double,
    oracle: Double, rule: Result, versions: [Result], verdict: String? = nil
  ) {
    self.name = name
    self.place = place
    self.currency = currency
    self.start = start
    self.end = end
    self.noBattery = noBattery
    self.oracle = oracle
    self.rule = rule
    self.versions = versions
    self.verdict = verdict
  }

  /// Replays a site.
  init(_ task: Task, monitor: ReplayMonitor) throws {
    let comparison = try ForecastComparison(
      task.replay, versions: task.versions, planners: task.planners, threads: 1, monitor: monitor)
    func result(_ score: VersionScore) -> Result {
      Result(
        version: score.outcome.name, cost: score.outcome.cost, share: score.shareCaptured,
        label: score.outcome.label,
        errors: score.outcome.accuracy.filter { $0.value.count > 0 }.mapValues(\.mae),
        filledShare: score.outcome.forecastCounts.filledShare)
    }
    self.init(
      name: task.name, place: task.place, currency: task.replay.tariff.currency,
      start: task.replay.period.start, end: task.replay.period.end,
      noBattery: comparison.noBattery.cost, oracle: comparison.oracle.outcome.cost,
      rule: result(comparison.score(comparison.selfConsumption)),
      versions: comparison.versions.map(result),
      verdict: comparison.honestPairs.first?.verdictWord)
  }

  /// What a version or the rule cost here; nothing where it was not replayed.
  package func result(_ version: String) -> Result? {
    version == rule.version ? rule : versions.first { $0.version == version }
  }
}
