package import Forecasting
import Numerics
package import Replay

/// How well each day was forecast by a version, and what the day cost.
package struct DayScores: Sendable {
  /// Name of the version.
  package let version: String
  /// Cost of the period. [currency]
  package let cost: Double
  /// Accuracy by subject and local day of the period; nothing for a day that was not forecast.
  package let days: [DayAheadLog.Subject: [DayAccuracy?]]
  /// Cost of each day less the oracle's. [currency]
  package let regret: [Double]
  /// Cost of each day without a battery less its cost. [currency]
  package let saved: [Double]

  /// Days whose errors make paths.
  static let pathDays = 12
  /// Days of which the mean absolute difference from day to day is taken.
  static let naiveDays = 28

  /// Scores the days of a version; nothing where its forecasts were not kept.
  init?(_ outcome: ReplayOutcome, oracle: ReplayOutcome, noBattery: ReplayOutcome) {
    let costs = outcome.dailyCosts
    guard let log = outcome.dayAhead, oracle.dailyCosts.count == costs.count,
      noBattery.dailyCosts.count == costs.count
    else { return nil }
    version = outcome.name
    cost = outcome.cost
    let (best, without) = (oracle.dailyCosts, noBattery.dailyCosts)
    regret = costs.indices.map { costs[$0] - best[$0] }
    saved = costs.indices.map { without[$0] - costs[$0] }
    days = log.days.mapValues { logged in
      Self.accuracies(logged, slotsPerHour: log.slotsPerHour, count: costs.count)
    }
  }

  private static func accuracies(
    _ logged: [DayAheadLog.Day?], slotsPerHour: Int, count: Int
  ) -> [DayAccuracy?] {
    (0..<count).map { place in
      guard place < logged.count, let day = logged[place] else { return nil }
      let earlier: [[Double]] = logged[max(0, place - pathDays)..<place].compactMap { day in
        guard let day else { return nil }
        let missed: [Double] = day.forecast.indices.map { day.actual[$0] - day.forecast[$0] }
        return missed.allSatisfy(\.isFinite) ? missed : nil
      }
      return DayAccuracy(
        forecast: day.forecast, actual: day.actual, slotsPerHour: slotsPerHour,
        naiveError: naiveError(Array(logged[max(0, place - naiveDays)..<place])),
        earlierErrors: earlier, revision: day.revision)
    }
  }

  private static func naiveError(_ days: [DayAheadLog.Day?]) -> Double {
    var sum = 0.0
    var count = 0
    for case (let before?, let after?) in zip(days, days.dropFirst()) {
      for (a, b) in zip(before.actual, after.actual) where (a - b).isFinite {
        sum += abs(a - b)
        count += 1
      }
    }
    return sum > 0 ? sum / Double(count) : .nan
  }
}
