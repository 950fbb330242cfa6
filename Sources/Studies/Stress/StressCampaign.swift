import Numerics
package import Replay
package import Twin

/// Random faulted days under every policy, each day asked for the same as in a replay without faults under `none`.
package struct StressCampaign: Sendable {
  /// Longest step of the closed loop. [s]
  package static let usualStepSeconds = 10

  /// One random day under every policy, in their order.
  package struct Run: Sendable {
    /// Place among the days of the campaign, from 1.
    package let number: Int
    /// What goes wrong.
    package let day: CampaignDay
    /// First instant of the day. [UTC epoch s]
    package let start: Int
    /// What the day cost and did under each policy.
    package let outcomes: [PlannedDays.Outcome]

    /// Cost under a policy less that under the first. [currency]
    package func costDelta(_ policy: Int) -> Double { outcomes[policy].cost - outcomes[0].cost }
  }

  /// A policy over all days.
  package struct Score: Sendable {
    /// Name of the policy.
    package var policy: String
    /// Mean cost of a day less that under `none`, and half of its 95 % interval over days. [currency]
    package var meanCostDelta: Double
    package var halfWidth: Double?
    /// Mean energy asked for and refused by the policy in a day. [kWh]
    package var deratedKWh: Double
    /// Hottest cell of any day. [°C]
    package var hottestCellC: Double
    /// Time above the limit in all days. [h]
    package var hoursAboveLimit: Double
    /// Times that the protection opened the circuit, and days in which it did.
    package var cutOffs: Int
    package var cutOffDays: Int
    /// Largest energy of a day that the books do not explain, over what was moved in it.
    package var balanceError: Double
    /// Place: the fewest cut-offs first, then by cost.
    package var rank = 0
  }

  /// Names of the policies, `none` first.
  package let policies: [String]
  /// Every day.
  package let runs: [Run]
  /// Every policy over all days.
  package let scores: [Score]

  /// The policy to take: the cheapest of those with the fewest cut-offs.
  package var choice: Score? { scores.first { $0.rank == 1 } }

  /// Runs days.
  ///
  /// - Parameters:
  ///   - days: Days of the replay without faults.
  ///   - start: First instant of an interval of the period. [UTC epoch s]
  ///   - policies: Names of the policies, `none` first.
  ///   - healthy: The battery without a fault.
  ///   - own: Faults of the scenario, which may be drawn beside the usual kinds.
  ///   - count: Number of days.
  ///   - seed: Seed of the campaign.
  ///   - stepSeconds: Longest step. [s]
  ///   - twin: Builds the battery with the policy at a position and faults.
  ///   - threads: Largest number of threads; results do not depend on it.
  ///   - finished: Told after every day.
  /// - Throws: What building a twin or a day throws.
  package init(
    _ days: PlannedDays, start: @Sendable (Int) -> Int, policies: [String],
    healthy: TwinSpecification, own: [StressFault] = [], count: Int, seed: UInt64,
    stepSeconds: Int = StressCampaign.usualStepSeconds,
    twin:
      @escaping @Sendable (_ policy: Int, _ faults: [FaultSpecification]) throws ->
      TwinSpecification, threads: Int, finished: @escaping @Sendable () throws -> Void = {}
  ) throws {
    let drawn = (0..<count).map {
      CampaignDay($0, seed: seed, days: days.days.count, battery: healthy, own: own)
    }
    let outcomes = try parallelMap(drawn, threads: threads) { day in
      let results = try policies.indices.map { policy in
        try days.run(
          day: day.day, battery: try twin(policy, day.fault.battery), around: day.surroundings,
          stepSeconds: stepSeconds)
      }
      try finished()
      return results
    }
    let runs = zip(drawn, outcomes).enumerated().map { index, run in
      Run(
        number: index + 1, day: run.0, start: start(days.days[run.0.day].lowerBound),
        outcomes: run.1)
    }
    self.policies = policies
    self.runs = runs
    scores = Score.ranked(policies.indices.map { Score($0, named: policies[$0], of: runs) })
  }
}

extension StressCampaign.Score {
  init(_ place: Int, named policy: String, of runs: [StressCampaign.Run]) {
    let own = runs.map { $0.outcomes[place] }
    let deltas = runs.map { $0.costDelta(place) }
    let count = Double(max(1, runs.count))
    self.policy = policy
    meanCostDelta = deltas.reduce(0, +) / count
    halfWidth =
      runs.count > 1
      ? StudentSpread(
        scale: Statistics.standardDeviation(deltas) / count.squareRoot(),
        degreesOfFreedom: runs.count - 1
      ).halfWidth(level: 0.95) : nil
    deratedKWh = own.reduce(0) { $0 + $1.ledger.deratedKWh } / count
    hottestCellC = own.map(\.ledger.hottestCellC).max() ?? .nan
    hoursAboveLimit = own.reduce(0) { $0 + $1.ledger.secondsAboveLimit } / 3600
    cutOffs = own.reduce(0) { $0 + $1.ledger.cutOffs }
    cutOffDays = own.count { $0.ledger.cutOffs > 0 }
    balanceError =
      own.map { outcome in
        let moved = outcome.ledger.chargedKWh + outcome.ledger.dischargedKWh
        return abs(outcome.ledger.balanceErrorKWh) / max(moved, 1)
      }.max() ?? 0
  }

  /// Returns the scores with their places.
  static func ranked(_ scores: [StressCampaign.Score]) -> [StressCampaign.Score] {
    let order = scores.indices.sorted {
      (scores[$0].cutOffs, scores[$0].meanCostDelta, $0)
        < (scores[$1].cutOffs, scores[$1].meanCostDelta, $1)
    }
    var ranked = scores
    for (place, at) in order.enumerated() { ranked[at].rank = place + 1 }
    return ranked
  }
}
