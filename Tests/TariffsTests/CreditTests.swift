import Diagnostics
import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

/// Netting by less than one for one, credit that expires, and tiers of a year.
@Suite("Netting ratios, credit with an end, tiers of a year") struct CreditTests {
  /// Hours from 2023-01-01 in UTC.
  private func grid(days: Int) -> TimeGrid {
    TimeGrid(
      start: CivilCalendar.days(year: 2023, month: 1, day: 1) * 86_400, stepSeconds: 3600,
      count: days * 24)
  }

  /// Energy at 0.50, export by an arrangement at 0.20.
  private func tariff(_ export: ExportRule) throws -> Tariff {
    var export = export
    export.charges = [.flat("export", pricePerKWh: 0.2)]
    return try Tariff(
      name: "t", currency: "PLN", energy: [.flat("energy", pricePerKWh: 0.5)], export: export)
  }

  /// Import and export of a month each, in its first hour. [kWh]
  private func months(
    _ tariff: Tariff, _ import_: [Double], _ export: [Double]
  ) throws -> [MonthBill] {
    let grid = grid(days: [31, 59, 90, 120][import_.count - 1])
    let starts = [0, 31, 59, 90].map { $0 * 24 }
    func series(_ values: [Double], at hour: Int) -> [Double] {
      var result = [Double](repeating: 0, count: grid.count)
      for (month, value) in values.enumerated() { result[starts[month] + hour] = value }
      return result
    }
    return try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil).bill(
      importKW: series(import_, at: 0), exportKW: series(export, at: 1)
    ).months
  }

  private func expect(
    _ found: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    for (a, b) in zip(found, expected) {
      #expect(isClose(a, b, absolute: 1e-9), "\(found)", sourceLocation: sourceLocation)
    }
  }

  // January exports 100 kWh, which are set against 80: 20 are left of them after 60 kWh of import. February
  // imports 50 and pays for 30.
  @Test("an exported kilowatt-hour is set against less than one") func ratio() throws {
    let tariff = try tariff(ExportRule(arrangement: .netMeteringEnergy, nettingRatio: 0.8))
    let found = try months(tariff, [60, 50], [100, 0])
    expect(found.map(\.total), [0, 30 * 0.5])
    expect(found.map(\.creditBalanceKWh), [20, 0])
    // Plans: an exported kWh is worth 0.8 imported ones.
    let planning = PlanningTariff(tariff, grid: grid(days: 2), zone: .utc)
    let prices = planning.prices(
      over: 0..<24, spotPerKWh: nil, meter: nil, peakPricing: .fullPrice)
    expect([prices.buyPerKWh[0], prices.sellPerKWh[0]], [0.5, 0.4])
  }

  // 80 kWh of January may be used through the end of February: 10 in January and 30 in February are, 40 expire.
  // February's own 8 kWh wait for March, which imports 20.
  @Test("energy expires after its months, the oldest is used first") func expiry() throws {
    let export = ExportRule(arrangement: .netMeteringEnergy, nettingRatio: 0.8, creditMonths: 1)
    let found = try months(tariff(export), [10, 38, 20], [100, 10, 0])
    expect(found.map(\.expiredCreditKWh), [0, 40, 0])
    expect(found.map(\.creditBalanceKWh), [70, 0, 0])
    // February nets its own 8 first: 30 of 38 come from January, all 8 of its own are gone.
    expect(found.map(\.total), [0, 0, 10])
  }

  // January earns 100 kWh · 0.20 = 20. February imports 16 kWh for 8, paid by the deposit; 12 are left and expire
  // at its end, of which at most a fifth of 20 is paid: 4. March pays 5 itself.
  @Test("a deposit pays later bills, and a share of what it earned is paid back when it expires")
  func deposit() throws {
    let export = ExportRule(
      arrangement: .netBillingCarryOver(sameMonthFirst: false), creditMonths: 1,
      refundFraction: 0.2)
    let found = try months(tariff(export), [0, 16, 10], [100, 0, 0])
    expect(found.map(\.total), [0, 8 - 8 - 4, 5])
    expect(found.map(\.expiredCredit), [0, 12, 0])
    expect(found.map(\.creditBalance), [20, 0, 0])
    #expect(found[1].lines.last?.rule == "credit expired")
  }

  @Test("what does not fit together is refused") func refused() throws {
    for (export, message) in [
      (
        ExportRule(nettingRatio: 0.8),
        "a netting ratio needs the arrangement 'net_metering_kwh' or 'net_metering_money'"
      ),
      (
        ExportRule(arrangement: .netMeteringEnergy, nettingRatio: 1.2),
        "the netting ratio must be above 0 and at most 1, found '1.2'"
      ),
      (
        ExportRule(creditMonths: 12),
        "a credit that expires needs an arrangement that carries credit"
      ),
      (
        ExportRule(arrangement: .netMeteringEnergy, creditMonths: 12, refundFraction: 0.2),
        "a refund needs credit in money that expires after months"
      ),
    ] {
      let error = #expect(throws: InputError.self) { try tariff(export) }
      #expect(error?.diagnostics.map(\.message) == [message])
    }
  }

  private func taxed(_ prices: [Double]) throws -> Tariff {
    try Tariff(
      name: "tax", currency: "EUR",
      energy: [
        EnergyCharge(
          "tax",
          periods: [
            EnergyPeriod(
              "all",
              tiers: [
                EnergyTier(upTo: 10_000, pricePerKWh: DatedValue(prices[0])),
                EnergyTier(pricePerKWh: DatedValue(prices[1])),
              ])
          ], tierBasis: .kWhPerYear)
      ])
  }

  // 10 kW: January 7,440 kWh and February 6,720, of which 2,560 still lie in the first 10,000. The next year
  // starts anew.
  @Test("tiers of a year count through its months") func yearlyTiers() throws {
    let grid = grid(days: 365 + 31)
    let schedule = try BillingSchedule(
      taxed([0.1, 0.09]), grid: grid, zone: .utc, spotPerKWh: nil)
    let load = [Double](repeating: 10, count: grid.count)
    let bill = schedule.bill(importKW: load, exportKW: load.map { _ in 0 })
    expect(
      [0, 1, 2, 12].map { bill.months[$0].total },
      [744, 2560 * 0.1 + 4160 * 0.09, 7440 * 0.09, 744])
    let slots = schedule.slotBill(importKW: load, exportKW: load.map { _ in 0 })
    #expect(isClose(slots.energyAmount.reduce(0, +), bill.total, relative: 1e-9))
  }

  // 1 kW for two days is on its way to 8,760 kWh: the first tier. 2 kW to 17,520: the second, where a kWh saved is
  // one of the year's last. Rising prices have their limit where the year without the horizon is expected.
  @Test("plans take the tier that the year comes to") func yearlyPlanned() throws {
    let grid = grid(days: 365)
    func told(_ tariff: Tariff, _ kW: Double) throws -> PlanningPrices {
      var meter = BillingMeter(
        try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil))
      for slot in 0..<48 { meter.record(slot: slot, importKW: kW, exportKW: 0) }
      return PlanningTariff(tariff, grid: grid, zone: .utc).prices(
        over: 48..<72, spotPerKWh: nil, meter: meter, peakPricing: .fullPrice)
    }
    #expect(try told(taxed([0.1, 0.09]), 1).buyPerKWh[0] == 0.1)
    #expect(try told(taxed([0.1, 0.09]), 2).buyPerKWh[0] == 0.09)
    // 48 + 8,688 hours of 1.1 kW are 9,609.6 kWh; 390.4 are left of the first tier.
    let rising = try told(taxed([0.1, 0.12]), 1.1)
    expect(rising.importBlocks.map(\.limitKWh), [10_000 - 1.1 * 8736])
    expect(rising.importBlocks.map(\.surchargePerKWh), [0.02])
  }
}
