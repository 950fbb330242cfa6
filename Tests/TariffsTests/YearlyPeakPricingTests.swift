import TestSupport
import Testing
import TimeSeries

@testable import Tariffs

/// How plans shorter than a year price a peak that counts by the year.
@Suite("Planning prices of a year's peak") struct YearlyPeakPricingTests {
  /// Hours of 2023 in UTC.
  private static let grid = TimeGrid(
    start: CivilCalendar.days(year: 2023, month: 1, day: 1) * 86_400, stepSeconds: 3600,
    count: 8760)

  private static func prices(
    _ measure: DemandMeasure, contracted: [ContractedPower] = []
  ) throws -> PlanningTariff {
    PlanningTariff(
      try Tariff(
        name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.1)],
        demand: [
          DemandCharge(
            "peak", periods: [DemandPeriod("all", pricePerKW: 120)], measure: measure,
            meteringSeconds: 3600, unit: .year)
        ], contracted: contracted), grid: grid, zone: .utc)
  }

  private static func rows(
    _ planning: PlanningTariff, _ range: Range<Int>, _ pricing: PeakPricing,
    targetsKW: [String: Double] = [:]
  ) -> [DemandPrice] {
    planning.prices(
      over: range, spotPerKWh: nil, meter: nil, peakPricing: pricing, targetsKW: targetsKW
    ).demands
  }

  // On the first of January two days are 48 of 8760 hours, or of 744 for a month's peak; four days before the end of the
  // year half of what is left.
  @Test(
    "the days left are those of the year",
    arguments: [
      (DemandMeasure.yearlyPeak, 0, 48.0 / 8760), (.monthlyPeak, 0, 48.0 / 744),
      (.yearlyPeak, 8760 - 96, 0.5), (.monthlyPeak, 8760 - 96, 0.5), (.yearlyPeak, 8760 - 48, 1),
    ])
  func daysLeft(measure: DemandMeasure, first: Int, share: Double) throws {
    let planning = try Self.prices(measure)
    let full = Self.rows(planning, first..<first + 48, .fullPrice)
    let left = Self.rows(planning, first..<first + 48, .daysLeft)
    #expect(full.count == 1 && left.count == 1)
    #expect(isClose(left[0].pricePerKW / full[0].pricePerKW, share, absolute: 1e-12))
  }

  @Test("contracts that hold for the year have its days left as well") func contract() throws {
    var contract = ContractedPower(
      "contract", contractedKW: 5, pricePerKW: 1, overdrawPricePerKW: 2)
    contract.holdsForYear = true
    let planning = try Self.prices(.monthlyPeak, contracted: [contract])
    let full = Self.rows(planning, 0..<48, .fullPrice)
    let left = Self.rows(planning, 0..<48, .daysLeft)
    #expect(full.map(\.label) == ["peak 2023-01", "contract: overdraw 2023-01"])
    #expect(isClose(left[1].pricePerKW / full[1].pricePerKW, 48.0 / 8760, absolute: 1e-12))
    #expect(planning.yearlyPeakNames == ["contract"])
  }

  @Test("no target of a month is held by it, nor chosen for it") func targets() throws {
    let yearly = try Self.prices(.yearlyPeak)
    let full = Self.rows(yearly, 0..<48, .fullPrice)
    #expect(yearly.yearlyPeakNames == ["peak"])
    #expect(yearly.monthlyPeaks(from: 0, meter: nil).rows.isEmpty)
    for pricing in [PeakPricing.trailingTarget, .monthlyTarget] {
      let held = Self.rows(
        yearly, 0..<48, pricing, targetsKW: ["peak": 7, "peak 2023-01": 7])
      #expect(held == full)
    }
    // A peak of the month is.
    let monthly = try Self.prices(.monthlyPeak)
    #expect(monthly.monthlyPeaks(from: 0, meter: nil).rows.map(\.charge) == ["peak"])
    let held = Self.rows(monthly, 0..<48, .trailingTarget, targetsKW: ["peak": 7])
    #expect(held[0].incurredKW == 7 && held[0].held != nil)
    #expect(monthly.yearlyPeakNames.isEmpty)
  }
}
