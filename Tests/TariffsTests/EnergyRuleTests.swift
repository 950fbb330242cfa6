import Diagnostics
import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

/// Days and months by hand for every rule on energy, export and minimums.
@Suite("Rules on energy") struct EnergyRuleTests {
  /// Hours from 2023-01-01 in UTC, a Sunday.
  private func grid(days: Int, from: (Int, Int, Int) = (2023, 1, 1)) -> TimeGrid {
    TimeGrid(
      start: CivilCalendar.days(year: from.0, month: from.1, day: from.2) * 86_400,
      stepSeconds: 3600, count: days * 24)
  }

  private func bill(
    _ tariff: Tariff, _ grid: TimeGrid, importKW: Double = 1, exportKW: [Double]? = nil,
    spot: [Double]? = nil
  ) throws -> Bill {
    try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: spot).bill(
      importKW: [Double](repeating: importKW, count: grid.count),
      exportKW: exportKW ?? [Double](repeating: 0, count: grid.count))
  }

  private func tiered(_ basis: TierBasis, _ first: Double) -> EnergyCharge {
    EnergyCharge(
      "energy",
      periods: [
        EnergyPeriod(
          "all",
          tiers: [EnergyTier(upTo: first, pricePerKWh: 0.1), EnergyTier(pricePerKWh: 0.3)])
      ], tierBasis: basis)
  }

  @Test(
    "what a tier's limit counts",
    arguments: [
      // January at 2 kW: 1 488 kWh in 31 days, peak 2 kW.
      (TierBasis.kWhPerMonth, 1000.0, 1000.0), (.kWhPerDay, 20, 620), (.kWhPerKW, 100, 200),
      (.kWhPerKWDay, 10, 620),
    ])
  func bases(basis: TierBasis, limit: Double, first: Double) throws {
    let tariff = try Tariff(name: "t", currency: "EUR", energy: [tiered(basis, limit)])
    let total = try bill(tariff, grid(days: 31), importKW: 2).total
    #expect(isClose(total, first * 0.1 + (1488 - first) * 0.3, absolute: 1e-9))
  }

  @Test("a cap and a floor hold the spot formula") func capFloor() throws {
    var period = EnergyPeriod("all", pricePerKWh: 0.12, spotMultiplier: 2.2)
    period.capPerKWh = 0.95
    period.floorPerKWh = 0
    let tariff = try Tariff(
      name: "t", currency: "GBP", vatFraction: 0.05,
      energy: [EnergyCharge("energy", periods: [period])])
    var spot = [Double](repeating: 0.1, count: 24)
    spot[0] = 0.6  // 1.44 is capped
    spot[1] = -0.2  // −0.32 is floored
    let total = try bill(tariff, grid(days: 1), spot: spot).total
    #expect(isClose(total, (0.95 + 0 + 22 * 0.34) * 1.05, absolute: 1e-12))
  }

  @Test("charges with VAT inside are not taxed again") func includedVAT() throws {
    var inside = EnergyCharge.flat("inside", pricePerKWh: 0.2)
    inside.includesVAT = true
    let tariff = try Tariff(
      name: "t", currency: "SEK", vatFraction: 0.25,
      energy: [.flat("outside", pricePerKWh: 0.1), inside],
      export: .fixed(pricePerKWh: 0.5))
    let schedule = try BillingSchedule(tariff, grid: grid(days: 1), zone: .utc, spotPerKWh: nil)
    #expect(isClose(schedule.buyPerKWh[0], 0.1 * 1.25 + 0.2, absolute: 1e-12))
    #expect(schedule.sellPerKWh[0] == 0.5)
  }

  @Test("a holiday on a weekday has its own price") func holidays() throws {
    let energy = EnergyCharge(
      "energy",
      periods: [
        EnergyPeriod("work", window: CalendarWindow(days: .weekday), pricePerKWh: 0.3),
        EnergyPeriod(
          "free", window: CalendarWindow(days: [.saturday, .sunday, .holiday]),
          pricePerKWh: 0.1),
      ])
    let tariff = try Tariff(
      name: "t", currency: "EUR", holidays: HolidayCalendar.country("DE") ?? .none,
      energy: [energy])
    // Thursday 2023-05-18 is Ascension Day.
    let bills = try (17...20).map { day in
      try bill(tariff, grid(days: 1, from: (2023, 5, day))).total
    }
    #expect(zip(bills, [7.2, 2.4, 7.2, 2.4]).allSatisfy { isClose($0, $1, absolute: 1e-9) })
  }

  @Test("hourly settlement nets import and export, and averages spot prices") func settlement()
    throws
  {
    let grid = TimeGrid(
      start: CivilCalendar.days(year: 2023, month: 1, day: 2) * 86_400, stepSeconds: 900,
      count: 4)
    let tariff = try Tariff(
      name: "t", currency: "EUR", energy: [.spot("energy")], export: .fixed(pricePerKWh: 0.05),
      settlement: Settlement(seconds: 3600, netsImportAndExport: true))
    let schedule = try BillingSchedule(
      tariff, grid: grid, zone: .utc, spotPerKWh: [0.1, 0.2, 0.3, 0.4])
    // 2 kWh in, 0.5 kWh out: 1.5 kWh at the hour's mean of 0.25.
    let bill = schedule.bill(importKW: [4, 4, 0, 0], exportKW: [0, 0, 0, 2])
    #expect(isClose(bill.total, 1.5 * 0.25, absolute: 1e-12))
    #expect(schedule.buyPerKWh == [0.25, 0.25, 0.25, 0.25])
  }

  @Test("minimums by month and by year") func minimums() throws {
    func tariff(_ unit: ChargeUnit, _ amount: DatedValue) throws -> Tariff {
      try Tariff(
        name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.01)],
        minimums: [MinimumCharge("minimum", amount: amount, unit: unit)])
    }
    // A year of 1 kW: 87.60, January 7.44, February 6.72.
    let monthly = try bill(tariff(.month, 7), grid(days: 365))
    #expect(isClose(monthly.months[0].total, 7.44, absolute: 1e-9))
    #expect(isClose(monthly.months[1].total, 7, absolute: 1e-9))
    #expect(isClose(monthly.months[1].minimumAdjustment, 0.28, absolute: 1e-9))
    let yearly = try bill(tariff(.year, 100), grid(days: 365))
    #expect(isClose(yearly.total, 100, absolute: 1e-9))
    #expect(isClose(yearly.months[11].minimumAdjustment, 12.4, absolute: 1e-9))
  }

  /// Import 1 kW always; export 5 kW all day in the given months.
  private func exporting(
    _ export: ExportRule, months: ClosedRange<Int>, kW: Double = 5
  ) throws -> [MonthBill] {
    let tariff = try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.2)], export: export)
    let grid = grid(days: 365)
    let slots = LocalSlots(grid: grid, zone: .utc)
    return try bill(
      tariff, grid, exportKW: slots.month.map { months.contains($0) ? kW : 0 }
    ).months
  }

  private func sell(
    _ arrangement: MeteringArrangement, trueUp: Int? = nil, price: DatedValue? = nil,
    expires: Bool = false
  ) -> ExportRule {
    ExportRule(
      charges: [.flat("export", pricePerKWh: 0.05)], arrangement: arrangement,
      trueUpMonth: trueUp, trueUpPerKWh: price, creditExpires: expires)
  }

  @Test("kilowatt-hours carried to later months, then settled at the true-up") func carriedEnergy()
    throws
  {
    // June exports 3 600 kWh against 720: 2 880 kWh are carried. July to October use 2 952:
    // July 744, August 744, September 720, October 672 of 744.
    let months = try exporting(sell(.netMeteringEnergy), months: 6...6)
    #expect(months[5].energy == 0)
    #expect(isClose(months[5].creditBalanceKWh, 2880, absolute: 1e-9))
    #expect(months[7].total == 0)
    #expect(isClose(months[9].total, 72 * 0.2, absolute: 1e-9))
    #expect(months[9].creditBalanceKWh == 0)
    // A true-up in August pays the 1 392 kWh that are left.
    let settled = try exporting(
      sell(.netMeteringEnergy, trueUp: 8, price: 0.03), months: 6...6)
    #expect(isClose(settled[7].total, -1392 * 0.03, absolute: 1e-9))
    #expect(isClose(settled[7].overMonths, -1392 * 0.03, absolute: 1e-9))
    #expect(isClose(settled[8].total, 720 * 0.2, absolute: 1e-9))
    let expired = try exporting(
      sell(.netMeteringEnergy, trueUp: 8, expires: true), months: 6...6)
    #expect(expired[7].total == 0)
    #expect(isClose(expired[8].total, 720 * 0.2, absolute: 1e-9))
  }

  @Test("surplus valued in money and carried") func carriedMoney() throws {
    // June's 2 880 kWh are worth 144; July costs 148.80.
    let months = try exporting(sell(.netMeteringMoney), months: 6...6)
    #expect(isClose(months[5].creditBalance, 144, absolute: 1e-9))
    #expect(isClose(months[6].total, 148.8 - 144, absolute: 1e-9))
    #expect(isClose(months[7].total, 148.8, absolute: 1e-9))
  }

  @Test("credit that reduces its own month first, and credit that expires") func carryOver() throws
  {
    let rule = sell(.netBillingCarryOver(sameMonthFirst: true))
    // June: 144 to pay, 180 earned, 36 carried; July 148.80 − 36.
    let months = try exporting(rule, months: 6...6)
    #expect(months[5].total == 0)
    #expect(isClose(months[5].creditBalance, 36, absolute: 1e-9))
    #expect(isClose(months[6].total, 112.8, absolute: 1e-9))
    let expired = try exporting(
      sell(.netBillingCarryOver(sameMonthFirst: true), trueUp: 6, expires: true), months: 6...6)
    #expect(expired[5].total == 0)
    #expect(isClose(expired[6].total, 148.8, absolute: 1e-9))
  }

  private func period(
    _ name: String, _ from: Int, _ through: Int, times: [ClockSpan] = [], price: DatedValue = 0.2,
    bank: String? = nil
  ) -> EnergyPeriod {
    EnergyPeriod(
      name,
      window: CalendarWindow(dates: [DateSpan(months: from, through: through)], times: times),
      tiers: [EnergyTier(pricePerKWh: price)], bank: bank)
  }

  private func netMetered(
    _ periods: [EnergyPeriod], exportKW: (LocalSlots, Int) -> Double
  ) throws -> [MonthBill] {
    let tariff = try Tariff(
      name: "t", currency: "EUR", energy: [EnergyCharge("energy", periods: periods)],
      export: sell(.netMeteringEnergy))
    let grid = grid(days: 365)
    let slots = LocalSlots(grid: grid, zone: .utc)
    return try bill(tariff, grid, exportKW: grid.indices.map { exportKW(slots, $0) }).months
  }

  @Test("a credit moves to the period of the next season, unless its bank keeps it") func banks()
    throws
  {
    func july(_ banks: [String?]) throws -> Double {
      try netMetered([
        period("first half", 1, 6, bank: banks[0]), period("second half", 7, 12, bank: banks[1]),
      ]) { $0.month[$1] == 6 ? 5 : 0 }[6].total
    }
    // June exports 3 600 kWh against 720, enough for July's 744.
    #expect(try july(["shared", "shared"]) == 0)
    #expect(try july([nil, nil]) == 0)
    #expect(isClose(try july(["one", "two"]), 744 * 0.2, absolute: 1e-9))
  }

  @Test("a credit follows the hour that its period covers, not its name") func hours() throws {
    // June exports 101 kW in the hour from noon of 30 days, for the credit of 'peak'. July's 'peak' covers the evening,
    // its 'off' covers noon and takes the credit: 744 − 186 = 558 kWh are free, 186 are paid.
    let noon = ClockSpan(hours: 10, to: 14)
    let evening = ClockSpan(hours: 16, to: 22)
    let months = try netMetered([
      EnergyPeriod("off", window: .rest, pricePerKWh: 0.1),
      {
        var peak = period("peak", 1, 6, times: [noon], price: 0.5)
        peak.windows.append(
          CalendarWindow(dates: [DateSpan(months: 7, through: 12)], times: [evening]))
        return peak
      }(),
    ]) { $0.month[$1] == 6 && $0.minuteOfDay[$1] == 720 ? 101 : 0 }
    // Peak of June: 4 h · 30 d of 1 kW import, less 3 030 kWh of export.
    #expect(isClose(months[5].creditBalanceKWh, 3030 - 120, absolute: 1e-9))
    #expect(isClose(months[6].energy, 186 * 0.5, absolute: 1e-9))
    #expect(isClose(months[6].creditBalanceKWh, 3030 - 120 - 558, absolute: 1e-9))
  }

  @Test("a summer evening's credit pays for the winter, as in SAM") func summerCredit() throws {
    // Weekdays 14 to 19 of June to September export 5 kW net: 21, 22, 23 and 20 weekdays of 2018 leave
    // 525 + 550 + 575 + 500 = 2 150 kWh. October and November use 1 464, December 686 of 744.
    let summer = CalendarWindow(
      dates: [DateSpan(months: 6, through: 9)], days: .weekday,
      times: [ClockSpan(hours: 14, to: 19)])
    let tariff = try Tariff(
      name: "t", currency: "USD",
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod("period 0", window: .rest, pricePerKWh: 0.2),
            EnergyPeriod("period 1", window: summer, pricePerKWh: 0.3),
          ])
      ], export: ExportRule(arrangement: .netMeteringEnergy, trueUpMonth: 12, trueUpPerKWh: 0))
    let start = CivilCalendar.days(year: 2018, month: 1, day: 1) * 86_400
    let grid = TimeGrid(start: start, stepSeconds: 3600, count: 8760)
    let slots = LocalSlots(grid: grid, zone: .utc)
    let net = grid.indices.map { slot in
      (6...9).contains(slots.month[slot]) && (14..<19).contains(slots.minuteOfDay[slot] / 60)
        ? -5.0 : 1.0
    }
    let found = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil).bill(
      importKW: net.map { max(0, $0) }, exportKW: net.map { max(0, -$0) })
    #expect(isClose(found.months[8].creditBalanceKWh, 2150, absolute: 1e-9))
    #expect(found.months[9].total == 0)
    #expect(isClose(found.months[11].total, 58 * 0.2, absolute: 1e-9))
    #expect(isClose(found.total, 1020, absolute: 1e-9))
  }

  // 1 kW for a day, 6 hours at 0.5 kg and 18 at 0.2: 6.6 kg. 2 kWh fed in at noon take off 0.4 where export counts.
  @Test("carbon dioxide is a score of its own") func carbon() throws {
    let grid = TimeGrid(
      start: CivilCalendar.days(year: 2023, month: 1, day: 2) * 86_400, stepSeconds: 3600, count: 24
    )
    func kilograms(_ creditsExport: Bool) throws -> [Double?] {
      let tariff = try Tariff(
        name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.3)],
        carbon: CarbonFactor(
          factors: EnergyCharge(
            "carbon dioxide",
            periods: [
              EnergyPeriod(
                "night", window: CalendarWindow(times: [ClockSpan(hours: 0, to: 6)]),
                pricePerKWh: 0.5), EnergyPeriod("day", window: .rest, pricePerKWh: 0.2),
            ]), creditsExport: creditsExport))
      let bill = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil).bill(
        importKW: grid.indices.map { _ in 1 }, exportKW: grid.indices.map { $0 == 12 ? 2 : 0 })
      #expect(isClose(bill.total, 7.2, absolute: 1e-9))
      return [bill.months[0].carbonKg, bill.carbonKg]
    }
    for (credits, expected) in [(false, 6.6), (true, 6.2)] {
      for found in try kilograms(credits) {
        #expect(isClose(try #require(found), expected, absolute: 1e-9))
      }
    }
  }

  @Test("energy beyond the limits of the connection is counted") func limits() throws {
    let tariff = try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0)],
      importLimitKW: 0.75, exportLimitKW: 0)
    let month = try bill(
      tariff, grid(days: 1), exportKW: [Double](repeating: 0.5, count: 24)
    ).months[0]
    #expect(isClose(month.overImportLimitKWh, 6, absolute: 1e-9))
    #expect(isClose(month.overExportLimitKWh, 12, absolute: 1e-9))
  }

  @Test("a price that does not exist yet is an error with its date") func noPrice() throws {
    let from = CivilCalendar.days(year: 2024, month: 1, day: 1)
    let tariff = try Tariff(
      name: "t", currency: "EUR",
      energy: [
        .flat("energy", pricePerKWh: DatedValue(steps: [.init(fromDay: from, value: 0.1)]))
      ])
    let error = #expect(throws: InputError.self) { try bill(tariff, grid(days: 2)) }
    #expect(
      error?.diagnostics.map(\.message) == ["'energy' 'all' has no price on 2023-01-01"])
  }

  @Test("spot prices that are missing are named with their first time") func noSpot() throws {
    let tariff = try Tariff(name: "t", currency: "EUR", energy: [.spot("energy")])
    var spot = [Double](repeating: 0.1, count: 24)
    spot[5] = .nan
    let error = #expect(throws: InputError.self) {
      try bill(tariff, grid(days: 1), spot: spot)
    }
    #expect(
      error?.diagnostics.map(\.message) == [
        "'t' needs a spot price in every step; 1 are missing, the first at 2023-01-01T05:00+00:00"
      ])
  }

  @Test("a data step longer than the metering interval is worth a note") func notes() throws {
    let tariff = try Tariff(
      name: "t", currency: "EUR",
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod(
              "day", window: CalendarWindow(times: [ClockSpan(fromMinute: 450, toMinute: 1200)]),
              pricePerKWh: 1), EnergyPeriod("night", window: .rest, pricePerKWh: 0),
          ])
      ], demand: [DemandCharge("peak", periods: [DemandPeriod("all", pricePerKW: 1)])])
    let schedule = try BillingSchedule(tariff, grid: grid(days: 1), zone: .utc, spotPerKWh: nil)
    #expect(
      schedule.notes.map(\.message) == [
        "a period of 'energy' begins inside a data step of 60 min; each step is priced by its first"
          + " minute",
        "'peak' is metered over 900 s, but the data have a step of 3600 s: shorter peaks are not"
          + " seen",
      ])
  }
}
