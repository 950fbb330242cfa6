import Diagnostics
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries

@testable import Studies
@testable import Twin

@Suite("Battery sizing") struct SizingTests {
  /// Two days of 1 kW with 0.10 EUR/kWh before noon and 0.30 EUR/kWh after it.
  private func study(
    _ settings: SizingSettings, loadKW: [[Double]] = [[1, 1, 1, 1], [1, 1, 1, 1]],
    wearPerKWh: Double = 0, tariff: Tariff? = nil, from: Int = PaperSite.monday
  ) throws -> SizingStudy {
    var settings = settings
    if SizingSettings.wholeYears(
      in: TimeGrid(start: from, stepSeconds: 86_400, count: loadKW.count)) == nil
    {
      settings.period = .scaleToYear
    }
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: loadKW, from: from), tariff: tariff ?? PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1),
      settings: PaperSite.settings(wearPerKWh: wearPerKWh))
    return try SizingStudy(
      SizingWork(
        replay, version: PaperSite.version(.perfect), settings: settings,
        twinOfSize: { try PaperSite.battery(capacityKWh: $0, powerKW: $1) }), threads: 1)
  }

  // Each kWh moved from before to after noon saves 0.20. 6 kWh save 1.20 a day, 12 kWh 2.40, and
  // more is of no use to a load of 1 kW. 365 days: 438 and 876 a year.
  private let prices = SizingSettings(
    energiesKWh: [6, 12], powersKW: [1],
    finance: FinanceTerms(
      capital: CapitalCosts(perKWh: 100, perKW: 50, fixed: 30),
      operation: OperationCosts(capitalShare: 0.01), years: 3, escalationRate: 0.02))

  /// Prices without operation and interest.
  private static func plain(perKWh: Double, perKW: Double = 0, years: Int) -> FinanceTerms {
    FinanceTerms(
      capital: CapitalCosts(perKWh: perKWh, perKW: perKW),
      operation: OperationCosts(capitalShare: 0), years: years, discountRate: 0)
  }

  @Test("capital has a part per kWh, one per kW and one whatever the size")
  func capital() {
    #expect(prices.finance.capital.price(energyKWh: 6, powerKW: 1) == 30 + 600 + 50)
    #expect(prices.finance.capital.price(energyKWh: 0, powerKW: 0) == 30)
    #expect(prices.finance.replacementPerKWh == 100)
  }

  @Test("savings, operation and escalation make the flow, its value and its payback")
  func flow() throws {
    let study = try study(prices)
    #expect(study.yearFactor == 182.5)
    let small = study.candidates[1]
    #expect(isClose(small.year1Savings, 438, absolute: 1e-3))
    // Year 1: 438 − 1 % of 680; the savings, not the operation, grow by 2 % a year from year 2.
    let amounts = [-680, 431.2, 438 * 1.02 - 6.8, 438 * 1.0404 - 6.8]
    for (found, expected) in zip(small.accounts.flow.amounts, amounts) {
      #expect(isClose(found, expected, absolute: 1e-3))
    }
    #expect(small.accounts.flow.amounts.count == 4)
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
    #expect(isClose(study.candidates[2].netPresentValue, 1117.1704, absolute: 2e-3))
    #expect(study.bestIndex == 2)
    for candidate in study.candidates {
      #expect(candidate.oracleNetPresentValue == candidate.netPresentValue)
    }
    var plain = prices
    plain.withOracle = false
    #expect(try self.study(plain).candidates.allSatisfy { $0.oracleNetPresentValue == nil })
  }

  @Test("doing without is the first candidate, and wins where nothing pays")
  func nothing() throws {
    var dear = prices
    dear.finance.capital.perKWh = 1000
    for (settings, best) in [(prices, 2), (dear, 0)] {
      let study = try study(settings)
      let none = study.candidates[0]
      #expect(none.isNoBattery && none.energyKWh == 0 && none.powerKW == 0 && none.capital == 0)
      #expect(
        none.year1Savings == 0 && none.netPresentValue == 0 && none.oracleNetPresentValue == 0)
      #expect(none.paybackYears == nil && none.internalRateOfReturn == nil)
      #expect(none.accounts.flow.amounts == [0, 0, 0, 0])
      #expect(study.bestIndex == best)
      #expect(study.flatRegion == [best])
    }
    // A battery that just earns its price back is not worth the trouble.
    let even = SizingSettings(
      energiesKWh: [6], powersKW: [1], finance: Self.plain(perKWh: 0, years: 1))
    let idle = try study(even, loadKW: [[0, 0, 0, 0], [0, 0, 0, 0]])
    // It loses nothing either, so it may fill up at the price its energy is worth at the end; what is
    // left of resistance costs less than a hundred-thousandth.
    #expect(isClose(idle.candidates[1].netPresentValue, 0, absolute: 1e-5))
    #expect(idle.bestIndex == 0)
  }

  @Test(
    "a year is 365 or 366 days, give or take one, or several of them",
    arguments: [
      (365, 1), (366, 1), (364, nil), (367, nil), (731, 2), (730, 2), (1096, 3), (59, nil),
      (180, nil), (0, nil),
    ] as [(Int, Int?)])
  func wholeYears(days: Int, expected: Int?) {
    let period = TimeGrid(start: 0, stepSeconds: 86_400, count: days)
    #expect(SizingSettings.wholeYears(in: period) == expected)
    #expect((prices.refusal(of: period) == nil) == (expected != nil))
  }

  @Test("a part of a year is refused, and scaled where the settings say so")
  func refusal() throws {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1]]), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    let error = #expect(throws: InputError.self) {
      try SizingStudy(
        SizingWork(
          replay, version: PaperSite.version(.perfect), settings: prices,
          twinOfSize: { try PaperSite.battery(capacityKWh: $0, powerKW: $1) }), threads: 1)
    }
    #expect(
      error?.diagnostics.first?.message
        == "'size' needs a period of whole years, found 1 day; 'period: scale_to_year' in 'size' "
        + "lets them stand for a year")
    #expect(try study(prices).wholeYears == nil)
  }

  /// A year of days of 1 kW; in months of an even number nothing is used after noon.
  private static func year(isUneven: Bool) -> [[Double]] {
    (0..<365).map { day in
      let month = CivilCalendar.date(fromDays: PaperSite.midnight(month: 6, day: 1) / 86_400 + day)
        .month
      return isUneven && month % 2 == 0 ? [1, 1, 0, 0] : [1, 1, 1, 1]
    }
  }

  // 6 kWh move past noon and save 1.20 on each of 365 days: 30 or 31 days a month, 36 or 37.20, 33.60 in
  // February. About their mean and a wave of the year they hardly spread.
  @Test("a year whose months are alike has its range close to its value")
  func evenYear() throws {
    let study = try study(
      prices, loadKW: Self.year(isUneven: false), from: PaperSite.midnight(month: 6, day: 1))
    #expect(study.wholeYears == 1 && study.yearFactor == 1)
    let small = study.candidates[1]
    #expect(isClose(small.year1Savings, 438, absolute: 1e-3))
    let range = try #require(small.range)
    #expect(range.p10 < range.p50 && range.p50 < range.p90)
    #expect(isClose(range.p50, small.netPresentValue, absolute: 2))
    #expect(range.p90 - range.p10 < 0.05 * 438 * 3)
    #expect(study.flatRegion == [2])
    let part = try #require(small.againstBest)
    // 517.4959 − 1117.1704, over an annuity of 1/1.05 + 1.02/1.1025 + 1.0404/1.157625.
    #expect(isClose(part.difference, -599.6745, absolute: 5e-3))
    #expect(try #require(part.halfWidth) < 30)
  }

  // Months save 37.20 or 36 in turn with nothing: residuals of ±18 about the mean and a wave that such
  // months do not follow, so σ² = 12·12·18²/9, σ = 72 a year of 220. One year, one replayed year, no
  // interest: S ± σ·(t(9) + normal). The standard deviation of t(9) + normal is √(9/7 + 1) = 1.512; its
  // 90 % quantile lies near 1.28·1.512 = 1.94, a little less for the heavy tails.
  @Test("months that differ spread the value as Student's t says")
  func unevenYear() throws {
    let settings = SizingSettings(
      energiesKWh: [6], powersKW: [1], finance: Self.plain(perKWh: 10, years: 1))
    let candidate = try study(
      settings, loadKW: Self.year(isUneven: true), from: PaperSite.midnight(month: 6, day: 1)
    ).candidates[1]
    let range = try #require(candidate.range)
    #expect(isClose(range.p50, candidate.netPresentValue, absolute: 8))
    #expect(isClose(range.p90 - range.p10, 2 * 72 * 1.9, relative: 0.08))
  }

  // 6 kWh with 1 kW and with 2 kW save the same on every day; they differ in 1 and in 500 of capital.
  @Test("sizes are compared on the same months: what differs by more than its interval is no match")
  func flatRegion() throws {
    var settings = SizingSettings(
      energiesKWh: [6], powersKW: [1, 2, 501],
      finance: Self.plain(perKWh: 10, perKW: 1, years: 2))
    let load = Self.year(isUneven: true)
    let from = PaperSite.midnight(month: 6, day: 1)
    let study = try study(settings, loadKW: load, from: from)
    #expect(study.bestIndex == 1)
    // The ranges of all three overlap by far, but the months of the pairs are equal.
    #expect(study.flatRegion == [1])
    // Equal candidates: the first one is the best, both are as good.
    settings.powersKW = [2, 2]
    let twins = try self.study(settings, loadKW: load, from: from)
    #expect(twins.bestIndex == 1)
    #expect(twins.flatRegion == [1, 2])
  }

  @Test("wear is not paid on top of what replaces the battery")
  func wear() throws {
    let candidate = try study(prices, wearPerKWh: 0.02).candidates[1]
    // 6 kWh a day at 0.02 EUR/kWh.
    #expect(isClose(candidate.run.wearCost, 0.24, absolute: 1e-6))
    #expect(isClose(candidate.year1Savings, 438, absolute: 1e-3))
    #expect(isClose(candidate.netPresentValue, 517.4959, absolute: 1e-3))
  }

  @Test("what saves less than its operation never pays back")
  func never() throws {
    var dear = prices
    dear.finance.operation.capitalShare = 1
    let candidate = try study(dear).candidates[1]
    #expect(candidate.paybackYears == nil)
    #expect(candidate.discountedPaybackYears == nil)
    #expect(candidate.internalRateOfReturn == nil)
    // −680 − 242/1.05 − (680 − 446.76)/1.1025 − (680 − 455.6952)/1.157625.
    #expect(isClose(candidate.netPresentValue, -1315.7947, absolute: 1e-3))
  }

  /// A candidate of 6 kWh whose battery used up a share of its life in a year.
  private func candidate(
    lifePerYear: Double, lifetimeYears: Int, escalationRate: Double = 0,
    leftPerYear: Double? = nil
  ) throws -> SizingCandidate {
    let battery = try PaperSite.battery(capacityKWh: 6, powerKW: 1)
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1]]), tariff: PaperSite.dayAndNight(), battery: battery)
    let replayer = Replayer(replay)
    let planned = try replayer.run(.planned(PaperSite.version(.perfect)))
    let none = try replayer.run(.noBattery)
    let site = SizingSite(replay)
    var run = SizedRun(
      planned, at: 0, site,
      battery: BatteryChoice(energyKWh: 6, powerKW: 1, twin: battery))
    run.years = [
      SizedRun.Year(year: 1, replayed: ReplayedYear(planned, without: none, yearFactor: 1))
    ]
    run.lifeUsedFraction = lifePerYear
    run.leftLifeUsedFraction = leftPerYear
    return try SizingCandidate(
      run, none: SizedRun(none, at: 0, site, battery: nil), yearFactor: 1,
      settings: SizingSettings(
        energiesKWh: [6], powersKW: [1],
        finance: FinanceTerms(
          capital: CapitalCosts(perKWh: 100), operation: OperationCosts(capitalShare: 0),
          replacementPerKWh: 80, years: lifetimeYears, escalationRate: escalationRate)), seed: 1)
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

  // Cells that were at 85 % and end at 80 % have a quarter of a life: at 0.1 of a life a year it is used up after 2.5
  // years, and the new ones after them last ten, to 12.5 and 22.5 years.
  @Test(
    "cells that were not new are replaced when what they had left is used up, and new ones follow them",
    arguments: [
      (0.1, 0.4, 15, [3, 13]), (0.1, 0.4, 25, [3, 13, 23]), (0.1, 0.1, 15, [10]),
      // Less than a year of life left, and exactly the years of the project.
      (0.05, 2, 15, [1]), (0.1, 0.2, 5, []), (0.1, 0.2, 15, [5]),
      // New cells beside old ones may lose more than those that come to their end first.
      (0.2, 0.25, 15, [4, 9, 14]),
    ] as [(Double, Double, Int, [Int])])
  func agedReplacementYears(
    lifePerYear: Double, leftPerYear: Double, lifetimeYears: Int, expected: [Int]
  ) throws {
    let candidate = try candidate(
      lifePerYear: lifePerYear, lifetimeYears: lifetimeYears, leftPerYear: leftPerYear)
    #expect(candidate.replacementYears == expected)
  }

  @Test("a battery that starts at the end of its life is refused") func overAged() throws {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1]]), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    var settings = prices
    settings.period = .scaleToYear
    func sized(_ capacity: Double, _ ageing: AgeingSpecification?) throws {
      _ = try SizingStudy(
        SizingWork(
          replay, version: PaperSite.version(.perfect), settings: settings,
          twinOfSize: { _, _ in
            try BatterySystemSpecification(
              arrangement: .cells(series: 4, parallel: 1), converter: .ideal(ratedKW: 1),
              ageing: ageing
            ).with(ModuleCondition(name: "old", capacityFactor: capacity)).twin()
          }), threads: 1)
    }
    try sized(0.81, AgeingSpecification())
    try sized(0.7, nil)
    let error = #expect(throws: InputError.self) { try sized(0.8, AgeingSpecification()) }
    #expect(
      error?.diagnostics.first?.message
        == "cells of the battery start at or below 'end_of_life_fraction', so 'size' has no life to "
        + "count; lower it")
  }

  @Test("a year pays for every replacement in it")
  func replacementMoney() throws {
    // 1.20 a year of savings; 480 for each set of cells: one in year 1, two in year 2, one in year 3.
    let candidate = try candidate(lifePerYear: 1.6, lifetimeYears: 3)
    for (found, expected) in zip(candidate.accounts.flow.amounts, [-600, -478.8, -958.8, -478.8]) {
      #expect(isClose(found, expected, absolute: 1e-5))
    }
    // −600 − 478.8/1.05 − 958.8/1.1025 − 478.8/1.157625.
    #expect(isClose(candidate.netPresentValue, -2339.2653, absolute: 1e-3))
    // Every year is counted, however many there are.
    let worn = try self.candidate(lifePerYear: 300.5, lifetimeYears: 2)
    #expect(worn.replacementYears.count == 600)
    #expect(isClose(worn.accounts.flow.amounts[1], 1.2 - 300 * 480, absolute: 1e-5))
    #expect(isClose(worn.accounts.flow.amounts[2], 1.2 - 300 * 480, absolute: 1e-5))
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

extension BatterySystemSpecification {
  /// The battery with a module that is not like new.
  fileprivate func with(_ module: ModuleCondition) -> BatterySystemSpecification {
    var copy = self
    copy.modules = [module]
    return copy
  }
}
