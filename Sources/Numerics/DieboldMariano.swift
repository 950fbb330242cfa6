/// The test of Diebold and Mariano of whether two forecasts lose the same on average.
///
/// `DM = d̄ / √(V/n)` with Bartlett's long-run variance
/// `V = γ₀ + 2·Σ_{j<L} (1 − j/L)·γ_j`, times the factor of Harvey, Leybourne and Newbold,
/// `√((n + 1 − 2L + L(L − 1)/n)/n)`, against Student's t with `3n/2L` degrees of freedom: the variance
/// is an estimate with the equivalent degrees of freedom of Bartlett's window at frequency zero, not
/// the n − 1 of independent differences, with which the test rejects too often. The lag is a week of
/// days: weather lasts longer than a day, and short lags overstate significance.
/// Sources: DOI 10.1080/07350015.1995.10524599, 10.1016/S0169-2070(96)00719-4 and, for the degrees of
/// freedom, M. B. Priestley, "Spectral Analysis and Time Series", 1981, chapter 6.
package struct DieboldMariano: Sendable {
  /// Mean difference of the losses.
  package let difference: Double
  /// The corrected statistic; infinite for a difference without spread.
  package let statistic: Double
  /// Probability of a statistic at least as large when the forecasts lose the same; NaN for fewer
  /// than two differences.
  package let pValue: Double

  /// Tests loss differences, one per day in order of time.
  ///
  /// - Parameters:
  ///   - differences: Loss of the first forecast minus loss of the second, all finite.
  ///   - lag: Days after which differences are taken as independent.
  package init(_ differences: [Double], lag: Int = 7) {
    precondition(lag > 0, "the lag is positive")
    let n = differences.count
    let mean = Statistics.mean(differences)
    difference = mean
    guard n > 1 else {
      statistic = .nan
      pValue = .nan
      return
    }
    let length = min(lag, n - 1)
    var variance = 0.0
    for j in 0..<length {
      var sum = 0.0
      for t in j..<n { sum += (differences[t] - mean) * (differences[t - j] - mean) }
      variance += (j == 0 ? 1 : 2 * (1 - Double(j) / Double(length))) * sum / Double(n)
    }
    let count = Double(n)
    let l = Double(length)
    let factor = ((count + 1 - 2 * l + l * (l - 1) / count) / count).squareRoot()
    if variance > 0 {
      statistic = factor * mean / (variance / count).squareRoot()
    } else {
      statistic = mean == 0 ? 0 : mean > 0 ? .infinity : -.infinity
    }
    let freedom = lag == 1 ? n - 1 : max(1, min(n - 1, 3 * n / (2 * length)))
    pValue = StudentT(degreesOfFreedom: freedom).twoSided(statistic)
  }
}
