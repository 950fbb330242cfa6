package import Forecasting
import Numerics
package import Replay

/// How measures of accuracy of day-ahead forecasts go with what planning with them cost: over versions, from day to
/// day and from week to week.
///
/// A day is judged by its first issue. The cost of a day is what it cost more than with the oracle, so that a day
/// that is dear for everybody tells nothing. Every correlation is Spearman's, turned so that 1 says: the worse by the
/// measure, the dearer. Over days and weeks it is the mean over versions. Intervals hold 95 % of 1000 resamples of
/// whole weeks.
package struct AccuracyAudit: Sendable {
  /// A correlation with its interval.
  package struct Correlation: Sendable, Hashable {
    /// Rank correlation, −1…1.
    package let value: Double
    /// Lower end of the interval.
    package let low: Double
    /// Upper end of the interval.
    package let high: Double
  }

  /// One measure of what one quantity was forecast like.
  package struct Row: Sendable {
    /// What was forecast.
    package let subject: DayAheadLog.Subject
    /// The measure.
    package let measure: DayAccuracy.Measure
    /// Versions that have the measure.
    package let versions: Int
    /// Over versions; nothing for fewer than three, or where all are alike.
    package let overVersions: Correlation?
    /// From day to day.
    package let overDays: Correlation?
    /// From week to week; nothing for fewer than eight.
    package let overWeeks: Correlation?
    /// The version that the measure would have picked.
    package let picked: String
    /// Cost of that version less that of the cheapest that has the measure. [currency]
    package let extraCost: Double
  }

  /// Days whose forecast told the order of the hours about as well.
  package struct Band: Sendable {
    /// Kendall's tau from here on.
    package let from: Double
    /// Up to here.
    package let to: Double
    /// Days of all versions together.
    package let days: Int
    /// Saving against no battery on these days over the oracle's; nothing where the oracle saves nothing.
    package let captured: Double?
    /// Ends of the interval of the share; nothing with it, and for fewer than eight weeks.
    package let interval: (low: Double, high: Double)?
  }

  /// Name of the way of planning that the versions share; nothing where only one is replayed.
  package let planner: String?
  /// Names of the versions, cheapest first.
  package let versions: [String]
  /// Days of the period.
  package let days: Int
  /// Measures by quantity; those that no version has are left out.
  package let rows: [Row]
  /// What the bands are of: prices where they are forecast, else the net load, else the load.
  package let bandSubject: DayAheadLog.Subject
  /// The bands, from the worst.
  package let bands: [Band]
  /// The days behind it, in the order of the versions.
  package let scores: [DayScores]

  /// Edges of the bands.
  package static let bandEdges = [-1.0, 0, 0.5, 0.7, 0.85, 0.95, 1]

  /// Audits versions that one way of planning has planned; nothing where their forecasts were not kept.
  ///
  /// - Parameters:
  ///   - outcomes: The versions, cheapest first.
  ///   - oracle: The oracle.
  ///   - noBattery: The site without a battery.
  ///   - planner: The way of planning.
  init?(
    _ outcomes: [ReplayOutcome], oracle: ReplayOutcome, noBattery: ReplayOutcome, planner: String?
  ) {
    let scores = outcomes.compactMap { DayScores($0, oracle: oracle, noBattery: noBattery) }
    guard scores.count == outcomes.count, let first = scores.first else { return nil }
    self.planner = planner
    self.scores = scores
    versions = scores.map(\.version)
    days = first.regret.count
    rows = DayAheadLog.Subject.allCases.flatMap { subject in
      DayAccuracy.Measure.allCases.compactMap { Self.row(subject, $0, scores) }
    }
    let told = Set(rows.filter { $0.measure == .tau }.map(\.subject))
    let subject = [DayAheadLog.Subject.price, .net].first(where: told.contains) ?? .load
    bandSubject = subject
    bands = zip(Self.bandEdges, Self.bandEdges.dropFirst()).map {
      Self.band($0, $1, subject, scores)
    }
  }

  private static func row(
    _ subject: DayAheadLog.Subject, _ measure: DayAccuracy.Measure, _ scores: [DayScores]
  ) -> Row? {
    let sign: Double = measure.isBetterHigher ? -1 : 1
    let judged = scores.compactMap { score -> (score: DayScores, values: [Double])? in
      guard let days = score.days[subject] else { return nil }
      let values = days.map { sign * ($0?[measure] ?? .nan) }
      return values.contains(where: \.isFinite) ? (score, values) : nil
    }
    guard judged.count > 1 else { return nil }
    let days = judged[0].values.count
    let common = (0..<days).filter { day in judged.allSatisfy { $0.values[day].isFinite } }
    let means = judged.map { judged in Statistics.mean(common.map { judged.values[$0] }) }
    guard let least = means.min(), least.isFinite, means.contains(where: { $0 != least }),
      let place = means.firstIndex(of: least)
    else { return nil }
    let costs = judged.map(\.score.cost)
    let resampled = WeekResampling(days: days)
    return Row(
      subject: subject, measure: measure, versions: judged.count,
      overVersions: judged.count < 3
        ? nil
        : resampled.overVersions(judged.map(\.values), common, judged.map(\.score.regret), costs),
      overDays: resampled.overDays(judged.map { ($0.values, $0.score.regret) }),
      overWeeks: resampled.overWeeks(judged.map { ($0.values, $0.score.regret) }),
      picked: judged[place].score.version,
      extraCost: costs[place] - (costs.min() ?? costs[place]))
  }

  private static func band(
    _ from: Double, _ to: Double, _ subject: DayAheadLog.Subject, _ scores: [DayScores]
  ) -> Band {
    let days = scores.first?.regret.count ?? 0
    let resampled = WeekResampling(days: days)
    var count = 0
    var saved = [Double](repeating: 0, count: resampled.weeks)
    var possible = saved
    for score in scores {
      for (day, accuracy) in (score.days[subject] ?? []).enumerated() {
        guard let tau = accuracy?[.tau], tau >= from, tau < to || (to == 1 && tau == 1) else {
          continue
        }
        count += 1
        saved[resampled.week(of: day)] += score.saved[day]
        possible[resampled.week(of: day)] += score.saved[day] + score.regret[day]
      }
    }
    let all = possible.reduce(0, +)
    guard all > 0 else {
      return Band(from: from, to: to, days: count, captured: nil, interval: nil)
    }
    return Band(
      from: from, to: to, days: count, captured: saved.reduce(0, +) / all,
      interval: resampled.interval { weeks in
        let total = weeks.reduce(0) { $0 + possible[$1] }
        return total > 0 ? weeks.reduce(0) { $0 + saved[$1] } / total : .nan
      })
  }
}
