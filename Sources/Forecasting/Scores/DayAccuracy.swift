import Numerics

/// How well the curve of a day was forecast, by measures of accuracy; one that a day does not allow is NaN.
package struct DayAccuracy: Sendable, Hashable {
  /// The measures, in the order of tables.
  ///
  /// A higher value is a worse forecast, but for the rank correlation.
  package enum Measure: String, Sendable, CaseIterable {
    case mae
    case rmse
    /// Absolute mean error.
    case bias
    /// MAE over that of the day before, both of the newest 28 days.
    case mase
    /// Mean loss of the nine deciles of paths.
    case pinball
    /// Continuous ranked probability score of paths, slot by slot.
    case crps
    /// Energy score of paths over the whole day, per root of a slot.
    case energyScore = "energy_score"
    /// Absolute mean error on the three highest hours.
    case peak
    /// Mean absolute error of the change over an hour.
    case ramp
    /// Absolute error of the day's mean.
    case dailyMean = "daily_mean"
    /// Kendall's tau-b of the forecast hours and the actual ones; 0 where the forecast does not tell hours apart.
    case tau
    /// Standard deviation of the error within the day.
    case dispersion
    /// Mean absolute change of the forecast from issue to issue.
    case revision

    /// Whether a higher value is a better forecast.
    package var isBetterHigher: Bool { self == .tau }
  }

  private var values: [Measure: Double] = [:]

  /// Value of a measure; NaN where there is none.
  package subscript(measure: Measure) -> Double { values[measure] ?? .nan }

  /// Scores a day.
  ///
  /// - Parameters:
  ///   - forecast: Forecast of the day, one value per slot.
  ///   - actual: What was measured; a slot without is left out where a measure allows it.
  ///   - slotsPerHour: Slots of an hour.
  ///   - naiveError: Mean absolute difference from one day to the next that the error is measured against.
  ///   - earlierErrors: Actual less forecast of the newest days, as long as this one, which make paths.
  ///   - revision: Mean absolute change from issue to issue.
  package init(
    forecast: [Double], actual: [Double], slotsPerHour: Int, naiveError: Double = .nan,
    earlierErrors: [[Double]] = [], revision: Double = .nan
  ) {
    let errors: [Double] = forecast.indices.compactMap { k in
      let error: Double = forecast[k] - actual[k]
      return error.isFinite ? error : nil
    }
    values[.revision] = revision
    guard !errors.isEmpty else { return }
    let count = Double(errors.count)
    var absolute = 0.0
    var squared = 0.0
    var sum = 0.0
    for error in errors {
      absolute += abs(error)
      squared += error * error
      sum += error
    }
    let mae = absolute / count
    values[.mae] = mae
    values[.rmse] = (squared / count).squareRoot()
    values[.bias] = abs(sum / count)
    values[.mase] = mae / naiveError
    // What is of a whole day needs all of it.
    guard errors.count == forecast.count, forecast.count >= 2 * slotsPerHour else { return }
    values[.dispersion] = Statistics.standardDeviation(errors)
    let f = Self.hourly(forecast, slotsPerHour)
    let y = Self.hourly(actual, slotsPerHour)
    values[.dailyMean] = abs(Statistics.mean(f) - Statistics.mean(y))
    var ramps = 0.0
    for hour in 1..<f.count {
      let expected: Double = f[hour] - f[hour - 1]
      let happened: Double = y[hour] - y[hour - 1]
      ramps += abs(expected - happened)
    }
    values[.ramp] = ramps / Double(f.count - 1)
    let order: [Int] = y.indices.sorted { a, b in y[a] > y[b] || (y[a] == y[b] && a < b) }
    let top: [Double] = order.prefix(3).map { f[$0] - y[$0] }
    values[.peak] = abs(Statistics.mean(top))
    if y.contains(where: { $0 != y[0] }) {
      values[.tau] = f.contains { $0 != f[0] } ? Statistics.kendallTau(f, y) : 0
    }
    let paths: [[Double]] = earlierErrors.filter { $0.count == forecast.count }
      .map { errors in forecast.indices.map { k -> Double in forecast[k] + errors[k] } }
    if paths.count >= Self.leastPaths { score(paths, actual) }
  }

  /// Paths below which nothing is said of a distribution.
  package static let leastPaths = 6

  private mutating func score(_ paths: [[Double]], _ actual: [Double]) {
    let count = Double(paths.count)
    var pinball = 0.0
    var crps = 0.0
    for t in actual.indices {
      let sorted = paths.map { $0[t] }.sorted()
      for decile in 1...9 {
        let level = Double(decile) / 10
        let error: Double = actual[t] - Statistics.quantile(sorted: sorted, probability: level)
        let loss: Double = error > 0 ? level * error : (level - 1) * error
        pinball += loss / 9
      }
      var spread = 0.0
      for (place, value) in sorted.enumerated() {
        crps += abs(value - actual[t]) / count
        // The sum of all distances between sorted values.
        let factor: Double = 2 * Double(place) + 1 - count
        spread += value * factor
      }
      crps -= spread / (count * count)
    }
    values[.pinball] = pinball / Double(actual.count)
    values[.crps] = crps / Double(actual.count)
    var energy = 0.0
    for (place, path) in paths.enumerated() {
      energy += Self.distance(path, actual) / count
      for other in paths[..<place] { energy -= Self.distance(path, other) / (count * count) }
    }
    values[.energyScore] = energy / Double(actual.count).squareRoot()
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for k in a.indices {
      let difference: Double = a[k] - b[k]
      sum += difference * difference
    }
    return sum.squareRoot()
  }

  private static func hourly(_ values: [Double], _ perHour: Int) -> [Double] {
    stride(from: 0, to: values.count, by: perHour).map { from in
      Statistics.mean(values[from..<min(values.count, from + perHour)])
    }
  }
}
