import Numerics
import TestSupport
import Testing

@Suite("Significance") struct SignificanceTests {
  @Test("Student's t has its tabled quantiles")
  func studentT() {
    // Abramowitz & Stegun, table 26.10, to the digits printed there.
    for (n, p, t) in [
      (1, 0.975, 12.706), (2, 0.975, 4.303), (5, 0.975, 2.571), (10, 0.95, 1.812),
      (30, 0.995, 2.750), (120, 0.975, 1.980),
    ] {
      #expect(isClose(StudentT(degreesOfFreedom: n).quantile(p), t, absolute: 5e-4))
    }
    // With one degree of freedom it is Cauchy's, with two t/√(2 + t²).
    #expect(isClose(StudentT(degreesOfFreedom: 1).central(1), 0.5, relative: 1e-14))
    #expect(
      isClose(StudentT(degreesOfFreedom: 2).central(1), 1 / 3.0.squareRoot(), relative: 1e-14))
  }

  @Test("Diebold–Mariano by hand")
  func byHand() {
    // d = 1, 2, 3, 2: mean 2, γ₀ = ½, no lag: V = ½, factor √(3/4), DM = √¾·2/√(1/8) = √24.
    let plain = DieboldMariano([1, 2, 3, 2], lag: 1)
    #expect(plain.difference == 2)
    #expect(isClose(plain.statistic, 24.0.squareRoot(), relative: 1e-14))
    // Lag 2: γ₁ = ((0)(−1) + (1)(0) + (0)(1))/4 = 0, weight ½: V stays ½; factor √((4 + 1 − 4 + ½)/4).
    let lagged = DieboldMariano([1, 2, 3, 2], lag: 2)
    #expect(isClose(lagged.statistic, (1.5 / 4 * 32).squareRoot(), relative: 1e-14))
    #expect(DieboldMariano([0, 0, 0]).pValue == 1)
    #expect(DieboldMariano([1, 1, 1]).pValue == 0)
  }

  /// Autoregressive differences of mean zero, `x ← φ·x + e`.
  private func differences(_ phi: Double, count: Int, _ random: inout SeededGenerator) -> [Double] {
    var x = 0.0
    for _ in 0..<50 { x = phi * x + random.normal() }
    return (0..<count).map { _ in
      x = phi * x + random.normal()
      return x
    }
  }

  @Test(
    "on dependent days the 95 % interval covers 93 to 97 %, and the test rejects 4 to 7 %",
    arguments: [0, 0.15, 0.3], [220, 309])
  func size(_ phi: Double, _ days: Int) {
    var random = SeededGenerator(seed: 11)
    let bootstrap = BlockBootstrap(draws: 600)
    let runs = 1200
    var covered = 0
    var rejected = 0
    for _ in 0..<runs {
      let d = differences(phi, count: days, &random)
      let interval = bootstrap.meanInterval(d)
      if interval.low <= 0, interval.high >= 0 { covered += 1 }
      if DieboldMariano(d).pValue < 0.05 { rejected += 1 }
    }
    let coverage = Double(covered) / Double(runs)
    let size = Double(rejected) / Double(runs)
    #expect((0.93...0.97).contains(coverage), "covers \(coverage)")
    #expect((0.04...0.07).contains(size), "rejects \(size)")
  }
}
