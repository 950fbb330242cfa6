import Numerics
package import TimeSeries

/// Knows what will happen: the only forecaster that is given the truth, labelled *oracle* wherever
/// its score appears.
///
/// With `noise` it becomes a version of stated quality for sensitivity studies: the truth shifted
/// in time, scaled, offset, and multiplied by `1 + e` with autocorrelated `e`.
package struct OracleForecaster: Forecaster {
  /// Errors put on the truth.
  package struct Noise: Sendable, Hashable {
    /// Added to every value, in the unit of the quantity.
    package var offset = 0.0
    /// Factor on every value.
    package var scale = 1.0
    /// How much later than the truth the forecast says things happen. [s]
    package var shiftSeconds = 0
    /// Standard deviation of the relative error.
    package var deviationFraction = 0.0
    /// Correlation of the relative error from one hour to the next, 0 ≤ x < 1.
    package var correlationPerHour = 0.0

    /// Describes the errors; the default leaves the truth alone.
    package init(
      offset: Double = 0, scale: Double = 1, shiftSeconds: Int = 0,
      deviationFraction: Double = 0, correlationPerHour: Double = 0
    ) {
      self.offset = offset
      self.scale = scale
      self.shiftSeconds = shiftSeconds
      self.deviationFraction = deviationFraction
      self.correlationPerHour = correlationPerHour
    }
  }

  private let truth: SiteHistory
  private let noise: Noise
  private let seed: UInt64
  private let hasSignedLoad: Bool

  /// Forecasts the truth, with noise if asked for.
  package init(
    truth: SiteHistory, noise: Noise = Noise(), seed: UInt64 = 0, hasSignedLoad: Bool = false
  ) {
    self.truth = truth
    self.hasSignedLoad = hasSignedLoad
    self.noise = noise
    self.seed = seed
  }

  /// Returns the truth of every slot; where it is missing, the mean of the same slot over the
  /// newest seven days that have a value, counted as filled.
  package mutating func forecast(_ request: ForecastRequest) throws -> Forecast {
    let grid = request.grid
    let column = truth[request.quantity]
    var values = [Double](repeating: .nan, count: grid.count)
    if let column, truth.grid.stepSeconds == grid.stepSeconds {
      for k in grid.indices {
        let instant = grid.instant(k) - noise.shiftSeconds
        if let i = truth.grid.index(containing: instant) { values[k] = column[i] }
      }
    }
    var forecast = Forecast(grid: grid, values: values)
    if noise != Noise() { addNoise(to: &forecast.values, request) }
    for k in grid.indices where !forecast.values[k].isFinite {
      forecast.values[k] = CausalFallback.value(at: grid.instant(k), request: request)
      forecast.counts.filled += 1
    }
    if request.quantity == .load && !hasSignedLoad || request.quantity == .pv {
      for k in grid.indices where forecast.values[k] < 0 {
        forecast.values[k] = 0
        forecast.counts.floored += 1
      }
    }
    return forecast
  }

  private func addNoise(to values: inout [Double], _ request: ForecastRequest) {
    // Seeded by first slot and quantity: the same request gives the same error.
    var random = SeededGenerator(
      seed: seed, label: "\(request.quantity.rawValue) \(request.grid.start)")
    let correlation = raise(noise.correlationPerHour, to: request.grid.stepHours)
    let innovation = (1 - correlation * correlation).squareRoot()
    var error = random.normal()
    for k in values.indices {
      values[k] =
        values[k] * noise.scale * (1 + noise.deviationFraction * error) + noise.offset
      error = correlation * error + innovation * random.normal()
    }
  }
}

/// The fallback every version states: what stands in for a value nobody supplied.
enum CausalFallback {
  /// Mean of the same time of day over the newest seven days on which it is known, else over the
  /// newest day, else 0.
  static func value(at instant: Int, request: ForecastRequest) -> Double {
    guard let column = request.past[request.quantity] else { return 0 }
    let perDay = 86_400 / request.past.grid.stepSeconds
    let past = request.past.grid
    func place(_ days: Int) -> Int {
      let then =
        request.quantity.followsClock
        ? request.past.zone.instant(instant, daysBefore: days) : instant - days * 86_400
      return then < past.start ? -1 : (then - past.start) / past.stepSeconds
    }
    var newest = 1
    while place(newest) >= column.count { newest += 1 }
    var sum = 0.0
    var count = 0
    for days in newest..<newest + 7 {
      let i = place(days)
      guard i >= 0 else { break }
      let value = column[column.startIndex + i]
      if value.isFinite {
        sum += value
        count += 1
      }
    }
    if count > 0 { return sum / Double(count) }
    for value in column.suffix(perDay) where value.isFinite {
      sum += value
      count += 1
    }
    return count > 0 ? sum / Double(count) : 0
  }
}
