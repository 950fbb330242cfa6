/// Measures of quantile forecasts, gathered slot by slot.
///
/// A slot where every quantile and the actual value are zero, as PV at night, says nothing and is
/// left out. Measures without a pair are NaN. Definitions are in <doc:ForecastMeasures>.
package struct QuantileScores: Sendable {
  /// Probability levels, increasing.
  package private(set) var levels: [Double] = []
  /// Number of pairs.
  package private(set) var count = 0
  private var pinball: [Double] = []
  private var below: [Int] = []
  private var absoluteActual = 0.0
  private var central80 = Interval(low: 0.1, high: 0.9)
  private var histogram: [Int] = []

  private struct Interval {
    var low: Double
    var high: Double
    var inside = 0
    var width = 0.0
    var winkler = 0.0
  }

  /// Mean pinball loss of each level, in the unit of the quantity.
  package var pinballLosses: [Double] { pinball.map { $0 / Double(count) } }
  /// Share of the actual values at or under each level's quantile.
  package var reliability: [Double] { below.map { Double($0) / Double(count) } }
  /// Mean over the levels of twice the pinball loss, over the mean absolute actual value.
  package var wql: Double {
    2 * pinball.reduce(0, +) / (Double(levels.count) * absoluteActual)
  }
  /// Continuous ranked probability score on the grid of levels, in the unit of the quantity.
  package var crps: Double { 2 * pinball.reduce(0, +) / (Double(levels.count) * Double(count)) }
  /// Share of actual values between the quantiles 0.1 and 0.9; NaN without these levels.
  package var coverage80: Double { Double(central80.inside) / Double(has80 ? count : 0) }
  /// Mean distance of the quantiles 0.1 and 0.9, in the unit of the quantity.
  package var width80: Double { central80.width / Double(has80 ? count : 0) }
  /// Winkler score of the central 80 %, in the unit of the quantity.
  package var winkler80: Double { central80.winkler / Double(has80 ? count : 0) }
  /// Share of actual values between neighbouring quantiles, below the first and above the last:
  /// one more than there are levels.
  package var pit: [Double] { histogram.map { Double($0) / Double(count) } }

  private var has80: Bool { levels.contains(0.1) && levels.contains(0.9) }

  mutating func add(_ forecast: Forecast, slot k: Int, actual: Double) {
    guard !forecast.quantileLevels.isEmpty else { return }
    if levels.isEmpty {
      levels = forecast.quantileLevels
      pinball = levels.map { _ in 0 }
      below = levels.map { _ in 0 }
      histogram = [Int](repeating: 0, count: levels.count + 1)
    }
    guard forecast.quantileLevels == levels else { return }
    if actual == 0, levels.indices.allSatisfy({ forecast.quantiles[$0][k] == 0 }) { return }
    count += 1
    absoluteActual += abs(actual)
    var bin = 0
    for q in levels.indices {
      let value = forecast.quantiles[q][k]
      let difference = actual - value
      pinball[q] += max(levels[q] * difference, (levels[q] - 1) * difference)
      if actual <= value { below[q] += 1 }
      if actual > value { bin = q + 1 }
    }
    histogram[bin] += 1
    guard let l = levels.firstIndex(of: 0.1), let h = levels.firstIndex(of: 0.9) else { return }
    let low = forecast.quantiles[l][k]
    let high = forecast.quantiles[h][k]
    central80.width += high - low
    central80.winkler += high - low + 10 * max(0, low - actual) + 10 * max(0, actual - high)
    if actual >= low, actual <= high { central80.inside += 1 }
  }
}
