import Numerics
import Replay

/// How far a net present value may lie from the one computed, because one replayed year is not the
/// average year.
///
/// Monthly savings about their mean and one yearly wave give the spread of a year's saving; the level of
/// all years of a project is drawn once (Student's t), each year about it. What it does not hold: another
/// price level or path, weather that the replayed years have not seen, growth of the load, fade beyond the
/// model, outages, and the planner's settings.
package struct ValueRange: Sendable, Hashable {
  /// Value that one in ten stays below. [currency]
  package let p10: Double
  /// Median. [currency]
  package let p50: Double
  /// Value that one in ten exceeds. [currency]
  package let p90: Double

  /// A value that nothing can move.
  static let zero = ValueRange(p10: 0, p50: 0, p90: 0)

  /// Whole months from which there is a range: one observation of each calendar month.
  package static let leastMonths = 12
  private static let draws = 2000

  private init(p10: Double, p50: Double, p90: Double) {
    self.p10 = p10
    self.p50 = p50
    self.p90 = p90
  }

  /// Draws net present values; fails for fewer than twelve months.
  ///
  /// - Parameters:
  ///   - savings: The battery's monthly savings, whole months only. [currency]
  ///   - weights: Net present value of a saving of one more in each year. [one per year]
  ///   - value: Net present value of a project whose years all save the average. [currency]
  ///   - seed: Seed of the draws; equal seeds move all candidates alike.
  init?(
    savings: [(month: Int, amount: Double)], weights: [Double],
    value: Double, seed: UInt64
  ) {
    guard savings.count >= Self.leastMonths else { return nil }
    let residuals = YearlyWave.residuals(
      of: savings.map(\.amount), months: savings.map(\.month), hasWave: true)
    let freedom = savings.count - 3
    let spread =
      (12 * residuals.reduce(0) { $0 + $1 * $1 } / Double(freedom)).squareRoot()
    let years = Double(savings.count) / 12
    var random = SeededGenerator(seed: seed, label: "net present value")
    var values: [Double] = []
    values.reserveCapacity(Self.draws)
    for _ in 0..<Self.draws {
      var squares = 0.0
      for _ in 0..<freedom {
        let normal = random.normal()
        squares += normal * normal
      }
      let student = random.normal() / (squares / Double(freedom)).squareRoot()
      let level = spread * student / years.squareRoot()
      values.append(
        weights.reduce(value) { $0 + $1 * (level + spread * random.normal()) })
    }
    values.sort()
    func quantile(_ probability: Double) -> Double {
      Statistics.quantile(sorted: values, probability: probability)
    }
    self.init(p10: quantile(0.1), p50: quantile(0.5), p90: quantile(0.9))
  }
}
