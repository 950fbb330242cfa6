import Numerics

/// Correlations over days cut into weeks, with intervals from resampled weeks.
///
/// Ranks are taken once over all days; a resample weighs them.
struct WeekResampling {
  /// Number of weeks; the last one may be short.
  let weeks: Int
  private let days: Int

  private static let draws = 1000
  private static let leastWeeks = 8

  init(days: Int) {
    self.days = days
    weeks = (days + 6) / 7
  }

  /// The week that a day lies in.
  func week(of day: Int) -> Int { day / 7 }

  /// Ends of the interval of a figure; nothing for fewer than eight weeks.
  ///
  /// - Parameter figure: Returns the figure of some weeks, each as often as it is named.
  /// - Returns: The ends.
  func interval(_ figure: ([Int]) -> Double) -> (low: Double, high: Double)? {
    guard weeks >= Self.leastWeeks else { return nil }
    var generator = SeededGenerator(seed: 1, label: "weeks of an audit")
    var drawn: [Double] = []
    drawn.reserveCapacity(Self.draws)
    var chosen = [Int](repeating: 0, count: weeks)
    for _ in 0..<Self.draws {
      for place in chosen.indices { chosen[place] = generator.index(below: weeks) }
      let value = figure(chosen)
      if value.isFinite { drawn.append(value) }
    }
    guard drawn.count > Self.draws / 2 else { return nil }
    drawn.sort()
    return (
      Statistics.quantile(sorted: drawn, probability: 0.025),
      Statistics.quantile(sorted: drawn, probability: 0.975)
    )
  }

  /// Over versions: mean values on common days against costs.
  ///
  /// - Parameters:
  ///   - values: Values by version and day.
  ///   - common: Days that all versions have a value for.
  ///   - daily: Costs by version and day. [currency]
  ///   - costs: Costs of the versions over the period. [currency]
  /// - Returns: The correlation; nothing where it does not exist.
  func overVersions(
    _ values: [[Double]], _ common: [Int], _ daily: [[Double]], _ costs: [Double]
  ) -> AccuracyAudit.Correlation? {
    let sums = values.map { values in byWeek(common.map { ($0, values[$0]) }) }
    let paid = daily.map { costs in byWeek(costs.enumerated().map { ($0, $1) }) }
    let means = sums.map { $0.reduce(0, +) }
    return correlation(Statistics.rankCorrelation(means, costs)) { chosen in
      Statistics.rankCorrelation(
        sums.map { sums in chosen.reduce(0) { $0 + sums[$1] } },
        paid.map { paid in chosen.reduce(0) { $0 + paid[$1] } })
    }
  }

  /// From day to day, the mean over versions.
  func overDays(_ versions: [(values: [Double], costs: [Double])]) -> AccuracyAudit.Correlation? {
    mean(
      versions.map { version in
        let known = version.values.indices.filter { version.values[$0].isFinite }
        return Moments(
          ranks: Statistics.ranks(known.map { version.values[$0] }),
          Statistics.ranks(known.map { version.costs[$0] }), weeks: weeks,
          weekOf: known.map(week(of:)))
      })
  }

  /// From week to week, the mean over versions; weeks with a day without a value are left out.
  func overWeeks(_ versions: [(values: [Double], costs: [Double])]) -> AccuracyAudit.Correlation? {
    guard days / 7 >= Self.leastWeeks else { return nil }
    return mean(
      versions.map { version in
        let whole = (0..<days / 7).filter { week in
          version.values[7 * week..<7 * week + 7].allSatisfy(\.isFinite)
        }
        func sums(_ column: [Double]) -> [Double] {
          whole.map { column[7 * $0..<7 * $0 + 7].reduce(0, +) }
        }
        return Moments(
          ranks: Statistics.ranks(sums(version.values)), Statistics.ranks(sums(version.costs)),
          weeks: weeks, weekOf: whole)
      })
  }

  private func mean(_ versions: [Moments]) -> AccuracyAudit.Correlation? {
    let all = Array(0..<weeks)
    func mean(_ chosen: [Int]) -> Double {
      let found = versions.map { $0.correlation(chosen) }.filter(\.isFinite)
      return found.isEmpty ? .nan : Statistics.mean(found)
    }
    return correlation(mean(all), mean)
  }

  private func correlation(
    _ value: Double, _ figure: ([Int]) -> Double
  ) -> AccuracyAudit.Correlation? {
    guard value.isFinite, let ends = interval(figure) else { return nil }
    return AccuracyAudit.Correlation(value: value, low: ends.low, high: ends.high)
  }

  private func byWeek(_ days: [(day: Int, value: Double)]) -> [Double] {
    var sums = [Double](repeating: 0, count: weeks)
    for (day, value) in days { sums[week(of: day)] += value }
    return sums
  }
}

/// Sums over pairs of ranks by week, from which the correlation of any choice of weeks follows.
private struct Moments {
  private struct Sums {
    var count = 0.0
    var a = 0.0
    var b = 0.0
    var aa = 0.0
    var bb = 0.0
    var ab = 0.0
  }
  private var byWeek: [Sums]

  init(ranks a: [Double], _ b: [Double], weeks: Int, weekOf: [Int]) {
    byWeek = [Sums](repeating: Sums(), count: weeks)
    let centre = Double(a.count + 1) / 2
    for (place, week) in weekOf.enumerated() {
      let x = a[place] - centre
      let y = b[place] - centre
      byWeek[week].count += 1
      byWeek[week].a += x
      byWeek[week].b += y
      byWeek[week].aa += x * x
      byWeek[week].bb += y * y
      byWeek[week].ab += x * y
    }
  }

  func correlation(_ chosen: [Int]) -> Double {
    var sums = Sums()
    for week in chosen {
      sums.count += byWeek[week].count
      sums.a += byWeek[week].a
      sums.b += byWeek[week].b
      sums.aa += byWeek[week].aa
      sums.bb += byWeek[week].bb
      sums.ab += byWeek[week].ab
    }
    guard sums.count > 2 else { return .nan }
    let ab = sums.ab - sums.a * sums.b / sums.count
    let aa = sums.aa - sums.a * sums.a / sums.count
    let bb = sums.bb - sums.b * sums.b / sums.count
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : .nan
  }
}
