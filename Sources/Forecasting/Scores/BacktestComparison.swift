package import Numerics

/// Whether one version's error is smaller than another's, by day.
///
/// The daily loss is the mean absolute error over the issues of a local day; days that both have
/// are paired, and the mean difference carries a circular moving-block bootstrap interval, because
/// weather lasts longer than a day.
package struct BacktestComparison: Sendable {
  /// What the interval says.
  package enum Verdict: String, Sendable {
    /// The first version's error is smaller.
    case better
    /// The first version's error is larger.
    case worse
    /// The interval contains zero.
    case noDifference = "no significant difference"
    /// No day differs: the versions forecast the same.
    case same = "same forecasts"
    /// There are fewer than two blocks of days, which have no spread.
    case tooShort = "too few days"
  }

  /// Mean of first minus second, in the unit of the quantity.
  package let difference: Double
  /// Lower end of the 95 % interval; NaN for less than two weeks.
  package let low: Double
  /// Upper end of the 95 % interval; NaN for less than two weeks.
  package let high: Double
  /// Probability of such a difference between equal versions by the test of Diebold and Mariano
  /// over days; NaN for fewer than two days.
  package let pValue: Double
  /// Days compared.
  package let days: Int
  private let isSame: Bool

  /// What the interval says about the first version.
  package var verdict: Verdict {
    if isSame { return .same }
    if days < BacktestComparison.leastDays { return .tooShort }
    return high < 0 ? .better : low > 0 ? .worse : .noDifference
  }

  /// Days from which there is an interval: a single block of seven is the same in every resample, so that
  /// its interval would have no width.
  package static let leastDays = 14

  /// Compares two versions on the days that both have.
  ///
  /// - Parameters:
  ///   - first: Scores of the first version.
  ///   - second: Scores of the second version.
  ///   - range: Days that count, since 1970-01-01; all when nothing is given.
  ///   - bootstrap: Resampling of the interval.
  package init(
    _ first: BacktestScores, _ second: BacktestScores, days range: Range<Int>? = nil,
    bootstrap: BlockBootstrap = BlockBootstrap()
  ) {
    let common = first.byDay.keys
      .filter { second.byDay[$0] != nil && range?.contains($0) ?? true }.sorted()
    let differences = common.map { day -> Double in
      (first.byDay[day]?.mae ?? .nan) - (second.byDay[day]?.mae ?? .nan)
    }
    days = differences.count
    isSame = !differences.isEmpty && differences.allSatisfy { $0 == 0 }
    difference = Statistics.mean(differences)
    pValue = DieboldMariano(differences).pValue
    let interval = bootstrap.meanInterval(differences)
    let hasInterval = days >= BacktestComparison.leastDays
    low = hasInterval ? interval.low : .nan
    high = hasInterval ? interval.high : .nan
  }
}
