import Numerics
public import Replay
import TimeSeries

/// Ranks forecast versions by what a site pays when a battery is planned with them.
///
/// Every version and every counterfactual is replayed over the same case with the same planner,
/// twin, tariff and settlement; only what is forecast differs.
public struct ForecastComparison: Sendable {
  /// The site's bill without a battery.
  public let noBattery: ReplayOutcome
  /// Rule-based control without a plan.
  public let selfConsumption: ReplayOutcome
  /// The rolling planner fed with the truth.
  public let oracle: VersionScore
  /// One plan over the whole period on the truth.
  public let foresight: ForesightBound
  /// The versions, cheapest first.
  public let versions: [VersionScore]
  /// The cheapest version against each other one, in the order of `versions`.
  public let pairs: [PairedDifference]
  /// What accuracy measures would have picked.
  public let audits: [MeasureAudit]

  /// Replays every version and counterfactual.
  ///
  /// - Parameters:
  ///   - replay: The case.
  ///   - versions: Forecast versions with distinct names.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - monitor: Told about intervals done; there are `intervalCount(…)` in all.
  /// - Throws: What a replay throws, or `CancellationError`.
  public init(
    _ replay: ReplayCase, versions: [ForecastVersion], threads: Int,
    monitor: ReplayMonitor = ReplayMonitor()
  ) throws {
    let controllers: [Controller] =
      [.oracle] + versions.map { .planned($0) } + [.noBattery, .selfConsumption]
    enum Part: Sendable {
      case outcome(ReplayOutcome)
      case foresight(ForesightBound)
    }
    let parts = try parallelMap([Controller?](controllers) + [nil], threads: threads) {
      controller -> Part in
      if let controller {
        return .outcome(try Replayer(replay).run(controller, monitor: monitor))
      }
      return .foresight(try ForesightBound(replay, monitor: monitor))
    }
    var outcomes: [ReplayOutcome] = []
    var bound: ForesightBound?
    for part in parts {
      switch part {
      case .outcome(let outcome): outcomes.append(outcome)
      case .foresight(let found): bound = found
      }
    }
    guard let bound else { preconditionFailure("the bound is the last part") }
    let none = outcomes[outcomes.count - 2]
    let rule = outcomes[outcomes.count - 1]
    let score = { (outcome: ReplayOutcome) in
      VersionScore(
        outcome, noBattery: none.cost, selfConsumption: rule.cost, oracle: outcomes[0].cost)
    }
    let planned = Array(outcomes[1..<outcomes.count - 2])
    noBattery = none
    selfConsumption = rule
    oracle = score(outcomes[0])
    foresight = bound
    // Equal costs keep the order of the scenario, so that the ranking is the same everywhere.
    self.versions = planned.enumerated()
      .sorted { ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset) }
      .map { score($0.element) }
    let bootstrap = BlockBootstrap(seed: replay.settings.seed)
    if let best = self.versions.first {
      pairs = self.versions.dropFirst().map { other in
        let differences = zip(best.outcome.dailyCosts, other.outcome.dailyCosts)
          .map { $0.0 - $0.1 }
        let interval = bootstrap.meanInterval(differences)
        return PairedDifference(
          a: best.outcome.name, b: other.outcome.name, perDay: interval.mean, low: interval.low,
          high: interval.high)
      }
    } else {
      pairs = []
    }
    audits = MeasureAudit.audit(self.versions.map(\.outcome))
  }

  /// Scores an outcome against the counterfactuals of this comparison.
  public func score(_ outcome: ReplayOutcome) -> VersionScore {
    VersionScore(
      outcome, noBattery: noBattery.cost, selfConsumption: selfConsumption.cost,
      oracle: oracle.outcome.cost)
  }

  /// Returns how many intervals a comparison reports to its monitor.
  public static func intervalCount(_ replay: ReplayCase, versionCount: Int) -> Int {
    (versionCount + 4) * replay.period.count
  }
}
