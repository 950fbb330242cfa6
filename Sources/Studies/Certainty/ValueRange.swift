import Numerics

/// How far a net present value may lie from the one computed, because one replayed year is not the
/// average year.
///
/// Monthly savings about their mean and one yearly wave give the spread of a year's saving; the level of
/// all years of a project is drawn once (Student's t), each year about it. Ranges of capital, prices and fade that are
/// stated are drawn with it. What it does not hold: other assumptions, weather that the replayed years have not seen,
/// outages, and the planner's settings.
package struct ValueRange: Sendable, Hashable {
  /// Value that one in ten stays below. [currency]
  package let p10: Double
  /// Median. [currency]
  package let p50: Double
  /// Value that one in ten exceeds. [currency]
  package let p90: Double
  /// Share of the draws above zero.
  package let gainProbability: Double
  /// Share of the draws by the year in which the money has come back, from year 1; what never comes back is missing.
  package let paybackShares: [Double]
  /// Half-width of the range of another year's saving that holds four in five, about the average one. [currency]
  package let yearHalfWidth: Double

  /// A value that nothing can move.
  static func zero(years: Int) -> ValueRange {
    ValueRange(
      p10: 0, p50: 0, p90: 0, gainProbability: 0,
      paybackShares: [Double](repeating: 0, count: years), yearHalfWidth: 0)
  }

  /// Whole months from which there is a range: one observation of each calendar month.
  package static let leastMonths = 12
  private static let draws = 2000

  private init(
    p10: Double, p50: Double, p90: Double, gainProbability: Double, paybackShares: [Double],
    yearHalfWidth: Double
  ) {
    self.p10 = p10
    self.p50 = p50
    self.p90 = p90
    self.gainProbability = gainProbability
    self.paybackShares = paybackShares
    self.yearHalfWidth = yearHalfWidth
  }

  /// Draws net present values; fails for fewer than twelve months.
  ///
  /// - Parameters:
  ///   - savings: The battery's monthly savings, whole months only. [currency]
  ///   - project: How the value moves.
  ///   - uncertainty: Ranges of what was assumed.
  ///   - seed: Seed of the draws; equal seeds move all candidates alike.
  init?(
    savings: [(month: Int, amount: Double)], project: ProjectSlopes,
    uncertainty: Uncertainty = Uncertainty(), seed: UInt64
  ) {
    guard savings.count >= Self.leastMonths else { return nil }
    let residuals = YearlyWave.residuals(
      of: savings.map(\.amount), months: savings.map(\.month), hasWave: true)
    let freedom = savings.count - 3
    let spread =
      (12 * residuals.reduce(0) { $0 + $1 * $1 } / Double(freedom)).squareRoot()
    let years = Double(savings.count) / 12
    let count = project.savings.count
    // Luck is of the first year's size; what later years save less, they vary less.
    let first = project.savings.first ?? 0
    let shares = project.savings.map { first == 0 ? 1 : $0 / first }
    var random = SeededGenerator(seed: seed, label: "net present value")
    var assumed = SeededGenerator(seed: seed, label: "assumptions of a project")
    var values: [Double] = []
    values.reserveCapacity(Self.draws)
    var paybacks = [Double](repeating: 0, count: count)
    for _ in 0..<Self.draws {
      var squares = 0.0
      for _ in 0..<freedom {
        let normal = random.normal()
        squares += normal * normal
      }
      let student = random.normal() / (squares / Double(freedom)).squareRoot()
      let level = spread * student / years.squareRoot()
      let capital = uncertainty.capital * assumed.uniform(-1, 1)
      let prices = uncertainty.prices * assumed.uniform(-1, 1)
      let fade = uncertainty.fade * assumed.uniform(-1, 1)
      var added =
        uncertainty.isNone
        ? [Double](repeating: 0, count: count) : project.added(prices: prices, fade: fade)
      for year in 0..<count { added[year] += shares[year] * (level + spread * random.normal()) }
      values.append(project.value(added: added, capital: capital))
      if let payback = project.payback(added: added, capital: capital) {
        paybacks[min(count - 1, max(0, Int(payback.rounded(.up)) - 1))] += 1 / Double(Self.draws)
      }
    }
    values.sort()
    func quantile(_ probability: Double) -> Double {
      Statistics.quantile(sorted: values, probability: probability)
    }
    let student = StudentT(degreesOfFreedom: freedom).quantile(0.9)
    self.init(
      p10: quantile(0.1), p50: quantile(0.5), p90: quantile(0.9),
      gainProbability: Double(values.count { $0 > 0 }) / Double(values.count),
      paybackShares: paybacks, yearHalfWidth: student * spread * (1 + 1 / years).squareRoot())
  }
}
