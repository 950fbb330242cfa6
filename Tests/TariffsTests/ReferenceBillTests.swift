import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

/// Figures of the same load under SAM's rules, recomputed with PySAM 7.1.1 or by hand formula.
@Suite("Reference bills") struct ReferenceBillTests {
  let load = ReferenceLoad()

  @Test(
    "tier conventions in January",
    arguments: [
      (TierConvention.chronological, 456.80), (.proRata, 455.68), (.perPeriod, 360.00),
    ])
  func tiers(convention: TierConvention, expected: Double) throws {
    let bill = try load.bill(
      Tariff(name: "t", currency: "USD", energy: [ReferenceLoad.tiered(convention)]))
    #expect(isClose(bill.months[0].energy, expected, absolute: 0.005))
    #expect(isClose(bill.months[0].importKWh, 1980, absolute: 1e-9))
  }

  private func demandTariff(
    measure: DemandMeasure = .monthlyPeak, ratchet: DemandRatchet? = nil
  ) throws -> Tariff {
    let flat = DemandCharge(
      "flat", periods: [DemandPeriod("all", pricePerKW: 3)], meteringSeconds: 3600,
      ratchet: ratchet)
    let timeOfUse = DemandCharge(
      "tou",
      periods: [
        DemandPeriod(
          "off", window: .rest,
          tiers: [DemandTier(upToKW: 4, pricePerKW: 5), DemandTier(pricePerKW: 5)]),
        DemandPeriod(
          "on", window: ReferenceLoad.onWindow,
          tiers: [DemandTier(upToKW: 4, pricePerKW: 10), DemandTier(pricePerKW: 20)]),
      ], measure: measure, meteringSeconds: 3600, ratchet: ratchet)
    return try Tariff(
      name: "t", currency: "USD", energy: [.flat("energy", pricePerKWh: 0)],
      demand: [flat, timeOfUse])
  }

  private func january(_ tariff: Tariff) throws -> (flat: Double, timeOfUse: Double) {
    let month = try load.bill(tariff).months[0]
    let flat = month.lines.filter { $0.rule == "flat" }.reduce(0) { $0 + $1.amount }
    return (flat, month.demand - flat)
  }

  @Test("plain demand in January") func plainDemand() throws {
    let (flat, timeOfUse) = try january(demandTariff())
    #expect(isClose(flat, 18.00, absolute: 0.005))
    #expect(isClose(timeOfUse, 95.00, absolute: 0.005))
  }

  @Test("only the period with the month's peak") func singlePeak() throws {
    let (_, timeOfUse) = try january(demandTariff(measure: .singlePeak))
    #expect(isClose(timeOfUse, 80.00, absolute: 0.005))
  }

  @Test(
    "ratchet of 80 % over 11 months for the whole site",
    arguments: [
      (10.0, true, 24.00, 160.00), (0.0, true, 18.00, 110.00), (0.0, false, 14.40, 80.00),
    ])
  func ratchet(earlierKW: Double, actual: Bool, flat: Double, timeOfUse: Double) throws {
    let ratchet = DemandRatchet(
      fraction: 0.8, lookback: .range(months: 11),
      earlierPeaksKW: [Double](repeating: earlierKW, count: 11), usesActualPeak: actual,
      scope: .site)
    let found = try january(demandTariff(ratchet: ratchet))
    #expect(isClose(found.flat, flat, absolute: 0.005))
    #expect(isClose(found.timeOfUse, timeOfUse, absolute: 0.005))
  }

  private func yearly(_ export: ExportRule, withGeneration: Bool = true) throws -> Bill {
    try load.bill(
      Tariff(
        name: "t", currency: "USD", energy: [ReferenceLoad.plain],
        fixed: [FixedCharge("service", amount: 10)], export: export),
      withGeneration: withGeneration)
  }

  @Test("a year without the system") func withoutSystem() throws {
    #expect(isClose(try yearly(.nothing, withGeneration: false).total, 3939.60, absolute: 0.005))
  }

  @Test(
    "a year of net metering in energy and in money",
    arguments: [MeteringArrangement.netMeteringEnergy, .netMeteringMoney])
  func netMetering(arrangement: MeteringArrangement) throws {
    let bill = try yearly(
      ExportRule(charges: [ReferenceLoad.sell], arrangement: arrangement, trueUpMonth: 12))
    #expect(isClose(bill.total, 2625.60, absolute: 0.005))
  }

  @Test("a year of net billing") func netBilling() throws {
    let bill = try yearly(ExportRule(charges: [ReferenceLoad.sell]))
    #expect(isClose(bill.total, 3132.12, absolute: 0.005))
    #expect(isClose(bill.months[0].total, 267.24, absolute: 0.005))
  }

  @Test("a year of net billing with carry-over") func carryOver() throws {
    let bill = try yearly(
      ExportRule(
        charges: [ReferenceLoad.sell], arrangement: .netBillingCarryOver(sameMonthFirst: false),
        trueUpMonth: 12))
    #expect(isClose(bill.total, 3132.12, absolute: 0.005))
    #expect(isClose(bill.months[0].total, 295.80, absolute: 0.005))
    #expect(isClose(bill.months[5].total, 255.60, absolute: 0.005))
    #expect(isClose(bill.months[11].total, 239.40, absolute: 0.005))
  }

  @Test("a year of buy-all/sell-all") func buyAllSellAll() throws {
    let bill = try yearly(
      ExportRule(charges: [ReferenceLoad.sell], arrangement: .buyAllSellAll))
    #expect(isClose(bill.total, 3414.00, absolute: 0.005))
  }
}
