/// The difference in cost of two controllers over calendar months, and how sure it is.
///
/// What is billed by energy adds up over days; what a peak decides is one observation a month. So the
/// two parts have spreads of their own, and the total's half-width is the root of the sum of their
/// squares:
/// - *Energy*: circular blocks of seven days drawn within each month, with Student's quantile of the
///   expanded interval (T. C. Hesterberg, DOI 10.1080/00031305.2015.1089789; D. N. Politis,
///   J. P. Romano, 1992), or the spread of the monthly sums about their mean (from a year on, about a
///   mean and one yearly wave), whichever is wider. Blocks are drawn independently of each other, so
///   the variance over all draws is a sum over blocks and needs no drawing.
/// - *Demand*: Student's interval of the sum of the months' differences, with one more difference of
///   the largest size seen.
///
/// Resampled days must not be billed anew: their peak never passes the peak that was seen, and once
/// a peak is paid for, a plan lets later days rise to it, so days of a month are not exchangeable.
/// A. Bücher, T. Staud, arXiv 2409.05529: the naive block bootstrap of block maxima is inconsistent.
package struct MonthlyPairs: Sendable {
  /// The differences of one calendar month, first controller less second.
  package struct Month: Sendable, Hashable {
    /// 1…12.
    package var month: Int
    /// True when every day of the month is there.
    package var isWhole: Bool
    /// Difference of each day in everything that adds up over intervals. [currency]
    package var energyByDay: [Double]
    /// Difference in what peaks of the month decide. [currency]
    package var demand: Double

    /// Collects the differences of a month.
    package init(month: Int, isWhole: Bool = true, energyByDay: [Double], demand: Double) {
      self.month = month
      self.isWhole = isWhole
      self.energyByDay = energyByDay
      self.demand = demand
    }

    /// Sum of the days. [currency]
    var energy: Double { energyByDay.reduce(0, +) }
  }

  /// Length of a block. [days]
  static let blockDays = 7
  /// A difference in a month's demand part that is more than rounding. [currency]
  package static let demandTolerance = 0.005

  /// Months in order of time.
  package let months: [Month]
  /// Spread of the energy part by blocks of days; nothing where there are too few days for blocks.
  package let blockSpread: StudentSpread?
  /// Spread of the energy part by months; nothing for fewer than six whole months.
  package let monthSpread: StudentSpread?
  /// Spread of the demand part; nothing for a single month.
  package let demandSpread: StudentSpread?

  /// Takes months in order of time.
  package init(_ months: [Month]) {
    self.months = months
    blockSpread = MonthlyPairs.blockSpread(MonthlyPairs.pieces(months))
    monthSpread = MonthlyPairs.monthSpread(months)
    demandSpread = MonthlyPairs.demandSpread(months.map(\.demand))
  }

  /// Number of days. [days]
  package var days: Int { months.reduce(0) { $0 + $1.energyByDay.count } }
  /// Sum of the energy differences. [currency]
  package var energy: Double { months.reduce(0) { $0 + $1.energy } }
  /// Sum of the demand differences. [currency]
  package var demand: Double { months.reduce(0) { $0 + $1.demand } }
  /// Positions of the months whose demand parts differ.
  package var differingMonths: [Int] {
    months.indices.filter { abs(months[$0].demand) > MonthlyPairs.demandTolerance }
  }

  /// Returns the half-width of the energy part, the wider of blocks and months.
  ///
  /// - Parameter level: Coverage, 0…1.
  /// - Returns: Half-width, or nothing for fewer than two blocks. [currency]
  package func energyHalfWidth(level: Double = 0.95) -> Double? {
    [blockSpread, monthSpread].compactMap { $0?.halfWidth(level: level) }.max()
  }

  /// Returns the half-width of the demand part.
  ///
  /// - Parameter level: Coverage, 0…1.
  /// - Returns: Half-width, or nothing for a single month. [currency]
  package func demandHalfWidth(level: Double = 0.95) -> Double? {
    demandSpread?.halfWidth(level: level)
  }

  /// Returns the half-width of the sum of both parts.
  ///
  /// - Parameter level: Coverage, 0…1.
  /// - Returns: Half-width, or nothing where one of the parts has none. [currency]
  package func halfWidth(level: Double = 0.95) -> Double? {
    guard let energy = energyHalfWidth(level: level), let demand = demandHalfWidth(level: level)
    else { return nil }
    return (energy * energy + demand * demand).squareRoot()
  }

  /// Returns the probability of a difference this large when the controllers cost the same.
  ///
  /// It is one less the level at which the interval just reaches zero.
  ///
  /// - Parameters:
  ///   - difference: The difference. [currency]
  ///   - halfWidth: Its half-width at a level, rising with the level. [currency]
  /// - Returns: 0…1; 10⁻¹² stands for everything below.
  package static func probability(
    of difference: Double, halfWidth: (_ level: Double) -> Double
  ) -> Double {
    if difference == 0 { return 1 }
    var low = 1e-12
    var high = 1.0
    guard halfWidth(1 - low) > abs(difference) else { return low }
    for _ in 0..<50 where high - low > 1e-9 * high {
      let middle = (low * high).squareRoot()
      if halfWidth(1 - middle) > abs(difference) { low = middle } else { high = middle }
    }
    return high
  }

  /// Days of each month; the part of a month at the edge is joined to its neighbour.
  private static func pieces(_ months: [Month]) -> [[Double]] {
    var result: [[Double]] = []
    var waiting: [Double] = []
    var joinsLast = false
    for month in months where !month.energyByDay.isEmpty {
      if month.isWhole {
        result.append(waiting + month.energyByDay)
        waiting = []
        joinsLast = true
      } else if joinsLast {
        result[result.count - 1] += month.energyByDay
      } else {
        waiting += month.energyByDay
      }
    }
    return waiting.isEmpty ? result : result + [waiting]
  }

  private static func blockSpread(_ pieces: [[Double]]) -> StudentSpread? {
    let days = pieces.reduce(0) { $0 + $1.count }
    let count = Double(pieces.count)
    let blocks = Double(days) / count / Double(blockDays)
    guard blocks > 1 else { return nil }
    var variance = 0.0
    for piece in pieces {
      let length = min(blockDays, piece.count)
      let rest = piece.count % length
      variance += Double(piece.count / length) * self.variance(ofBlocks: length, in: piece)
      if rest > 0 { variance += self.variance(ofBlocks: rest, in: piece) }
    }
    return StudentSpread(
      scale: (variance * blocks / (blocks - 1)).squareRoot(),
      degreesOfFreedom: Int(count * (blocks - 1)))
  }

  /// Variance of the sum of consecutive values from a start drawn at random on the circle.
  private static func variance(ofBlocks length: Int, in values: [Double]) -> Double {
    let mean = Statistics.mean(values)
    // Deviations, not values: a difference of large sums would lose digits.
    var sum = 0.0
    for i in 0..<length { sum += values[i] - mean }
    var squares = 0.0
    for start in values.indices {
      squares += sum * sum
      sum += values[(start + length) % values.count] - values[start]
    }
    return squares / Double(values.count)
  }

  private static func monthSpread(_ months: [Month]) -> StudentSpread? {
    let whole = months.filter(\.isWhole)
    guard whole.count >= 6 else { return nil }
    let hasWave = whole.count >= 12
    let residuals = YearlyWave.residuals(
      of: whole.map(\.energy), months: whole.map(\.month), hasWave: hasWave)
    let freedom = whole.count - (hasWave ? 3 : 1)
    let squares = residuals.reduce(0) { $0 + $1 * $1 }
    let days = months.reduce(0) { $0 + $1.energyByDay.count }
    let wholeDays = whole.reduce(0) { $0 + $1.energyByDay.count }
    // The sum over every day, of which whole months are the part observed as months.
    let share = Double(days) / Double(wholeDays)
    return StudentSpread(
      scale: (share * Double(whole.count) * squares / Double(freedom)).squareRoot(),
      degreesOfFreedom: freedom)
  }

  private static func demandSpread(_ differences: [Double]) -> StudentSpread? {
    guard differences.count > 1 else { return nil }
    let mean = Statistics.mean(differences)
    let squares = differences.map { ($0 - mean) * ($0 - mean) }
    let sum = squares.reduce(0, +) + (squares.max() ?? 0)
    let count = Double(differences.count)
    return StudentSpread(
      scale: (count * sum / (count - 1)).squareRoot(), degreesOfFreedom: differences.count - 1)
  }
}
