import Numerics
import TimeSeries

/// Measures of the shape of forecasts, gathered forecast by forecast.
///
/// Measures without a pair are NaN. Definitions are in <doc:ForecastMeasures>.
package struct ShapeScores: Sendable {
  private var rampError = Average()
  private var peakError = Average()
  private var hits = Average()
  private var rank = Average()
  private var energyError = Average()
  private var energy = Average()
  private var dispersion = Average()
  private var revisions = Average()

  private struct Average {
    var sum = 0.0
    var count = 0
    var mean: Double { sum / Double(count) }
    mutating func add(_ value: Double) {
      guard value.isFinite else { return }
      sum += value
      count += 1
    }
  }

  /// Mean absolute error of the change over one hour, in the unit of the quantity.
  package var rampMAE: Double { rampError.mean }
  /// Mean error on the three highest actual hours of a day over their mean; −0.4 is 40 % too low.
  package var peakBias: Double { peakError.mean }
  /// Share of the three highest actual hours of a day that are among the forecast's three highest.
  package var hitShare: Double { hits.mean }
  /// Mean Spearman correlation of the forecast and the actual curve of a day.
  package var rankCorrelation: Double { rank.mean }
  /// Mean absolute error of a day's sum over the mean sum.
  package var dailyEnergyError: Double { energyError.mean / energy.mean }
  /// Mean standard deviation of the error within a day, in the unit of the quantity.
  package var withinDayDispersion: Double { dispersion.mean }
  /// Mean absolute change of the forecast of a slot from one issue to the next.
  package var revision: Double { revisions.mean }

  mutating func add(_ forecast: Forecast, actual: [Double], previous: Forecast?) {
    addRevision(forecast, previous)
    let perHour = max(1, 3600 / forecast.grid.stepSeconds)
    let perDay = 86_400 / forecast.grid.stepSeconds
    for k in stride(from: perHour, to: actual.count, by: 1) {
      rampError.add(
        abs(
          forecast.values[k] - forecast.values[k - perHour] - actual[k] + actual[k - perHour]))
    }
    for from in stride(from: 0, through: actual.count - perDay, by: perDay) {
      let f = Array(forecast.values[from..<(from + perDay)])
      let y = Array(actual[from..<(from + perDay)])
      guard (f + y).allSatisfy(\.isFinite) else { continue }
      addDay(f, y, perHour: perHour)
    }
  }

  private mutating func addDay(_ f: [Double], _ y: [Double], perHour: Int) {
    let errors = zip(f, y).map { $0 - $1 }
    energyError.add(abs(errors.reduce(0, +)))
    energy.add(abs(y.reduce(0, +)))
    dispersion.add(Statistics.standardDeviation(errors))
    let f24 = hourly(f, perHour)
    let y24 = hourly(y, perHour)
    guard y24.contains(where: { $0 != y24[0] }) else { return }
    rank.add(Statistics.rankCorrelation(f24, y24))
    let top = highest(y24)
    let peak = top.reduce(0) { $0 + y24[$1] }
    if peak != 0 { peakError.add(top.reduce(0) { $0 + f24[$1] - y24[$1] } / abs(peak)) }
    let forecastTop = highest(f24)
    hits.add(Double(top.filter(forecastTop.contains).count) / Double(top.count))
  }

  private func hourly(_ values: [Double], _ perHour: Int) -> [Double] {
    stride(from: 0, to: values.count, by: perHour).map { from in
      values[from..<min(values.count, from + perHour)].reduce(0, +) / Double(perHour)
    }
  }

  private func highest(_ values: [Double]) -> [Int] {
    Array(
      values.indices.sorted { (values[$0], -$0) > (values[$1], -$1) }.prefix(3))
  }

  private mutating func addRevision(_ forecast: Forecast, _ previous: Forecast?) {
    guard let previous, previous.grid.stepSeconds == forecast.grid.stepSeconds else { return }
    let shift = (forecast.grid.start - previous.grid.start) / forecast.grid.stepSeconds
    guard shift > 0, shift < previous.values.count else { return }
    for k in 0..<min(forecast.values.count, previous.values.count - shift) {
      revisions.add(abs(forecast.values[k] - previous.values[k + shift]))
    }
  }
}
