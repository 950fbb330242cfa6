/// A policy over all its cells.
package struct PolicyScore: Sendable {
  /// Name of the policy.
  package var policy: String
  /// Mean over its cells of the cost less that of `none` in the same case. [currency]
  package var meanCostDelta: Double
  /// The same without life and wear. [currency]
  package var meanBillDelta = 0.0
  /// Mean money of the life used, and the same over the project's years with one such period in each; nothing where
  /// no price is known. [currency]
  package var lifeCost: Double?
  package var projectLifeCost: Double?
  /// Mean share of the battery's life used over its cells.
  package var lifeUsedFraction: Double
  /// Hottest cell in any of its cells. [°C]
  package var hottestCellC: Double
  /// Time above the limit summed over its cells. [h]
  package var hoursAboveLimit: Double
  /// Times that the protection opened the circuit, over all its cells.
  package var cutOffs = 0
  /// Mean energy asked for that the policy refused. [kWh]
  package var deratedKWh = 0.0
  /// Mean charge of peaks that were higher than under `none`. [currency]
  package var missedPeakCharge = 0.0
  /// Place in the ranking: by cost among those with the fewest cut-offs, then the others; 1 is the one to take.
  package internal(set) var rank = 0

  /// Differences in time below this are none. [h]
  package static let minuteHours = 1.0 / 60

  /// Adds up a policy's cells.
  init(_ policy: String, of cells: [StressCell], none: [StressCell], lifePrice: LifePrice?) {
    let own = cells.filter { $0.policy == policy }
    let share = 1 / Double(max(1, own.count))
    func mean(_ value: (StressCell) -> Double) -> Double {
      own.reduce(0) { $0 + value($1) } * share
    }
    func delta(_ value: (StressCell) -> Double) -> Double {
      mean { cell in
        guard let other = none.first(where: { $0.isSameCase(cell) }) else { return 0 }
        return value(cell) - value(other)
      }
    }
    self.policy = policy
    meanCostDelta = delta(\.cost)
    meanBillDelta = delta(\.bill)
    lifeUsedFraction = mean(\.lifeUsedFraction)
    lifeCost = lifePrice?.cost(ofLifeFraction: lifeUsedFraction)
    projectLifeCost = lifePrice?.projectCost(ofLifeFraction: lifeUsedFraction)
    hottestCellC = own.map(\.hottestCellC).max() ?? .nan
    hoursAboveLimit = own.reduce(0) { $0 + $1.hoursAboveLimit }
    cutOffs = own.reduce(0) { $0 + $1.cutOffs }
    deratedKWh = mean(\.deratedKWh)
    missedPeakCharge = mean(\.missedPeakCharge)
  }

  /// Puts a score together from its numbers.
  init(
    policy: String, meanCostDelta: Double, lifeUsedFraction: Double, hottestCellC: Double,
    hoursAboveLimit: Double, cutOffs: Int = 0
  ) {
    self.policy = policy
    self.meanCostDelta = meanCostDelta
    meanBillDelta = meanCostDelta
    self.lifeUsedFraction = lifeUsedFraction
    self.hottestCellC = hottestCellC
    self.hoursAboveLimit = hoursAboveLimit
    self.cutOffs = cutOffs
  }
}

extension PolicyScore {
  /// Returns the scores with their places: the fewest cut-offs first, then by cost; of equal costs the one that uses
  /// less of the battery's life, then the first.
  static func ranked(_ scores: [PolicyScore]) -> [PolicyScore] {
    let least = scores.map(\.cutOffs).min() ?? 0
    var open = Array(scores.indices)
    var ranked = scores
    var place = 1
    while !open.isEmpty {
      let safe = open.filter { scores[$0].cutOffs == least }
      let among =
        safe.isEmpty
        ? open.filter { at in scores[at].cutOffs == open.map { scores[$0].cutOffs }.min() } : safe
      let cost = among.map { scores[$0].meanCostDelta }.min() ?? 0
      let cheap = among.filter { scores[$0].meanCostDelta < cost + PairedInterval.cent }
      guard
        let next = cheap.min(by: {
          (scores[$0].lifeUsedFraction, $0) < (scores[$1].lifeUsedFraction, $1)
        })
      else { break }
      ranked[next].rank = place
      place += 1
      open.removeAll { $0 == next }
    }
    return ranked
  }

  /// Returns the scores that no other one dominates in money, heat and life, in their order; equal scores all stay.
  static func paretoFront(of scores: [PolicyScore]) -> [PolicyScore] {
    scores.filter { score in !scores.contains { $0.dominates(score) } }
  }

  /// Whether this policy is nowhere worse than the other one and somewhere better.
  private func dominates(_ other: PolicyScore) -> Bool {
    let mine = [meanBillDelta, hottestCellC, hoursAboveLimit, Double(cutOffs), lifeUsedFraction]
    let theirs = [
      other.meanBillDelta, other.hottestCellC, other.hoursAboveLimit, Double(other.cutOffs),
      other.lifeUsedFraction,
    ]
    return zip(mine, theirs).allSatisfy { $0 <= $1 } && zip(mine, theirs).contains { $0 < $1 }
  }
}
