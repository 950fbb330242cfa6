package import Numerics

/// Draws whole paths from quantile forecasts: a Gaussian copula whose correlation falls off with
/// the distance in time.
///
/// Margins are the forecast's quantiles, linear between levels and held beyond the outer ones'
/// straight continuation by half a gap; normal scores follow a first-order autoregression.
package struct QuantilePaths: Sendable {
  /// Correlation of the normal scores of neighbouring slots, 0 ≤ x < 1.
  package var correlationPerStep: Double

  /// Creates a correlation.
  package init(correlationPerStep: Double) {
    precondition(correlationPerStep >= 0 && correlationPerStep < 1, "a correlation under 1")
    self.correlationPerStep = correlationPerStep
  }

  /// Fits the correlation to past forecasts and what happened: the mean product of the normal
  /// scores of neighbouring slots over their mean square.
  ///
  /// - Parameters:
  ///   - forecasts: Forecasts with quantiles.
  ///   - actuals: What happened, one value per slot of each; NaN where missing.
  package init(fittedTo forecasts: [Forecast], actuals: [[Double]]) {
    precondition(forecasts.count == actuals.count, "one list of actual values per forecast")
    var products = 0.0
    var squares = 0.0
    for (forecast, actual) in zip(forecasts, actuals) {
      let scores = QuantilePaths.scores(forecast, actual)
      for k in scores.indices.dropFirst() {
        guard let a = scores[k - 1], let b = scores[k] else { continue }
        products += a * b
        squares += (a * a + b * b) / 2
      }
    }
    correlationPerStep = squares > 0 ? min(0.999, max(0, products / squares)) : 0
  }

  /// Normal score of each actual value under its quantiles; nothing where the margin is a point.
  static func scores(_ forecast: Forecast, _ actual: [Double]) -> [Double?] {
    let levels = forecast.quantileLevels
    guard levels.count > 1 else { return actual.map { _ in nil } }
    return actual.indices.map { k in
      let column = forecast.quantiles.map { $0[k] }
      guard actual[k].isFinite, column[column.count - 1] > column[0] else { return nil }
      let level: Double
      if actual[k] <= column[0] {
        level = levels[0] / 2
      } else if let above = column.firstIndex(where: { $0 >= actual[k] }) {
        let gap = column[above] - column[above - 1]
        let share = gap > 0 ? (actual[k] - column[above - 1]) / gap : 0.5
        level = levels[above - 1] + share * (levels[above] - levels[above - 1])
      } else {
        level = (1 + levels[levels.count - 1]) / 2
      }
      return NormalDistribution.quantile(level)
    }
  }

  /// Draws paths of equal weight.
  ///
  /// - Parameters:
  ///   - count: Number of paths.
  ///   - forecast: A forecast with at least two quantile levels; without, every path is its point.
  ///   - random: Seeded source.
  /// - Returns: `count` paths of one value per slot, in the unit of the quantity.
  package func paths(
    _ count: Int, of forecast: Forecast, using random: inout SeededGenerator
  ) -> [[Double]] {
    guard forecast.quantileLevels.count > 1 else {
      return [[Double]](repeating: forecast.values, count: count)
    }
    let innovation = (1 - correlationPerStep * correlationPerStep).squareRoot()
    return (0..<count).map { _ in
      var score = random.normal()
      return forecast.values.indices.map { k in
        if k > 0 { score = correlationPerStep * score + innovation * random.normal() }
        return margin(forecast, k, NormalDistribution.probability(score))
      }
    }
  }

  private func margin(_ forecast: Forecast, _ k: Int, _ level: Double) -> Double {
    let levels = forecast.quantileLevels
    let last = levels.count - 1
    func value(_ q: Int) -> Double { forecast.quantiles[q][k] }
    if level <= levels[0] {
      let slope = (value(1) - value(0)) / (levels[1] - levels[0])
      let low = value(0) - slope * (levels[0] - level) / 2
      return value(0) >= 0 ? max(0, low) : low
    }
    if level >= levels[last] {
      let slope = (value(last) - value(last - 1)) / (levels[last] - levels[last - 1])
      return value(last) + slope * (level - levels[last]) / 2
    }
    let above = levels.firstIndex { $0 >= level } ?? last
    let share = (level - levels[above - 1]) / (levels[above] - levels[above - 1])
    return value(above - 1) + share * (value(above) - value(above - 1))
  }
}

/// The standard normal distribution.
enum NormalDistribution {
  static func probability(_ z: Double) -> Double { 0.5 * complementaryError(-z / 2.0.squareRoot()) }

  /// Inverse of `probability`, by bisection to full precision.
  static func quantile(_ p: Double) -> Double {
    var low = -9.0
    var high = 9.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if probability(middle) < p { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
