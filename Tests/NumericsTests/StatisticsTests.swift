import Numerics
import TestSupport
import Testing

@Suite("Statistics") struct StatisticsTests {
  @Test("quantiles interpolate between order statistics")
  func quantiles() {
    // Type 7 of Hyndman and Fan by hand: place 0.25 · 3 = 0.75 between 1 and 2.
    #expect(Statistics.quantile(sorted: [1, 2, 3, 4], probability: 0.25) == 1.75)
    #expect(Statistics.quantile(sorted: [1, 2, 3, 4], probability: 1) == 4)
    #expect(Statistics.quantile(sorted: [], probability: 0.5).isNaN)
  }

  @Test("equal values share their rank")
  func ranks() {
    #expect(Statistics.ranks([10, 20, 20, 30]) == [1, 2.5, 2.5, 4])
    #expect(Statistics.rankCorrelation([1, 2, 3], [10, 100, 1000]) == 1)
  }

  @Test("the same seed draws the same numbers, another label other ones")
  func seeds() {
    var a = SeededGenerator(seed: 7, label: "load")
    var b = SeededGenerator(seed: 7, label: "load")
    var c = SeededGenerator(seed: 7, label: "pv")
    let first = (0..<8).map { _ in a.next() }
    #expect(first == (0..<8).map { _ in b.next() })
    #expect(first != (0..<8).map { _ in c.next() })
  }

  @Test("normal draws have mean 0 and variance 1")
  func normal() {
    var generator = SeededGenerator(seed: 3)
    let draws = (0..<100_000).map { _ in generator.normal() }
    // Standard errors are 0.003 and 0.0022; five of them are allowed.
    #expect(abs(Statistics.mean(draws)) < 0.016)
    #expect(abs(Statistics.standardDeviation(draws) - 1) < 0.012)
  }

  @Test("block intervals cover the mean of correlated values as often as they say")
  func coverage() {
    // AR(1) with coefficient 0.3, n = 364: the 95 % interval covers 0 in 91…97 % of 400 samples
    // (moving blocks of 7 lose about two points, sampling error of the share is 1.1 points).
    var generator = SeededGenerator(seed: 11)
    var covered = 0
    for sample in 0..<400 {
      var values: [Double] = []
      var state = 0.0
      for _ in 0..<364 {
        state = 0.3 * state + generator.normal()
        values.append(state)
      }
      let plan = BlockBootstrap(blockLength: 7, draws: 400, seed: UInt64(sample))
      let interval = plan.meanInterval(values)
      if interval.low <= 0, interval.high >= 0 { covered += 1 }
    }
    #expect((364...388).contains(covered), "covered \(covered) of 400")
  }

  @Test("a table is linear between points and constant beyond")
  func table() {
    let table = LinearTable(x: [0, 10, 20], y: [1, 2, 0])
    #expect(table(-5) == 1)
    #expect(table(5) == 1.5)
    #expect(table(15) == 1)
    #expect(table(25) == 0)
    #expect(!LinearTable.isValid(x: [0, 0], y: [1, 2]))
  }

  @Test("the mode is the most frequent number, the smallest of several") func mode() {
    #expect(Statistics.mode([900: 3, 3600: 5, 60: 1]) == 3600)
    #expect(Statistics.mode([900: 5, 3600: 5]) == 900)
    #expect(Statistics.mode([:]) == nil)
  }
}
