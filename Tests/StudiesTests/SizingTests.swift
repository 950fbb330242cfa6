import Diagnostics
import Replay
import SiteSupport
import TestSupport
import Testing

@testable import Studies
@testable import Twin

@Suite("Battery sizing") struct SizingTests {
  /// Two days of 1 kW with 0.10 EUR/kWh before noon and 0.30 EUR/kWh after it.
  private func study(
    _ settings: SizingSettings, loadKW: [[Double]] = [[1, 1, 1, 1], [1, 1, 1, 1]],
    wearPerKWh: Double = 0
  ) throws -> SizingStudy {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: loadKW), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1),
      settings: PaperSite.settings(wearPerKWh: wearPerKWh))
    return try SizingStudy(
      replay, version: PaperSite.version(.perfect), settings: settings,
      twinOfSize: { try PaperSite.battery(capacityKWh: $0, powerKW: $1) }, threads: 1)
  }

  // Each kWh moved from before to after noon saves 0.20. 6 kWh save 1.20 a day, 12 kWh 2.40, and
  // more is of no use to a load of 1 kW. 365 days: 438 and 876 a year.
  private let prices = SizingSettings(
    energiesKWh: [6, 12], powersKW: [1], capitalPerKWh: 100, capitalPerKW: 50, capitalFixed: 30,
    operationShare: 0.01, lifetimeYears: 3, discountRate: 0.05, escalationRate: 0.02)

  @Test("capital has a part per kWh, one per kW and one whatever the size")
  func capital() {
    #expect(prices.capital(energyKWh: 6, powerKW: 1) == 30 + 600 + 50)
    #expect(prices.capital(energyKWh: 0, powerKW: 0) == 30)
    #expect(prices.replacementPerKWh == 100)
  }

  @Test("savings, operation and escalation make the flow, its value and its payback")
  func flow() throws {
    let study = try study(prices)
    #expect(study.yearFactor == 182.5)
    let small = study.candidates[0]
    #expect(isClose(small.year1Savings, 438, absolute: 1e-3))
    // Year 1: 438 − 1 % of 680; the savings, not the operation, grow by 2 % a year from year 2.
    let amounts = [-680, 431.2, 438 * 1.02 - 6.8, 438 * 1.0404 - 6.8]
    for (found, expected) in zip(small.cashFlow.amounts, amounts) {
      #expect(isClose(found, expected, absolute: 1e-3))
    }
    #expect(small.cashFlow.amounts.count == 4)
    // −680 + 431.2/1.05 + 439.96/1.1025 + 448.8952/1.157625.
    #expect(isClose(small.netPresentValue, 517.4959, absolute: 1e-3))
    // (680 − 431.2)/439.96 into the second year.
    #expect(isClose(try #require(small.paybackYears), 1.565506, absolute: 1e-5))
    // 680 − 431.2/1.05 = 269.3333, of 439.96/1.1025 = 399.0567.
    #expect(isClose(try #require(small.discountedPaybackYears), 1.674925, absolute: 1e-5))
    #expect(small.replacementYears.isEmpty)
  }

  @Test("the best candidate has the highest value, and perfect forecasts have no premium")
  func best() throws {
    let study = try study(prices)
    // −1280 + (876 − 12.8)/1.05 + (876·1.02 − 12.8)/1.1025 + (876·1.0404 − 12.8)/1.157625.
    #expect(isClose(study.candidates[1].netPresentValue, 1117.1704, absolute: 2e-3))
    #expect(study.bestIndex == 1)
    for candidate in study.candidates {
      #expect(candidate.oracleNetPresentValue == candidate.netPresentValue)
    }
    var plain = prices
    plain.withOracle = false
    #expect(try self.study(plain).candidates.allSatisfy { $0.oracleNetPresentValue == nil })
  }

  @Test("days that are alike leave no spread, and only the best candidate is the best")
  func certain() throws {
    let study = try study(prices)
    for candidate in study.candidates {
      for value in [
        candidate.netPresentValueP10, candidate.netPresentValueP50, candidate.netPresentValueP90,
      ] {
        #expect(isClose(value, candidate.netPresentValue, absolute: 1e-6))
      }
    }
    #expect(study.flatRegion == [1])
  }

  @Test("wear is not paid on top of what replaces the battery")
  func wear() throws {
    let candidate = try study(prices, wearPerKWh: 0.02).candidates[0]
    // 6 kWh a day at 0.02 EUR/kWh.
    #expect(isClose(candidate.outcome.wearCost, 0.24, absolute: 1e-6))
    #expect(isClose(candidate.year1Savings, 438, absolute: 1e-3))
    #expect(isClose(candidate.netPresentValueP50, 517.4959, absolute: 1e-3))
  }

  // A week in which the battery saves 1.20 a day and a week with no load after noon, in which it
  // saves nothing: 0.60 a day on average. A resampled fortnight is two circular blocks of a week;
  // one draw in 196 takes the same week twice, so that 2000 draws reach from 0 to 1.20, and with
  // two blocks the expanded p10 and p90 are the ends of that range.
  private let uneven =
    [[Double]](repeating: [1, 1, 1, 1], count: 7) + [[Double]](repeating: [1, 1, 0, 0], count: 7)

  @Test("weeks that differ spread the value from the worse week's to the better one's")
  func spread() throws {
    let settings = SizingSettings(
      energiesKWh: [6], powersKW: [1], capitalPerKWh: 100, capitalPerKW: 0, operationShare: 0,
      lifetimeYears: 2, discountRate: 0)
    let candidate = try study(settings, loadKW: uneven).candidates[0]
    #expect(isClose(candidate.netPresentValueP10, -600, absolute: 0.01))
    #expect(isClose(candidate.netPresentValueP50, 2 * 219 - 600, absolute: 0.01))
    #expect(isClose(candidate.netPresentValueP90, 2 * 438 - 600, absolute: 0.01))
    #expect(isClose(candidate.netPresentValue, 2 * 219 - 600, absolute: 0.01))
  }

  @Test("a candidate whose p90 reaches the best value is as good, a dear one is not")
  func flatRegion() throws {
    // The three differ in nothing but 10 and 10000 EUR of capital; the spread is ±438 EUR.
    var settings = SizingSettings(
      energiesKWh: [6], powersKW: [1, 2, 1001], capitalPerKWh: 100, capitalPerKW: 10,
      operationShare: 0, lifetimeYears: 2, discountRate: 0)
    let study = try study(settings, loadKW: uneven)
    #expect(study.bestIndex == 0)
    #expect(study.flatRegion == [0, 1])
    // Equal candidates: the first one is the best, both are as good.
    settings.powersKW = [2, 2]
    let twins = try self.study(settings, loadKW: uneven)
    #expect(twins.bestIndex == 0)
    #expect(twins.flatRegion == [0, 1])
  }

  @Test("what saves less than its operation never pays back")
  func never() throws {
    var dear = prices
    dear.operationShare = 1
    let candidate = try study(dear).candidates[0]
    #expect(candidate.paybackYears == nil)
    #expect(candidate.discountedPaybackYears == nil)
    #expect(candidate.internalRateOfReturn == nil)
    // −680 − 242/1.05 − (680 − 446.76)/1.1025 − (680 − 455.6952)/1.157625.
    #expect(isClose(candidate.netPresentValue, -1315.7947, absolute: 1e-3))
  }

  /// A candidate of 6 kWh whose battery used up a share of its life in a year.
  private func candidate(
    lifePerYear: Double, lifetimeYears: Int, escalationRate: Double = 0
  ) throws -> SizingCandidate {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1]]), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    let replayer = Replayer(replay)
    var planned = try replayer.run(.planned(PaperSite.version(.perfect)))
    var ledger = try #require(planned.ledger)
    ledger.lifeUsedFraction = lifePerYear
    planned.ledger = ledger
    return try SizingCandidate(
      energyKWh: 6, powerKW: 1, planned: planned, oracle: nil,
      noBattery: replayer.run(.noBattery), yearFactor: 1,
      settings: SizingSettings(
        energiesKWh: [6], powersKW: [1], capitalPerKWh: 100, capitalPerKW: 0, operationShare: 0,
        lifetimeYears: lifetimeYears, discountRate: 0.05, escalationRate: escalationRate,
        replacementPerKWh: 80), seed: 1)
  }

  // The k-th battery is used up after k/life years, and replaced in the year that has begun by then.
  @Test(
    "cells are replaced in the year in which each further life is used up",
    arguments: [
      (0, 15, []), (0.05, 15, []), (0.1, 15, [10]), (0.15, 15, [7, 14]),
      // Used up with the project: not replaced at its end.
      (0.2, 15, [5, 10]), (1, 3, [1, 2]),
      // 1.25 and 2.5 years.
      (0.8, 3, [2, 3]),
      // 0.625, 1.25, 1.875 and 2.5 years.
      (1.6, 3, [1, 2, 2, 3]),
      (3, 2, [1, 1, 1, 2, 2]),
    ] as [(Double, Int, [Int])])
  func replacementYears(lifePerYear: Double, lifetimeYears: Int, expected: [Int]) throws {
    let candidate = try candidate(lifePerYear: lifePerYear, lifetimeYears: lifetimeYears)
    #expect(candidate.replacementYears == expected)
  }

  @Test("a year pays for every replacement in it")
  func replacementMoney() throws {
    // 1.20 a year of savings; 480 for each set of cells: one in year 1, two in year 2, one in year 3.
    let candidate = try candidate(lifePerYear: 1.6, lifetimeYears: 3)
    for (found, expected) in zip(candidate.cashFlow.amounts, [-600, -478.8, -958.8, -478.8]) {
      #expect(isClose(found, expected, absolute: 1e-5))
    }
    // −600 − 478.8/1.05 − 958.8/1.1025 − 478.8/1.157625.
    #expect(isClose(candidate.netPresentValue, -2339.2653, absolute: 1e-3))
    // Every year is counted, however many there are.
    let worn = try self.candidate(lifePerYear: 300.5, lifetimeYears: 2)
    #expect(worn.replacementYears.count == 600)
    #expect(isClose(worn.cashFlow.amounts[1], 1.2 - 300 * 480, absolute: 1e-5))
    #expect(isClose(worn.cashFlow.amounts[2], 1.2 - 300 * 480, absolute: 1e-5))
  }

  @Test("a life that is over in hours is refused")
  func absurdLife() throws {
    let error = #expect(throws: InputError.self) {
      try candidate(lifePerYear: 1e12, lifetimeYears: 20)
    }
    #expect(
      error?.diagnostics.first?.message
        == "a battery of 6.0 kWh and 1.0 kW uses up its life 1000000000000.0 times a year; at most "
        + "365 replacements a year are counted, so lower 'end_of_life_fraction'")
  }
}
