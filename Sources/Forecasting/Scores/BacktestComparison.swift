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
  }

  /// Mean of first minus second, in the unit of the quantity.
  package let difference: Double
  /// Lower end of the 95 % interval.
  package let low: Double
  /// Upper end of the 95 % interval.
  package let high: Double
  /// Probability of such a difference between equal versions by the test of Diebold and Mariano
  /// over days; NaN for fewer than two days.
  package let pValue: Double
  /// Days compared.
  package let days: Int

  /// What the interval says about the first version.
  package var verdict: Verdict { high < 0 ? .better : low > 0 ? .worse : .noDifference }

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
    difference = Statistics.mean(differences)
    pValue = DieboldMariano(differences).pValue
    let interval = bootstrap.meanInterval(differences)
    low = interval.low
    high = interval.high
  }
}
