import Diagnostics
import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

/// Prices on dated days: a day of the kind runs from 6 to 6, its night belongs to it.
@Suite("Dated days") struct DayKindTests {
  /// Hours from Monday 2024-01-08 in UTC.
  private static let monday = CivilCalendar.days(year: 2024, month: 1, day: 8)
  private let grid = TimeGrid(start: monday * 86_400, stepSeconds: 3600, count: 4 * 24)

  /// Blue 0.16 from 6 to 22 and 0.13 at night; red Tuesday 0.75 and 0.15, known from 11 h of the day before.
  private func tariff(_ kinds: [DayKind]? = nil) throws -> Tariff {
    func window(_ hours: (Int, Int), _ kinds: [String] = []) -> CalendarWindow {
      var window = CalendarWindow(times: [ClockSpan(hours: hours.0, to: hours.1)])
      window.kinds = kinds
      return window
    }
    return try Tariff(
      name: "three colours", currency: "EUR",
      dayKinds: kinds ?? [
        DayKind("red", days: [Self.monday + 1], startMinute: 360, knownMinute: 660)
      ],
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod("red day", window: window((6, 22), ["red"]), pricePerKWh: 0.75),
            EnergyPeriod("red night", window: window((22, 6), ["red"]), pricePerKWh: 0.15),
            EnergyPeriod("blue day", window: window((6, 22)), pricePerKWh: 0.16),
            EnergyPeriod("blue night", window: window((22, 6)), pricePerKWh: 0.13),
          ])
      ])
  }

  // 1 kW on Tuesday from 0 h to Wednesday 24 h. Tuesday: 6 h of Monday's blue night, 16 h red, 2 h red night.
  // Wednesday: 6 h of Tuesday's red night, then blue: 16 h and 2 h.
  @Test("night hours belong to the day before") func bill() throws {
    let schedule = try BillingSchedule(tariff(), grid: grid, zone: .utc, spotPerKWh: nil)
    let load = grid.indices.map { (24..<72).contains($0) ? 1.0 : 0 }
    let bill = schedule.bill(importKW: load, exportKW: load.map { _ in 0 })
    let expected = 6 * 0.13 + 16 * 0.75 + 8 * 0.15 + 16 * 0.16 + 2 * 0.13
    #expect(isClose(bill.total, expected, absolute: 1e-9))
    #expect(
      schedule.explanation(ofDay: Self.monday + 1).map(\.dayType) == ["weekday", "red", "red"])
    #expect(
      schedule.explanation(ofDay: Self.monday + 2).map { $0.buy[0].period }
        == ["red night", "blue day", "blue night"])
  }

  @Test("plans know a day from its hour on, the bound always") func known() throws {
    let tariff = try tariff()
    let planning = PlanningTariff(tariff, grid: grid, zone: .utc)
    let meter = BillingMeter(
      try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil))
    func noonOfTuesday(from hour: Int, _ meter: BillingMeter?) -> Double {
      planning.prices(
        over: hour..<48, spotPerKWh: nil, meter: meter, peakPricing: .fullPrice
      ).buyPerKWh[36 - hour]
    }
    #expect(noonOfTuesday(from: 10, meter) == 0.16)
    #expect(noonOfTuesday(from: 11, meter) == 0.75)
    #expect(noonOfTuesday(from: 0, nil) == 0.75)
  }

  @Test("an event counts for its hours, whatever the day") func events() throws {
    let event = DemandEvent(
      start: CivilTime(year: 2024, month: 1, day: 10, hour: 17),
      end: CivilTime(year: 2024, month: 1, day: 10, hour: 20))
    let schedule = try BillingSchedule(
      tariff([DayKind("red", events: [event])]), grid: grid, zone: .utc, spotPerKWh: nil)
    let found = (48..<72).filter { schedule.buyPerKWh[$0] == 0.75 }
    #expect(found == [48 + 17, 48 + 18, 48 + 19])
  }

  @Test("a kind without a day in the data is worth a warning") func absent() throws {
    let schedule = try BillingSchedule(
      tariff([DayKind("red", days: [Self.monday - 7, Self.monday - 9])]), grid: grid, zone: .utc,
      spotPerKWh: nil)
    #expect(
      schedule.notes.map(\.message) == [
        "no day of 'red' lies in the data: the tariff names days from 2023-12-30 to 2024-01-01"
      ])
  }

  @Test("what names no day, or a day twice, is refused") func refused() throws {
    let day = Self.monday
    let error = #expect(throws: InputError.self) {
      try tariff([DayKind("white", days: [day]), DayKind("pink", days: [day]), DayKind("holiday")])
    }
    #expect(
      error?.diagnostics.map(\.message) == [
        "2024-01-08 is a day of both 'white' and 'pink'",
        "a kind of day must have a name of its own, found 'holiday'",
        "'holiday' must have dates or events",
        "'red day' names no kind of day of the tariff: 'red'",
        "'red night' names no kind of day of the tariff: 'red'",
      ])
  }
}
