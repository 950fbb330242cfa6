import Replay
import SiteSupport
import Studies
import TestSupport
import Testing

@Suite("Paired differences of cost") struct PairedDifferenceTests {
  /// Compares a version whose days cost nothing with one whose days cost what is stated.
  private func pair(costs: [Double]) throws -> PairedDifference {
    let total = costs.reduce(0, +)
    let zero = try PaperSite.outcome(
      "zero", cost: min(0, total) - 1, dailyCosts: [Double](repeating: 0, count: costs.count))
    let other = try PaperSite.outcome("other", cost: total, dailyCosts: costs)
    let comparison = ForecastComparison(
      noBattery: zero, selfConsumption: zero, oracle: zero,
      foresight: try ForesightBound(PaperSite.idleDay()),
      planned: [other, zero].map {
        ForecastComparison.PlannedRun(forecast: $0.name, outcome: $0)
      }, seed: 1)
    return try #require(comparison.pairs.first)
  }

  @Test("the cheapest version comes first, less each of the others")
  func order() throws {
    let pair = try pair(costs: [1, 2, 3])
    #expect(pair.a == "zero")
    #expect(pair.b == "other")
    #expect(isClose(pair.perDay, -2, absolute: 1e-12))
  }

  @Test("a difference that is the same every day is certain")
  func constant() throws {
    let pair = try pair(costs: [Double](repeating: 0.5, count: 14))
    #expect(pair.perDay == -0.5)
    #expect(pair.low == -0.5)
    #expect(pair.high == -0.5)
    #expect(pair.isSignificant)
  }

  // A block is a week, so every block holds the same days of the week, wherever it begins.
  @Test("a difference that repeats every week is certain")
  func weekly() throws {
    let pair = try pair(costs: (0..<28).map { $0 % 7 == 5 ? 7 : 0 })
    #expect(isClose(pair.perDay, -1, absolute: 1e-12))
    #expect(isClose(pair.low, -1, absolute: 1e-12))
    #expect(isClose(pair.high, -1, absolute: 1e-12))
    #expect(pair.isSignificant)
  }

  // Two circular blocks of a week from a fortnight: one draw in 196 takes the better week twice, so
  // 2000 draws reach the ends; Student's t with one degree of freedom puts the interval there.
  @Test("two weeks that disagree decide nothing")
  func disagreement() throws {
    let pair = try pair(
      costs: [Double](repeating: 1, count: 7) + [Double](repeating: -1, count: 7))
    #expect(pair.perDay == 0)
    #expect(pair.low == -1)
    #expect(pair.high == 1)
    #expect(!pair.isSignificant)
  }

  // Weeks of +1 and −1 in turn, shifted by 0.5. A circular block that begins k days into a week has
  // the mean ±(1 − 2k/7), of variance (1/7)·Σ_{k=0…6} (1 − 2k/7)² = 0.3469; the mean of 52 of them
  // has a standard deviation of √(0.3469/52) = 0.0817.
  @Test("a year of weeks that disagree less than they differ decides")
  func decision() throws {
    let costs = (0..<364).map { 0.5 + ($0 / 7 % 2 == 0 ? 1.0 : -1.0) }
    let pair = try pair(costs: costs)
    #expect(isClose(pair.perDay, -0.5, absolute: 1e-12))
    #expect(pair.high < 0)
    #expect(pair.isSignificant)
    #expect(isClose(pair.high - pair.low, 2 * 1.96 * 0.0817, relative: 0.1))
    #expect(isClose(pair.high + pair.low, -1, absolute: 0.03))
  }

  @Test("one day has a mean and no verdict of its own")
  func oneDay() throws {
    let pair = try pair(costs: [3])
    #expect(pair.perDay == -3)
    #expect(pair.low == pair.high)
  }
}
