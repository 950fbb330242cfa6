import Forecasting
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Weights by realised cost") struct MoneyWeightsTests {
  private func costs(_ name: String, _ byDay: [Double]) -> RealisedCosts {
    RealisedCosts(name: name, firstDay: 100, byDay: byDay)
  }

  // A costs 0 for a week and 1 from then on, B the other way round; a window of seven days. After k days of the
  // second kind A is behind by 2k − 7, and the seven differences, k of +1 and 7 − k of −1, have the deviation
  // sqrt((7 − (2k − 7)² / 7) / 6). Times sqrt(7) that is 2.83 for k = 4, more than the 1 that A is behind, and
  // 2.58 for k = 5, less than 3.
  @Test("the cheapest of the window takes over when it is ahead by more than one deviation")
  func hysteresis() {
    let days = 16
    let a = costs("a", (0..<days).map { $0 < 7 ? 0 : 1 })
    let b = costs("b", (0..<days).map { $0 < 7 ? 1 : 0 })
    let weights = MoneyWeights(.selected, of: [a, b], windowDays: 7)
    #expect(weights.byDay[..<7].allSatisfy { $0 == [0.5, 0.5] })
    #expect(weights.byDay[7..<12].allSatisfy { $0 == [1, 0] })
    #expect(weights.byDay[12...].allSatisfy { $0 == [0, 1] })
    #expect(weights.changes == 1)
    #expect(isClose(weights.shares[0], (3.5 + 5) / 16, absolute: 1e-12))
    #expect(isClose(weights.shares[1], (3.5 + 4) / 16, absolute: 1e-12))
  }

  // Months of two days in which B costs 1 less than the stand-by A each, give or take a hair: after three closed
  // ones Student's quantile of two degrees of freedom at 0.95 is 2.92, and the mean of 1 is many deviations.
  // After one more month in which B costs 2 more it is still 1 ahead in sum and stays; after another it is behind, and
  // A comes back.
  @Test("where months decide the stand-by is left for what is surely cheaper, and comes back")
  func months() {
    let a = RealisedCosts(
      name: "a", firstDay: 100, byDay: [Double](repeating: 5, count: 13),
      monthEnds: [2, 4, 6, 8, 10, 12])
    let days = [4.5, 4.5, 4.51, 4.5, 4.49, 4.5, 6, 6, 6, 6, 5, 5, 5]
    let b = RealisedCosts(name: "b", firstDay: 100, byDay: days, monthEnds: a.monthEnds)
    let weights = MoneyWeights(.selected, of: [a, b], windowDays: 56, standBy: 0)
    #expect(weights.byDay[..<6].allSatisfy { $0 == [1, 0] })
    #expect(weights.byDay[6..<8].allSatisfy { $0 == [0, 1] })
    #expect(weights.byDay[8..<10].allSatisfy { $0 == [0, 1] })
    #expect(weights.byDay[10...].allSatisfy { $0 == [1, 0] })
    // Without a stand-by all count alike until three months are closed.
    let free = MoneyWeights(.selected, of: [a, b], windowDays: 56)
    #expect(free.byDay[..<6].allSatisfy { $0 == [0.5, 0.5] })
    #expect(free.byDay[6] == [0, 1])
  }

  // Savings of 3, 0.2 and 0.1 have a mean of 1.1 and a deviation of 1.65: 1.16 of its error, less than 2.92.
  @Test("one good month is no reason to leave the stand-by") func oneMonth() {
    let ends = [1, 2, 3]
    let a = RealisedCosts(name: "a", firstDay: 0, byDay: [5, 5, 5, 5], monthEnds: ends)
    let b = RealisedCosts(name: "b", firstDay: 0, byDay: [2, 4.8, 4.9, 5], monthEnds: ends)
    let weights = MoneyWeights(.selected, of: [a, b], windowDays: 56, standBy: 0)
    #expect(weights.byDay.allSatisfy { $0 == [1, 0] })
  }

  // Seven days on which A costs 1 more: η = sqrt(8 ln 2 / 7) / 1 = 0.890038, and A's share is
  // e^(−7η) / (1 + e^(−7η)) = 0.0019651.
  @Test("shares are exponentials of the cost over the window") func exponentials() {
    let a = costs("a", [Double](repeating: 3, count: 9))
    let b = costs("b", [Double](repeating: 2, count: 9))
    let weights = MoneyWeights(.weighted, of: [a, b], windowDays: 7)
    #expect(weights.byDay[6] == [0.5, 0.5])
    for day in [7, 8] {
      #expect(isClose(weights.byDay[day][0], 0.0019651, absolute: 1e-7))
      #expect(isClose(weights.byDay[day][0] + weights.byDay[day][1], 1, absolute: 1e-12))
    }
  }

  @Test("members of equal cost count alike") func equal() {
    let members = ["a", "b", "c"].map { costs($0, [Double](repeating: 1, count: 20)) }
    let weighted = MoneyWeights(.weighted, of: members, windowDays: 56)
    #expect(weighted.byDay.allSatisfy { $0.allSatisfy { isClose($0, 1 / 3.0, absolute: 1e-12) } })
    let selected = MoneyWeights(.selected, of: members, windowDays: 56)
    #expect(selected.byDay[19] == [1, 0, 0])
    #expect(selected.changes == 0)
  }

  @Test("what a day and later ones cost moves no weight up to that day", arguments: [8, 13, 19])
  func causal(_ day: Int) {
    func member(_ seed: Int, from changed: Int) -> RealisedCosts {
      costs(
        "\(seed)",
        (0..<20).map { $0 < changed ? Double(($0 * 37 + seed * 11) % 17) : Double($0 * seed) * 9 })
    }
    for rule in [MoneyWeights.Rule.selected, .weighted] {
      let before = MoneyWeights(rule, of: (1...3).map { member($0, from: 20) }, windowDays: 9)
      let after = MoneyWeights(rule, of: (1...3).map { member($0, from: day) }, windowDays: 9)
      #expect(before.byDay[...day] == after.byDay[...day])
    }
  }
}

@Suite("What each day has cost by its end") struct RealisedCostsTests {
  // 0.10 a kWh and 4 a kW of the month's peak. Monday takes 1, 3, 1, 1 kW for six hours each: 36 kWh and a peak
  // of 3 kW, 3.60 + 12. Tuesday takes 24 kWh at 1 kW: 2.40. Wednesday 1, 1, 5, 1 kW: 48 kWh and 2 kW more of
  // peak, 4.80 + 8. The fee of 9 a month falls on no day.
  private func site(_ days: [[Double]]) throws -> ReplayCase {
    let peak = DemandCharge(
      "peak", periods: [DemandPeriod("all", pricePerKW: DatedValue(4))], meteringSeconds: 21_600)
    return try PaperSite.replay(
      PaperSite.history(loadKW: days),
      tariff: PaperSite.flat(
        demand: [peak], fixed: [FixedCharge("fee", amount: DatedValue(9), unit: .month)]),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
  }

  @Test("a new peak of the month falls on its day") func peaks() throws {
    let replay = try site([[1, 3, 1, 1], [1, 1, 1, 1], [1, 1, 5, 1]])
    let outcome = try Replayer(replay).run(.noBattery)
    let realised = try RealisedCosts(outcome, of: replay)
    #expect(realised.name == "no battery")
    #expect(realised.firstDay == PaperSite.monday / 86_400)
    for (found, expected) in zip(realised.byDay, [15.6, 2.4, 12.8]) {
      #expect(isClose(found, expected, absolute: 1e-9))
    }
    #expect(realised.byDay.count == 3)
  }

  @Test("what happens later moves no day before it") func causal() throws {
    let version = PaperSite.version(.naiveDay)
    func realised(_ last: [Double]) throws -> RealisedCosts {
      let replay = try site([[1, 3, 1, 1], [2, 0, 1, 1], last])
      return try RealisedCosts(Replayer(replay).run(.planned(version)), of: replay)
    }
    let calm = try realised([1, 1, 1, 1])
    let wild = try realised([9, 0, 7, 0])
    #expect(calm.byDay[..<2] == wild.byDay[..<2])
    #expect(calm.byDay[2] != wild.byDay[2])
  }

  // Two times of the day without peaks: what the days cost is the cost of the replay, as energy kept is worth
  // the 0.10 of the low price in both.
  @Test("days sum to the cost") func sum() throws {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1], [1, 2, 0, 1]]), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1),
      settings: PaperSite.settings(wearPerKWh: 0.01))
    let outcome = try Replayer(replay).run(.planned(PaperSite.version(.naiveDay)))
    let realised = try RealisedCosts(outcome, of: replay)
    #expect(outcome.wearCost > 0)
    #expect(isClose(realised.byDay.reduce(0, +), outcome.cost, absolute: 1e-6))
  }
}
