import Replay

/// How long it took until the cheapest of several versions was known.
///
/// Costs are added up day by day as `ReplayOutcome.dailyCosts` has them.
package struct RollingVerdict: Sendable {
  /// Name of the version that is the cheapest over the whole period.
  package let best: String
  /// Days of the period.
  package let days: Int
  /// Days after which it was the cheapest so far, for good.
  package let daysUntilAhead: Int
  /// Last of the months after which it was surely cheaper than every other version, for good, for example
  /// `2024-05`; nothing where that never came.
  package let sureSince: String?
  /// The version that was the cheapest after the first days; nothing for a period without more days.
  package let firstChoice: FirstChoice?

  /// What taking the version that is the cheapest after a trial leads to.
  package struct FirstChoice: Sendable {
    /// Name of the version.
    package let name: String
    /// What it cost on the days after the trial more than the best. [currency]
    package let extraCost: Double
  }

  /// Length of the trial. [d]
  package static let trialDays = 28

  /// Follows versions through a period.
  ///
  /// - Parameters:
  ///   - outcomes: The versions, cheapest first; at least two.
  ///   - isSure: Whether the cheapest is surely cheaper than every other over the whole period.
  init?(_ outcomes: [ReplayOutcome], isSure: Bool) {
    guard outcomes.count > 1, Set(outcomes.map(\.dailyCosts.count)).count == 1 else { return nil }
    let sums = outcomes.map { outcome in
      outcome.dailyCosts.reduce(into: [0.0]) { $0.append(($0.last ?? 0) + $1) }
    }
    best = outcomes[0].name
    days = sums[0].count - 1
    // Versions that cost the same in the end take nothing from the best.
    let rivals = sums.indices.dropFirst().filter {
      outcomes[$0].cost - outcomes[0].cost > PairedInterval.cent
    }
    var ahead = days
    while ahead > 1, rivals.allSatisfy({ sums[0][ahead - 1] <= sums[$0][ahead - 1] }) { ahead -= 1 }
    daysUntilAhead = rivals.isEmpty ? 0 : ahead
    sureSince = isSure ? Self.sureSince(outcomes) : nil
    firstChoice = Self.firstChoice(outcomes, sums)
  }

  private static func firstChoice(
    _ outcomes: [ReplayOutcome], _ sums: [[Double]]
  ) -> FirstChoice? {
    let days = sums[0].count - 1
    guard days > trialDays else { return nil }
    let rests = sums.map { $0[days] - $0[trialDays] }
    var first = 0
    for place in sums.indices where sums[place][trialDays] < sums[first][trialDays] {
      first = place
    }
    return FirstChoice(name: outcomes[first].name, extraCost: rests[first] - rests[0])
  }

  /// The last of the fewest months that make sure, as all longer spans do.
  private static func sureSince(_ outcomes: [ReplayOutcome]) -> String? {
    let costs = outcomes.map { VersionCosts($0) }
    var sure: String?
    for count in costs[0].months.indices.map({ $0 + 1 }).reversed() {
      let parts = costs.map {
        VersionCosts(name: $0.name, months: Array($0.months.prefix(count)))
      }
      let pairs = PairedInterval.comparing(
        parts[0].withoutYears, with: parts.dropFirst().map(\.withoutYears))
      guard pairs.allSatisfy({ $0.verdict == .cheaper }) else { break }
      sure = costs[0].months[count - 1].label
    }
    return sure
  }
}

extension VersionCosts {
  /// The same without what looks over months.
  fileprivate var withoutYears: VersionCosts {
    var costs = self
    costs.lookingBackByYear = [0]
    return costs
  }
}
