import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Page of Tariffs") struct TariffsPageTests {
  @Test("the page shows this code")
  func example() throws {
    #expect(try PageExample(room: "Tariffs").isCode())
    let importKW = [Double](repeating: 1, count: 96)
    let exportKW = [Double](repeating: 0, count: 96)

    let tariff = try Tariff(
      name: "day and night", currency: "EUR",
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod(
              "night", window: CalendarWindow(times: [ClockSpan(hours: 22, to: 6)]),
              pricePerKWh: 0.18),
            EnergyPeriod("day", window: .rest, pricePerKWh: 0.32),
          ])
      ],
      demand: [DemandCharge("peak", periods: [DemandPeriod("all", pricePerKW: 9)])],
      export: .fixed(pricePerKWh: 0.08))
    let schedule = try BillingSchedule(
      tariff, grid: TimeGrid(start: 1_704_063_600, stepSeconds: 900, count: 96),
      zone: Zone("Europe/Berlin"), spotPerKWh: nil)
    let bill = schedule.bill(importKW: importKW, exportKW: exportKW)
    print(bill.total)

    // Berlin's day: 8 hours of night at 0.18 and 16 of day at 0.32, 1 kW throughout, 9 for its peak.
    #expect(isClose(bill.total, 8 * 0.18 + 16 * 0.32 + 9, absolute: 1e-9))
  }
}
