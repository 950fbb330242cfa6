import Replay
import TimeSeries

/// An hour in which a version lost money against the oracle, with what was expected and what happened.
///
/// An interval longer than an hour stands for one. Values are means over the hour of the intervals that have
/// one; stored energy and charge are those at its end.
package struct ExpensiveHour: Sendable {
  /// Where the hour begins. [UTC epoch s]
  package let start: Int
  /// Cost less the oracle's. [currency]
  package let loss: Double
  /// Of this, what a month's peak costs more or less; it falls on the version's highest import. [currency]
  package let peakLoss: Double
  /// Consumption as the plan in force expected it, and as it was. [kW]
  package let expectedLoadKW: Double
  package let loadKW: Double
  /// Production likewise. [kW]
  package let expectedPVKW: Double
  package let pvKW: Double
  /// Price of a kWh bought likewise. [currency/kWh]
  package let expectedBuyPerKWh: Double
  package let buyPerKWh: Double
  /// Battery power as planned, as it was, and the oracle's; positive when discharging. [kW]
  package let plannedBatteryKW: Double
  package let batteryKW: Double
  package let oracleBatteryKW: Double
  /// Stored energy as planned. [kWh]
  package let plannedStoredKWh: Double
  /// State of charge as it was, and the oracle's, 0…1.
  package let socFraction: Double
  package let oracleSOCFraction: Double

  /// How many hours are kept.
  package static let most = 10

  /// Finds the hours in which most was lost.
  ///
  /// - Parameters:
  ///   - outcome: The version.
  ///   - oracle: The oracle on the same grid.
  /// - Returns: The hours, worst first, and the part of the whole difference that falls on no hour. [currency]
  static func worst(
    of outcome: ReplayOutcome, against oracle: ReplayOutcome
  ) -> (hours: [ExpensiveHour], elsewhere: Double) {
    let grid = outcome.trace.grid
    var losses: [(slots: Range<Int>, energy: Double, peak: Double)] = []
    for i in grid.indices {
      let loss = outcome.slotCosts[i] - oracle.slotCosts[i]
      if let last = losses.last,
        grid.instant(last.slots.lowerBound) / secondsPerHour == grid.instant(i) / secondsPerHour
      {
        losses[losses.count - 1].slots = last.slots.lowerBound..<i + 1
        losses[losses.count - 1].energy += loss
      } else {
        losses.append((i..<i + 1, loss, 0))
      }
    }
    for (month, best) in zip(outcome.monthCosts, oracle.monthCosts) {
      guard let peak = month.peakStart, let slot = grid.index(containing: peak),
        let place = losses.firstIndex(where: { $0.slots.contains(slot) })
      else { continue }
      losses[place].peak += month.demand - best.demand
    }
    let attributed = losses.reduce(0) { $0 + $1.energy + $1.peak }
    let worst = losses.indices
      .filter { losses[$0].energy + losses[$0].peak > PairedInterval.cent }
      .sorted {
        let (a, b) = (losses[$0].energy + losses[$0].peak, losses[$1].energy + losses[$1].peak)
        return a > b || (a == b && $0 < $1)
      }
      .prefix(most)
    return (
      worst.map {
        let hour = losses[$0]
        return ExpensiveHour(
          hour.slots, loss: hour.energy + hour.peak, peakLoss: hour.peak, outcome, oracle)
      }, outcome.cost - oracle.cost - attributed
    )
  }

  private static let secondsPerHour = 3600

  private init(
    _ slots: Range<Int>, loss: Double, peakLoss: Double, _ outcome: ReplayOutcome,
    _ oracle: ReplayOutcome
  ) {
    func mean(_ column: [Double]?) -> Double {
      let values = (column ?? [])[column == nil ? 0..<0 : slots].filter(\.isFinite)
      return values.reduce(0, +) / Double(values.count)
    }
    let last = slots.upperBound - 1
    start = outcome.trace.grid.instant(slots.lowerBound)
    self.loss = loss
    self.peakLoss = peakLoss
    expectedLoadKW = mean(outcome.expected?.loadKW)
    loadKW = mean(outcome.trace.loadKW)
    expectedPVKW = mean(outcome.expected?.pvKW)
    pvKW = mean(outcome.trace.pvKW)
    expectedBuyPerKWh = mean(outcome.expected?.buyPerKWh)
    buyPerKWh = mean(outcome.buyPerKWh)
    plannedBatteryKW = mean(outcome.expected?.batteryKW)
    batteryKW = mean(outcome.trace.batteryKW)
    oracleBatteryKW = mean(oracle.trace.batteryKW)
    plannedStoredKWh = outcome.expected?.storedKWh[last] ?? .nan
    socFraction = outcome.trace.socFraction[last]
    oracleSOCFraction = oracle.trace.socFraction[last]
  }
}
