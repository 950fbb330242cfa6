import Numerics
import TestSupport
import Testing

@testable import Studies

@Suite("How sure a value is") struct CertaintyTests {
  private static let years = 15

  private func terms(perKWh: Double = 100) -> FinanceTerms {
    FinanceTerms(
      capital: CapitalCosts(perKWh: perKWh), operation: OperationCosts(capitalShare: 0),
      years: Self.years)
  }

  private func project(
    saving: Double, perKWh: Double = 100, capacities: [Double]? = nil
  ) -> (facts: ProjectFacts, slopes: ProjectSlopes) {
    let life = ProjectLife(
      years: (0..<Self.years).map { place in
        let capacity = capacities?[place] ?? 1
        return LifetimeYear(
          year: place + 1, isReplayed: place == 0, startCapacity: capacity, endCapacity: capacity,
          meanCapacity: capacity, resistance: 1, saving: saving * capacity, dischargedKWh: 0,
          chargingCost: 0, replacements: 0, replacedKWh: 0)
      })
    let facts = ProjectFacts(
      energyKWh: 10, powerKW: 5, price: 10 * perKWh, savings: life.years.map(\.saving),
      replacedKWh: [Double](repeating: 0, count: Self.years),
      dischargedKWh: [Double](repeating: 0, count: Self.years),
      chargingCosts: [Double](repeating: 0, count: Self.years))
    let terms = terms(perKWh: perKWh)
    return (
      facts,
      ProjectSlopes(
        facts, accounts: ProjectAccounts(facts, terms: terms), life: life, terms: terms)
    )
  }

  /// A year of monthly savings: a wave of the year, and luck with a long tail to one side.
  private func year(_ random: inout SeededGenerator) -> [(month: Int, amount: Double)] {
    (1...12).map { month in
      let wave = 8 * cosine(Double(month - 1) * Double.pi / 6)
      let luck = random.normal()
      return (month, 20 + wave + 4 * luck + 1.5 * (luck * luck - 1))
    }
  }

  // One year is replayed; the project lives through fifteen others of the same site. Its value with them is held
  // against the range from the one year. 200 such projects: four in five within, ± 5 points.
  @Test("the range of values holds four unseen projects in five") func calibration() throws {
    var random = SeededGenerator(seed: 11)
    var inside = 0
    for draw in 0..<200 {
      let seen = year(&random)
      let saving = seen.reduce(0) { $0 + $1.amount }
      let project = project(saving: saving).slopes
      let range = try #require(
        ValueRange(savings: seen, project: project, seed: UInt64(draw)))
      let truth = project.weights.reduce(project.flow[0]) { value, weight in
        value + weight * year(&random).reduce(0) { $0 + $1.amount }
      }
      if range.p10 <= truth, truth <= range.p90 { inside += 1 }
    }
    #expect((150...170).contains(inside), "\(inside) of 200")
  }

  @Test("another year's saving lies in its range four times in five") func anotherYear() throws {
    var random = SeededGenerator(seed: 12)
    var inside = 0
    for draw in 0..<200 {
      let seen = year(&random)
      let saving = seen.reduce(0) { $0 + $1.amount }
      let range = try #require(
        ValueRange(savings: seen, project: project(saving: saving).slopes, seed: UInt64(draw)))
      let other = year(&random).reduce(0) { $0 + $1.amount }
      if abs(other - saving) <= range.yearHalfWidth { inside += 1 }
    }
    #expect((150...172).contains(inside), "\(inside) of 200")
  }

  /// Months that save the same every year, apart from a wave that a wave of the year takes out.
  private static let even = (1...12).map { (month: $0, amount: 20.0) }

  // 240 a year for 15 years at 5 %: 10.379658 · 240 = 2491.118, less 1000.
  @Test("without luck and ranges the value is certain, and so is the payback") func certain() throws
  {
    let project = project(saving: 240).slopes
    let range = try #require(ValueRange(savings: Self.even, project: project, seed: 1))
    #expect(isClose(range.p10, 1491.118, absolute: 1e-2))
    #expect(range.p10 == range.p90 && range.gainProbability == 1)
    // 1000/240 = 4.17: within the fifth year.
    #expect(isClose(range.paybackShares[4], 1, absolute: 1e-9))
    let loss = try #require(
      ValueRange(
        savings: Self.even, project: self.project(saving: 240, perKWh: 300).slopes, seed: 1))
    #expect(loss.gainProbability == 0)
    // 3000/240 = 12.5 years, without interest.
    #expect(isClose(loss.paybackShares[12], 1, absolute: 1e-9))
  }

  // Capital off by up to a tenth of 1000, evenly: p10 and p90 lie 80 below and above.
  @Test("a stated range of the capital is in the range of the value") func capital() throws {
    let project = project(saving: 240).slopes
    let range = try #require(
      ValueRange(
        savings: Self.even, project: project, uncertainty: Uncertainty(capital: 0.1), seed: 1))
    #expect(isClose(range.p90 - range.p10, 160, relative: 0.06))
    #expect(isClose(range.p50, 1491, absolute: 12))
    #expect(ValueRange(savings: Array(Self.even.dropFirst()), project: project, seed: 1) == nil)
  }

  @Test("the slopes are those of the whole account") func slopes() {
    let (facts, slopes) = project(saving: 240)
    #expect(isClose(slopes.value, 1491.118, absolute: 1e-2))
    var dearer = facts
    dearer.price = 1100
    let other = ProjectAccounts(dearer, terms: terms()).flow.netPresentValue(discountRate: 0.05)
    #expect(isClose(slopes.value(added: [], capital: 0.1), other, absolute: 1e-6))
    // Prices that end a tenth higher rise by a tenth of the way each year: 24·Σ y/15·1.05⁻ʸ.
    var sum = 0.0
    var discount = 1.0
    for year in 1...15 {
      discount /= 1.05
      sum += 24 * Double(year) / 15 * discount
    }
    let added = slopes.added(prices: 0.1)
    #expect(isClose(slopes.value(added: added, capital: 0) - slopes.value, sum, absolute: 1e-6))
    // Half as much fade again, where a tenth is lost: 0.9 becomes 0.85, as does the saving.
    let faded = project(saving: 240, capacities: [Double](repeating: 0.9, count: 15)).slopes
    let lost = faded.added(fade: 0.5)
    #expect(isClose(lost[0], 240 * (0.85 - 0.9), absolute: 1e-9))
  }

  @Test("the tornado has the widest bar first and says which swings were assumed")
  func tornado() throws {
    let (facts, slopes) = project(saving: 240)
    let bars = Tornado(
      facts, terms: terms(), project: slopes, range: nil, uncertainty: Uncertainty(capital: 0.3)
    ).bars
    #expect(bars.map(\.name) == ["capital", "discount rate", "prices by the last year"])
    #expect(isClose(bars[0].low, slopes.value - 300, absolute: 1e-6))
    #expect(isClose(bars[0].high, slopes.value + 300, absolute: 1e-6))
    #expect(bars[0].swing == "± 30 %" && bars[2].swing == "± 10 %, assumed")
    // 240 over 15 years at 6 % and 4 %: 9.712249 and 11.118387.
    #expect(isClose(bars[1].low, 240 * 9.712249 - 1000, absolute: 1e-2))
    #expect(isClose(bars[1].high, 240 * 11.118387 - 1000, absolute: 1e-2))
  }
}
