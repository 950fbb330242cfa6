import Forecasting
import Numerics
import TestSupport
import Testing
import TimeSeries

@Suite("Quantile paths") struct QuantilePathsTests {
  static let levels = (1...9).map { Double($0) / 10 }

  private func uniform(_ count: Int) -> Forecast {
    // Quantiles of a uniform value between 0 and 10 in every slot.
    Forecast(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: count),
      values: [Double](repeating: 5, count: count), quantileLevels: Self.levels,
      quantiles: Self.levels.map { [Double](repeating: 10 * $0, count: count) })
  }

  @Test("paths have the margins and the correlation asked for")
  func margins() {
    let forecast = uniform(24)
    var random = SeededGenerator(seed: 9)
    let paths = QuantilePaths(correlationPerStep: 0.8).paths(4000, of: forecast, using: &random)
    for k in [0, 12, 23] {
      let sorted = paths.map { $0[k] }.sorted()
      for level in [0.2, 0.5, 0.8] {
        let found = Statistics.quantile(sorted: sorted, probability: level)
        #expect(isClose(found, 10 * level, absolute: 0.3), "slot \(k) level \(level)")
      }
    }
    // Spearman's ρ of a Gaussian copula: 6/π·asin(0.8/2) = 0.786 from one slot to the next.
    let rank = Statistics.rankCorrelation(paths.map { $0[3] }, paths.map { $0[4] })
    #expect(isClose(rank, 0.786, absolute: 0.03))
  }

  @Test("the fit finds the correlation again")
  func fit() {
    let forecast = uniform(48)
    var random = SeededGenerator(seed: 10)
    let actuals = QuantilePaths(correlationPerStep: 0.7).paths(300, of: forecast, using: &random)
    let fitted = QuantilePaths(
      fittedTo: actuals.map { _ in forecast }, actuals: actuals)
    #expect(isClose(fitted.correlationPerStep, 0.7, absolute: 0.05))
  }
}
