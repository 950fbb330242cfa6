/// Measures of forecasts of battery power beside the errors, which are mostly those of a battery at rest.
///
/// A battery moves when its power is at least 2 % of the largest seen. Measures without a pair are NaN.
package struct BatteryScores: Sendable {
  /// Share of the largest power under which a battery rests.
  package static let restFraction = 0.02

  private var moving = 0
  private var rightSign = 0
  private var throughputError = 0.0
  private var throughput = 0.0

  /// Holds no pair.
  package init() {}

  /// Share of the slots in which the battery moved where the forecast has it move the same way.
  package var signAccuracy: Double { Double(rightSign) / Double(moving) }
  /// Mean absolute error of a day's energy through the battery, both ways together, over its mean.
  package var throughputErrorFraction: Double { throughputError / throughput }

  /// Takes in one forecast.
  ///
  /// - Parameters:
  ///   - values: Forecast power, one value per slot. [kW]
  ///   - actual: What happened, one value per slot. [kW]
  ///   - slotsPerDay: Slots of a day.
  ///   - ratedKW: Largest power of the battery. [kW]
  package mutating func add(
    _ values: [Double], actual: [Double], slotsPerDay: Int, ratedKW: Double
  ) {
    precondition(values.count >= actual.count, "one value per slot")
    let rest = BatteryScores.restFraction * ratedKW
    for (f, y) in zip(values, actual) where f.isFinite && abs(y) >= rest && y != 0 {
      moving += 1
      if abs(f) >= rest, f.sign == y.sign { rightSign += 1 }
    }
    for from in stride(from: 0, through: actual.count - slotsPerDay, by: slotsPerDay) {
      var forecastSum = 0.0
      var actualSum = 0.0
      for k in from..<(from + slotsPerDay) {
        forecastSum += abs(values[k])
        actualSum += abs(actual[k])
      }
      guard forecastSum.isFinite, actualSum.isFinite else { continue }
      throughputError += abs(forecastSum - actualSum)
      throughput += actualSum
    }
  }
}
