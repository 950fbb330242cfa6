package import Replay
import TimeSeries
package import Twin

/// Something that is done to the battery's surroundings in a stress study.
package struct WeatherStress: Sendable {
  /// Name shown in results.
  package var name: String
  /// Added to the air temperature within the period. [K]
  package var ambientOffsetK: Double
  /// Instants within which the offset applies, or the whole period. [UTC epoch s]
  package var window: Range<Int>?

  /// Names a change of the weather.
  package init(name: String, ambientOffsetK: Double, window: Range<Int>? = nil) {
    self.name = name
    self.ambientOffsetK = ambientOffsetK
    self.window = window
  }

  /// Returns the history as the stressed weather would have made it.
  func applied(to history: SiteHistory) -> SiteHistory {
    guard ambientOffsetK != 0, let air = history[.ambient] else { return history }
    var stressed = history
    stressed[.ambient] = air.enumerated().map { i, temperature in
      let instant = history.grid.instant(i)
      return window?.contains(instant) ?? true ? temperature + ambientOffsetK : temperature
    }
    return stressed
  }
}

/// One derating policy under one fault and one weather.
package struct StressCell: Sendable {
  /// Name of the policy.
  package let policy: String
  /// Name of the fault.
  package let fault: String
  /// Name of the weather.
  package let weather: String
  /// What happened.
  package let outcome: ReplayOutcome
  /// Cost less the cost of the first policy without its fault in the first weather. [currency]
  package let costDelta: Double

  /// Energy that the policy refused. [kWh]
  package var deratedKWh: Double { outcome.ledger?.deratedKWh ?? 0 }
  /// Hottest cell at any time. [°C]
  package var hottestCellC: Double { outcome.ledger?.hottestCellC ?? .nan }
  /// Time with a cell above its limit. [h]
  package var hoursAboveLimit: Double { (outcome.ledger?.secondsAboveLimit ?? 0) / 3600 }
  /// Intervals that ended with a cell above its limit.
  package let violations: Int
  /// Share of the battery's life used.
  package var lifeUsedFraction: Double { outcome.ledger?.lifeUsedFraction ?? 0 }
}

/// A policy over all its cells.
package struct PolicyScore: Sendable {
  /// Name of the policy.
  package let policy: String
  /// Mean cost over faults and weathers, less the reference cell's cost. [currency]
  package let meanCostDelta: Double
  /// Mean share of the battery's life used over its cells.
  package let lifeUsedFraction: Double
  /// Hottest cell in any of its cells. [°C]
  package let hottestCellC: Double
  /// Time above the limit summed over its cells. [h]
  package let hoursAboveLimit: Double
}

/// What derating policies cost and what they protect, under faults and weather.
package struct StressStudy: Sendable {
  /// Policies in the outer, faults in the middle, weathers in the inner order.
  package let cells: [StressCell]
  /// Policies that no other policy beats in cost, hottest cell and hours above the limit at once.
  package let pareto: [PolicyScore]
  /// Every policy over its cells, in the order given.
  package let policies: [PolicyScore]
  /// The policy to take: the cheapest of those whose cells are above their limit for the least time; of
  /// equal costs the one that uses less of the battery's life, then the first.
  package let choice: PolicyScore?
  /// Mean cost of the choice over its cells against that of every other policy, in their order.
  package let pairs: [PairedInterval]

  /// Replays every combination.
  ///
  /// - Parameters:
  ///   - replay: The case; twin and air temperature are replaced in each cell.
  ///   - version: The forecasts that plans are made with.
  ///   - policies: Names of the policies, the reference first.
  ///   - faults: Names of the faults, no fault first.
  ///   - weathers: Changes of the weather, none first.
  ///   - twin: Builds the battery system with the policy and the fault at these positions.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - monitor: Told about intervals done.
  /// - Throws: What building a twin or a replay throws, or `CancellationError`.
  package init(
    _ replay: ReplayCase, version: ForecastVersion, policies: [String], faults: [String],
    weathers: [WeatherStress],
    twin: @escaping @Sendable (_ policy: Int, _ fault: Int) throws -> TwinSpecification,
    threads: Int, monitor: ReplayMonitor = ReplayMonitor()
  ) throws {
    var places: [[Int]] = []
    for policy in policies.indices {
      for fault in faults.indices {
        for weather in weathers.indices { places.append([policy, fault, weather]) }
      }
    }
    let outcomes = try parallelMap(places, threads: threads) { place in
      let stressed = try replay.with(battery: try twin(place[0], place[1]))
        .with(history: weathers[place[2]].applied(to: replay.history))
      return try Replayer(stressed).run(.planned(version), monitor: monitor)
    }
    let reference = outcomes.first?.cost ?? 0
    let cells = zip(places, outcomes).map { place, outcome in
      StressCell(
        policy: policies[place[0]], fault: faults[place[1]], weather: weathers[place[2]].name,
        outcome: outcome, costDelta: outcome.cost - reference,
        violations: outcome.trace.hottestCellC.count { $0 > replay.battery.temperatureLimitC })
    }
    self.init(cells: cells, policies: policies)
  }

  /// Scores finished replays.
  ///
  /// - Parameters:
  ///   - cells: Policies in the outer order, over the same period and the same faults and weathers each.
  ///   - policies: Names of the policies, the reference first.
  init(cells: [StressCell], policies: [String]) {
    self.cells = cells
    func mean(_ policy: String, _ value: (StressCell) -> Double) -> Double {
      let own = cells.filter { $0.policy == policy }
      return own.reduce(0) { $0 + value($1) } / Double(max(1, own.count))
    }
    let scores = policies.map { policy in
      let own = cells.filter { $0.policy == policy }
      return PolicyScore(
        policy: policy, meanCostDelta: mean(policy, \.costDelta),
        lifeUsedFraction: mean(policy, \.lifeUsedFraction),
        hottestCellC: own.map(\.hottestCellC).max() ?? .nan,
        hoursAboveLimit: own.reduce(0) { $0 + $1.hoursAboveLimit })
    }
    self.policies = scores
    pareto = PolicyScore.paretoFront(of: scores)
    let choice = PolicyScore.choice(of: scores)
    self.choice = choice
    func costs(_ policy: String) -> VersionCosts {
      VersionCosts(
        meanOf: cells.filter { $0.policy == policy }.map { VersionCosts($0.outcome) }, name: policy)
    }
    pairs =
      choice.map { choice in
        PairedInterval.comparing(
          costs(choice.policy), with: policies.filter { $0 != choice.policy }.map(costs))
      } ?? []
  }

  /// Returns how many intervals a study reports to its monitor.
  package static func intervalCount(
    _ replay: ReplayCase, policies: Int, faults: Int, weathers: Int
  ) -> Int {
    policies * faults * weathers * replay.period.count
  }
}

extension PolicyScore {
  /// Differences in time below this are none. [h]
  package static let minuteHours = 1.0 / 60

  /// Returns the cheapest of the scores with the least time above the limit.
  static func choice(of scores: [PolicyScore]) -> PolicyScore? {
    let least = scores.map(\.hoursAboveLimit).min() ?? 0
    let safe = scores.filter { $0.hoursAboveLimit < least + minuteHours }
    let cost = safe.map(\.meanCostDelta).min() ?? 0
    let cheap = safe.filter { $0.meanCostDelta < cost + PairedInterval.cent }
    return cheap.enumerated().min {
      ($0.element.lifeUsedFraction, $0.offset) < ($1.element.lifeUsedFraction, $1.offset)
    }?.element
  }

  /// Returns the scores that no other one dominates, in their order; equal scores all stay.
  static func paretoFront(of scores: [PolicyScore]) -> [PolicyScore] {
    scores.filter { score in !scores.contains { $0.dominates(score) } }
  }

  /// Whether this policy is nowhere worse than the other one and somewhere better.
  private func dominates(_ other: PolicyScore) -> Bool {
    let mine = [meanCostDelta, hottestCellC, hoursAboveLimit]
    let theirs = [other.meanCostDelta, other.hottestCellC, other.hoursAboveLimit]
    return zip(mine, theirs).allSatisfy { $0 <= $1 } && zip(mine, theirs).contains { $0 < $1 }
  }
}
