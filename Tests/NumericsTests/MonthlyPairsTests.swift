import Numerics
import TestSupport
import Testing

@Suite("Paired months") struct MonthlyPairsTests {
  /// A month whose energy differences are one on the first day and zero on the others.
  private func spike(days: Int, demand: Double = 0) -> MonthlyPairs.Month {
    MonthlyPairs.Month(
      month: 1, energyByDay: [1] + [Double](repeating: 0, count: days - 1), demand: demand)
  }

  private func flat(_ sums: [Double], demands: [Double]? = nil) -> [MonthlyPairs.Month] {
    sums.enumerated().map { index, sum in
      MonthlyPairs.Month(
        month: index % 12 + 1, energyByDay: [Double](repeating: sum / 30, count: 30),
        demand: demands?[index] ?? 0)
    }
  }

  @Test("blocks of a month by hand") func blocks() throws {
    // 7 of the 28 starts of a block hold the one: variance 1/4 − 1/16 a block, 3/4 for four, and 1 with
    // the factor 4/3 of four blocks; three degrees of freedom, t = 3.1824 (Abramowitz & Stegun 26.10).
    let pairs = MonthlyPairs([spike(days: 28)])
    #expect(pairs.blockSpread?.degreesOfFreedom == 3)
    #expect(isClose(try #require(pairs.blockSpread).scale, 1, absolute: 1e-12))
    #expect(isClose(try #require(pairs.energyHalfWidth()), 3.182, absolute: 5e-4))
    // 30 days: four blocks of variance 7/30 − (7/30)² and one of two days of 2/30 − (2/30)².
    let variance = 4 * (7.0 / 30 - 49.0 / 900) + (2.0 / 30 - 4.0 / 900)
    let blocks = 30.0 / 7
    #expect(
      isClose(
        try #require(MonthlyPairs([spike(days: 30)]).blockSpread).scale,
        (variance * blocks / (blocks - 1)).squareRoot(), relative: 1e-12))
    #expect(MonthlyPairs([spike(days: 7)]).energyHalfWidth() == nil)
    #expect(MonthlyPairs([]).energyHalfWidth() == nil)
  }

  @Test("blocks agree with drawing them") func drawn() throws {
    var random = SeededGenerator(seed: 4)
    let days = (0..<31).map { _ in random.normal() }
    var sums: [Double] = []
    for _ in 0..<40_000 {
      var sum = 0.0
      for length in [7, 7, 7, 7, 3] {
        let start = random.index(below: 31)
        for step in 0..<length { sum += days[(start + step) % 31] }
      }
      sums.append(sum)
    }
    let pairs = MonthlyPairs([MonthlyPairs.Month(month: 1, energyByDay: days, demand: 0)])
    let blocks = 31.0 / 7
    let expected = Statistics.standardDeviation(sums) * (blocks / (blocks - 1)).squareRoot()
    // 40 000 draws know a standard deviation to 0.35 %.
    #expect(isClose(try #require(pairs.blockSpread).scale, expected, relative: 0.015))
  }

  @Test("months by hand, and the wider of blocks and months counts") func months() throws {
    // Sums 1 to 6: Σr² = 17.5, √(6·17.5/5) = √21; days within months are alike, so blocks say nothing.
    let pairs = MonthlyPairs(flat([1, 2, 3, 4, 5, 6]))
    #expect(isClose(try #require(pairs.monthSpread).scale, 21.0.squareRoot(), relative: 1e-12))
    #expect(pairs.monthSpread?.degreesOfFreedom == 5)
    #expect(
      isClose(try #require(pairs.energyHalfWidth()), 2.571 * 21.0.squareRoot(), relative: 1e-3))
    #expect(isClose(pairs.energy, 21, relative: 1e-12))
    #expect(MonthlyPairs(flat([1, 2, 3, 4, 5])).monthSpread == nil)
  }

  @Test("a yearly wave is no spread") func wave() throws {
    let quarter = [1, 0.75.squareRoot(), 0.5, 0, -0.5, -0.75.squareRoot()]
    let wave = (quarter + quarter.map { -$0 }).map { 10 + 5 * $0 }
    let year = MonthlyPairs(flat(wave))
    #expect(try #require(year.monthSpread).scale < 1e-12)
    #expect(year.monthSpread?.degreesOfFreedom == 9)
    // 14 months are no whole number of years; the wave is found all the same.
    #expect(try #require(MonthlyPairs(flat(wave + wave.prefix(2))).monthSpread).scale < 1e-12)
    // Eleven months keep their mean only.
    #expect(try #require(MonthlyPairs(flat(Array(wave.prefix(11)))).monthSpread).scale > 1)
  }

  @Test("the demand part by hand, with one more difference of the largest seen") func demand()
    throws
  {
    // Mean 0, Σy² = 18 and 9 more: √(6·27/5), five degrees of freedom.
    let demands = [3.0, 0, 0, 0, 0, -3]
    let pairs = MonthlyPairs(flat([0, 0, 0, 0, 0, 0], demands: demands))
    #expect(isClose(try #require(pairs.demandSpread).scale, 32.4.squareRoot(), relative: 1e-12))
    #expect(
      isClose(try #require(pairs.demandHalfWidth()), 2.5706 * 32.4.squareRoot(), relative: 1e-4))
    #expect(pairs.differingMonths == [0, 5])
    let permuted = MonthlyPairs(flat([0, 0, 0, 0, 0, 0], demands: [0, -3, 0, 3, 0, 0]))
    #expect(permuted.demandSpread == pairs.demandSpread)
    // Both parts: the root of the sum of squares.
    let both = MonthlyPairs(flat([1, 2, 3, 4, 5, 6], demands: demands))
    #expect(
      isClose(try #require(both.halfWidth()), 2.5706 * (21 + 32.4).squareRoot(), relative: 1e-4))
  }

  @Test("the probability is the level at which the interval reaches zero") func probability() {
    let spread = StudentSpread(scale: 2, degreesOfFreedom: 5)
    let half = spread.halfWidth(level: 0.95)
    let found = MonthlyPairs.probability(of: -half) { spread.halfWidth(level: $0) }
    #expect(isClose(found, 0.05, relative: 1e-6))
    #expect(
      isClose(found, StudentT(degreesOfFreedom: 5).twoSided(half / 2), relative: 1e-6))
    #expect(MonthlyPairs.probability(of: 0) { spread.halfWidth(level: $0) } == 1)
  }

  @Test("Holm's correction by hand") func holm() {
    // Sorted 0.01, 0.02, 0.04: times 3, 2 and 1, never falling.
    let found = HolmCorrection.adjusted([0.04, 0.01, 0.02])
    #expect(zip(found, [0.04, 0.03, 0.04]).allSatisfy { isClose($0, $1, absolute: 1e-15) })
    #expect(HolmCorrection.adjusted([0.6, 0.7]) == [1, 1])
    #expect(HolmCorrection.adjusted([]) == [])
    // Steps at a third, a half and all of 5 %; 0.03 stops at the half, and what follows stays there.
    func levels(_ probabilities: [Double]) -> [Double] {
      HolmCorrection.levels(probabilities, level: 0.95).map { (1e4 * $0).rounded() / 1e4 }
    }
    #expect(levels([0.04, 0.01, 0.02]) == [0.95, 0.9833, 0.975])
    #expect(levels([0.2, 0.01, 0.03]) == [0.975, 0.9833, 0.975])
    #expect(levels([]) == [])
  }
}
