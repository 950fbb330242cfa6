import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

/// One month by hand for every rule on power.
@Suite("Rules on power") struct DemandRuleTests {
  /// Hours from 2023-01-01 in UTC, a Sunday.
  private func grid(days: Int) -> TimeGrid {
    TimeGrid(
      start: CivilCalendar.days(year: 2023, month: 1, day: 1) * 86_400, stepSeconds: 3600,
      count: days * 24)
  }

  /// 1 kW always, with the given hours at other powers.
  private func load(_ grid: TimeGrid, _ peaks: [Int: Double]) -> [Double] {
    var load = [Double](repeating: 1, count: grid.count)
    for (hour, power) in peaks { load[hour] = power }
    return load
  }

  private func tariff(
    _ demand: [DemandCharge] = [], contracted: [ContractedPower] = [],
    reactive: [ReactiveCharge] = [], vat: DatedValue = 0
  ) throws -> Tariff {
    try Tariff(
      name: "t", currency: "EUR", vatFraction: vat,
      energy: [.flat("energy", pricePerKWh: 0)], demand: demand, contracted: contracted,
      reactive: reactive)
  }

  private func months(_ tariff: Tariff, _ grid: TimeGrid, _ load: [Double]) throws -> [Double] {
    try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil).bill(
      importKW: load, exportKW: [Double](repeating: 0, count: grid.count)
    ).months.map(\.demand)
  }

  private func flat(
    _ price: DatedValue = 10, _ measure: DemandMeasure = .monthlyPeak, unit: DemandUnit = .month,
    ratchet: DemandRatchet? = nil, minimumKW: Double = 0, capPerKWh: Double? = nil,
    events: [DemandEvent]? = nil, powerFactor: PowerFactorRule? = nil
  ) -> DemandCharge {
    DemandCharge(
      "demand", periods: [DemandPeriod("all", pricePerKW: price)], measure: measure,
      meteringSeconds: 3600, unit: unit, ratchet: ratchet, minimumKW: minimumKW,
      capPerKWh: capPerKWh, events: events, powerFactor: powerFactor)
  }

  private func expect(
    _ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (a, b) in zip(found, expected) {
      #expect(isClose(a, b, absolute: 1e-9), "\(found)", sourceLocation: sourceLocation)
    }
  }

  @Test("a ratchet over flagged months holds up the others") func flaggedMonths() throws {
    let grid = grid(days: 31 + 28 + 31)
    let ratchet = DemandRatchet(fraction: 0.5, lookback: .months([1]))
    // January peaks at 20 kW, February at 4 kW, March at 12 kW.
    let load = load(grid, [5: 20, 31 * 24 + 5: 4, 59 * 24 + 5: 12])
    expect(try months(tariff([flat(ratchet: ratchet)]), grid, load), [200, 100, 120])
  }

  @Test("a ratchet for each period looks back on that period only") func periodRatchet() throws {
    let grid = grid(days: 31 + 28)
    let day = CalendarWindow(times: [ClockSpan(hours: 8, to: 20)])
    func charge(_ scope: DemandRatchet.Scope) -> DemandCharge {
      DemandCharge(
        "demand",
        periods: [
          DemandPeriod("day", window: day, pricePerKW: 10),
          DemandPeriod("night", window: .rest, pricePerKW: 1),
        ], meteringSeconds: 3600,
        ratchet: DemandRatchet(fraction: 0.5, lookback: .range(months: 1), scope: scope))
    }
    // January: day 20, night 6. February: day 4, night 2.
    let load = load(grid, [12: 20, 3: 6, 31 * 24 + 12: 4, 31 * 24 + 3: 2])
    expect(try months(tariff([charge(.period)]), grid, load), [206, 10 * 10 + 3])
    expect(try months(tariff([charge(.floor)]), grid, load), [206, 10 * 10 + 10])
    expect(try months(tariff([charge(.site)]), grid, load), [220, 10 * 10 + 10])
  }

  @Test("contracted power with an overdraw fee") func contracted() throws {
    let grid = grid(days: 31)
    let contract = ContractedPower(
      "contract", contractedKW: 8, pricePerKW: 3, overdrawPricePerKW: 20, meteringSeconds: 3600)
    expect(
      try months(tariff(contracted: [contract]), grid, load(grid, [7: 10.5])),
      [8 * 3 + 2.5 * 20])
    expect(try months(tariff(contracted: [contract]), grid, load(grid, [7: 7])), [24])
  }

  @Test("coincident demand counts during events only") func coincident() throws {
    let grid = grid(days: 31)
    let event = DemandEvent(
      start: CivilTime(year: 2023, month: 1, day: 10, hour: 17),
      end: CivilTime(year: 2023, month: 1, day: 10, hour: 19))
    let load = load(grid, [9 * 24 + 16: 30, 9 * 24 + 18: 7, 9 * 24 + 19: 40])
    expect(try months(tariff([flat(events: [event])]), grid, load), [70])
  }

  @Test("the Belgian fee: mean of monthly peaks of at least 2.5 kW, capped per kWh")
  func capacityFee() throws {
    let grid = grid(days: 31 + 28)
    let charge = flat(
      48, .meanOfMonthlyPeaks(months: 12, earlierPeaksKW: [4, 6]), unit: .year, minimumKW: 2.5)
    // January 8 kW: mean of 4, 6, 8. February 1 kW counts as 2.5: mean of 4, 6, 8, 2.5.
    expect(try months(tariff([charge]), grid, load(grid, [5: 8])), [4 * 6, 4 * 5.125])
    var capped = charge
    capped.capPerKWh = 0.03
    // January imports 744 + 7 kWh: the cap of 22.53 is below 24; February 672 kWh: 20.16.
    expect(
      try months(tariff([capped], vat: 0.06), grid, load(grid, [5: 8])),
      [751 * 0.03 * 1.06, 672 * 0.03 * 1.06])
  }

  @Test("a year comes to its highest peak times the yearly price, rises paid when they happen")
  func yearlyPeak() throws {
    let grid = grid(days: 365 + 31)
    // 120 a year are 10 a month. January 4 kW: 40. March 7 kW: 70 and 3 kW for two months before.
    // October 6 kW changes nothing. The next January starts anew.
    let load = load(grid, [5: 4, 60 * 24: 7, 280 * 24: 6, 365 * 24: 2])
    let found = try months(tariff([flat(120, .yearlyPeak, unit: .year)]), grid, load)
    expect(found, [40, 40, 130] + [Double](repeating: 70, count: 9) + [20])
    expect([found[..<12].reduce(0, +)], [120 * 7])
    // A minimum of 5 kW is paid from the start.
    let least = try months(tariff([flat(120, .yearlyPeak, unit: .year, minimumKW: 5)]), grid, load)
    expect(Array(least[..<3]), [50, 50, 70 + 2 * 20])
  }

  @Test("what a month alone decides and what other months decide as well are told apart")
  func overMonths() throws {
    let grid = grid(days: 31 + 28)
    var year = flat(120, .yearlyPeak, unit: .year)
    year.name = "year"
    var held = flat(10, ratchet: DemandRatchet(fraction: 0.5, lookback: .range(months: 11)))
    held.name = "held"
    let tariff = try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0)],
      demand: [flat(), year, held],
      minimums: [
        MinimumCharge("monthly minimum", amount: 100, unit: .month),
        MinimumCharge("yearly minimum", amount: 12_000, unit: .year),
      ])
    let bill = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil).bill(
      importKW: load(grid, [5: 4]), exportKW: [Double](repeating: 0, count: grid.count))
    // January: 4 kW thrice. February: 1 kW, the year's 4 kW, half of January's.
    expect(bill.months.map(\.demand), [120, 70])
    // The year's minimum of two months is 2 000, of which 190 are billed; February's own tops up 30.
    expect(bill.months.map(\.monthlyDemand), [40, 10 + 30])
    expect(bill.months.map(\.overMonths), [80, 60 + 1810])
    expect(bill.months.map { $0.total - $0.monthlyDemand - $0.overMonths }, [0, 0])
  }

  @Test("a plan pays a new yearly peak for every month that is billed, and none below the year's")
  func yearlyPeakPlanned() throws {
    let grid = grid(days: 31 + 28 + 31)
    let tariff = try tariff([flat(120, .yearlyPeak, unit: .year)])
    let schedule = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil)
    var meter = BillingMeter(schedule)
    let load = load(grid, [5: 4, 40 * 24: 3])
    for slot in 0..<45 * 24 { meter.record(slot: slot, importKW: load[slot], exportKW: 0) }
    let row = try #require(
      PlanningTariff(tariff, grid: grid, zone: .utc).prices(
        over: 45 * 24..<46 * 24, spotPerKWh: nil, meter: meter, peakPricing: .fullPrice
      ).demands.first)
    #expect(row.incurredKW == 4)
    #expect(isClose(row.pricePerKW, 30, absolute: 1e-12))
  }

  @Test("reactive power above a free share, and a power factor on demand") func reactive() throws {
    let grid = grid(days: 31)
    let charge = ReactiveCharge(
      "reactive", assumedPowerFactor: 0.8, freeFraction: 0.3, pricePerKVAr: 9,
      meteringSeconds: 3600)
    // At 0.8 there are 0.75 kVAr per kW, of which 0.45 are billed.
    expect(try months(tariff(reactive: [charge]), grid, load(grid, [5: 20])), [20 * 0.45 * 9])
    let rule = PowerFactorRule(assumed: 0.8, required: 0.9)
    expect(
      try months(tariff([flat(powerFactor: rule)]), grid, load(grid, [5: 20])),
      [20 * 0.9 / 0.8 * 10])
    let good = PowerFactorRule(assumed: 0.95, required: 0.9)
    expect(try months(tariff([flat(powerFactor: good)]), grid, load(grid, [5: 20])), [200])
  }

  /// Billed is 0.9 / 0.8 of what is metered: up to 90 kW at 5, above at 8.
  ///
  /// That is 80 kW at the meter, so a month of 100 kW costs 90 · 5 + 22.5 · 8.
  @Test("plans know blocks of a demand that is billed by a power factor at the meter")
  func plannedBlocks() throws {
    let grid = grid(days: 31)
    var charge = flat(powerFactor: PowerFactorRule(assumed: 0.8, required: 0.9))
    charge.periods = [
      DemandPeriod(
        "all",
        tiers: [DemandTier(upToKW: 90, pricePerKW: 5), DemandTier(pricePerKW: 8)])
    ]
    let tariff = try tariff([charge])
    expect(try months(tariff, grid, load(grid, [5: 100])), [90 * 5 + 22.5 * 8])
    let planning = PlanningTariff(tariff, grid: grid, zone: .utc)
    func rows(_ meteredKW: Double) throws -> [DemandPrice] {
      var meter = BillingMeter(
        try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil))
      let load = load(grid, [5: meteredKW])
      for slot in 0..<24 { meter.record(slot: slot, importKW: load[slot], exportKW: 0) }
      return planning.prices(
        over: 24..<48, spotPerKWh: nil, meter: meter, peakPricing: .fullPrice
      ).demands
    }
    let below = try rows(60)
    expect(below.map(\.incurredKW), [60, 80])
    expect(below.map(\.pricePerKW), [5 * 1.125, 3 * 1.125])
    // 85 kW is billed as 95.6: the first block is paid for.
    let above = try rows(85)
    expect(above.map(\.incurredKW), [85])
    expect(above.map(\.pricePerKW), [8 * 1.125])
  }

  @Test("each day's peak is billed by the day") func daily() throws {
    let grid = grid(days: 3)
    expect(
      try months(
        tariff([flat(0.5, .dailyPeak, unit: .day)]), grid, load(grid, [5: 4, 24 + 6: 3])),
      [0.5 * (4 + 3 + 1)])
  }

  @Test("a price per kW and day is billed for the days of the month") func perDay() throws {
    let grid = grid(days: 31)
    expect(try months(tariff([flat(0.1, unit: .day)]), grid, load(grid, [5: 4])), [0.1 * 31 * 4])
  }

  @Test("nights that count half") func weights() throws {
    let grid = grid(days: 31)
    let charge = DemandCharge(
      "power",
      periods: [
        DemandPeriod(
          "day", window: CalendarWindow(times: [ClockSpan(hours: 6, to: 22)]), pricePerKW: 10),
        DemandPeriod(
          "night", window: .rest, tiers: [DemandTier(pricePerKW: 10)], weight: 0.5),
      ], measure: .meanOfHighest(count: 3, onDifferentDays: true), meteringSeconds: 3600)
    // Days of 10 kW at night (counts 5), 6 kW by day and 4 kW by day.
    let load = load(grid, [2: 10, 24 + 12: 6, 48 + 12: 4])
    expect(try months(tariff([charge]), grid, load), [10 * (6 + 5 + 4) / 3])
  }

  // Bands of 125, 200 and 320 by the mean of the three highest days, as a Norwegian grid fee has them.
  @Test(
    "a fee by steps bills the band of the demand, its upper end included",
    arguments: [
      ([3, 2, 1], 125), ([3.3, 2, 1], 200), ([9, 4, 2], 200), ([9, 4, 2.3], 320),
      ([90, 4, 2], 320),
    ] as [([Double], Double)])
  func steps(days: [Double], amount: Double) throws {
    let grid = grid(days: 31)
    var period = DemandPeriod("all", tiers: [])
    period.steps = [
      DemandStep(upToKW: 2, amount: 125), DemandStep(upToKW: 5, amount: 200),
      DemandStep(amount: 320),
    ]
    let charge = DemandCharge(
      "fee", periods: [period], measure: .meanOfHighest(count: 3, onDifferentDays: true),
      meteringSeconds: 3600)
    let load = load(grid, [5: days[0], 24 + 5: days[1], 48 + 5: days[2]])
    expect(try months(tariff([charge], vat: 0.25), grid, load), [1.25 * amount])
  }

  // From 2 kW at 125 to 5 kW at 200 are 25 a kW, on to the open band at 320 with the same 3 kW 40. What is paid
  // for is free up to the end of its band.
  @Test("plans see the rise from band to band as a price, and the paid band as free")
  func stepPrices()
    throws
  {
    let grid = grid(days: 31)
    var period = DemandPeriod("all", tiers: [])
    period.steps = [
      DemandStep(upToKW: 2, amount: 125), DemandStep(upToKW: 5, amount: 200),
      DemandStep(amount: 320),
    ]
    let tariff = try tariff([DemandCharge("fee", periods: [period], meteringSeconds: 3600)])
    let schedule = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil)
    func rows(afterKW peak: Double) -> [[Double]] {
      var meter = BillingMeter(schedule)
      meter.record(slot: 0, importKW: peak, exportKW: 0)
      return PlanningTariff(tariff, grid: grid, zone: .utc).prices(
        over: 1..<48, spotPerKWh: nil, meter: meter, peakPricing: .fullPrice
      ).demands.map { [$0.incurredKW, $0.pricePerKW] }
    }
    // Plans stay a thousandth below the end of a band.
    #expect(rows(afterKW: 1) == [[2 * 0.999, 25], [5 * 0.999, 15]])
    #expect(rows(afterKW: 3) == [[5 * 0.999, 40]])
    #expect(rows(afterKW: 6) == [])
  }

  // 0.5 · 6² and, after 20 percent of VAT, 21.6. Plans: above 6 kW in steps of an eighth, 0.6 · (6 + 6.75) a kW first and
  // 0.6 · 1.5 more with each step.
  @Test("a squared peak is billed exactly and planned by chords") func squared() throws {
    let grid = grid(days: 31)
    var period = DemandPeriod("all", tiers: [DemandTier(pricePerKW: 0)])
    period.pricePerKW2 = 0.5
    let tariff = try tariff(
      [DemandCharge("square", periods: [period], meteringSeconds: 3600)], vat: 0.2)
    expect(try months(tariff, grid, load(grid, [5: 6])), [21.6])
    let schedule = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil)
    var meter = BillingMeter(schedule)
    meter.record(slot: 0, importKW: 6, exportKW: 0)
    let prices = PlanningTariff(tariff, grid: grid, zone: .utc).prices(
      over: 1..<25, spotPerKWh: nil, meter: meter, peakPricing: .fullPrice)
    expect(prices.demands.map(\.incurredKW), (0...7).map { 6 + 0.75 * Double($0) })
    expect(Array(prices.demands.map(\.pricePerKW).prefix(3)), [7.65, 0.9, 0.9])
    // At the ends of the steps the chords are the square: 0.6 · (9² − 6²).
    var planned = [Double](repeating: 0, count: 24)
    planned[3] = 9
    expect(
      [prices.cost(importKW: planned, exportKW: planned.map { _ in 0 }, stepHours: 1)], [0.6 * 45])
  }

  // Days of 9, 4 and 2 kW: their mean of 5 kW is the end of the second band. Another day replaces the third highest:
  // up to 2 kW it is free, above the mean is in the third band, whose rise of 40 a kW counts by a third. On the
  // first day of a month its own power stands for the days to come; after a day of 3 kW the second of two like
  // it leaves 5 kW at (15 − 3) / 2 = 6.
  @Test("plans see the bands of a mean of three days at the power of one day") func meanSteps()
    throws
  {
    let grid = grid(days: 31)
    var period = DemandPeriod("all", tiers: [])
    period.steps = [
      DemandStep(upToKW: 2, amount: 125), DemandStep(upToKW: 5, amount: 200),
      DemandStep(amount: 320),
    ]
    let tariff = try tariff([
      DemandCharge(
        "fee", periods: [period], measure: .meanOfHighest(count: 3, onDifferentDays: true),
        meteringSeconds: 3600)
    ])
    let schedule = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil)
    func rows(after days: [Double]) -> [[Double]] {
      var meter = BillingMeter(schedule)
      for slot in 0..<days.count * 24 {
        meter.record(slot: slot, importKW: slot % 24 == 5 ? days[slot / 24] : 0, exportKW: 0)
      }
      return PlanningTariff(tariff, grid: grid, zone: .utc).prices(
        over: days.count * 24..<days.count * 24 + 24, spotPerKWh: nil,
        meter: days.isEmpty ? nil : meter, peakPricing: .fullPrice
      ).demands.map {
        [($0.incurredKW * 1e9).rounded() / 1e9, ($0.pricePerKW * 3e9).rounded() / 1e9]
      }
    }
    // Plans stay a thousandth below the end of a band.
    #expect(rows(after: [9, 4, 2]) == [[2, 40]])
    #expect(rows(after: []) == [[1.998, 25], [4.995, 15]])
    #expect(rows(after: [3]) == [[1.497, 25], [5.9925, 15]])
  }

  @Test("the mean of highest intervals may take them from one day") func sameDay() throws {
    let grid = grid(days: 31)
    let load = load(grid, [5: 9, 6: 8, 7: 7, 30: 6])
    expect(
      try months(
        tariff([flat(10, .meanOfHighest(count: 3, onDifferentDays: false))]), grid, load), [80])
  }

  @Test("of equal peaks the first period of the charge is billed") func tie() throws {
    let grid = grid(days: 31)
    let charge = DemandCharge(
      "demand",
      periods: [
        DemandPeriod(
          "day", window: CalendarWindow(times: [ClockSpan(hours: 8, to: 20)]), pricePerKW: 3),
        DemandPeriod("night", window: .rest, pricePerKW: 7),
      ], measure: .singlePeak, meteringSeconds: 3600)
    expect(try months(tariff([charge]), grid, load(grid, [3: 5, 10: 5])), [15])
  }

  @Test("the price in force on the first billed day of a month counts") func dated() throws {
    let grid = grid(days: 31 + 28)
    let change = CivilCalendar.days(year: 2023, month: 1, day: 15)
    let price = DatedValue(steps: [
      .init(fromDay: .min, value: 10), .init(fromDay: change, value: 20),
    ])
    expect(
      try months(tariff([flat(price)]), grid, load(grid, [30 * 24: 5, 40 * 24: 5])), [50, 100])
  }
}
