import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

/// Days by hand, among them the days of 23 and 25 hours and 29 February.
@Suite("Days by hand") struct BillingDayTests {
  static func day(_ year: Int, _ month: Int, _ day: Int, zone: Zone, step: Int = 3600) -> TimeGrid {
    let number = CivilCalendar.days(year: year, month: month, day: day)
    return TimeGrid(
      from: zone.startOfDay(number), to: zone.startOfDay(number + 1), stepSeconds: step)
  }

  static func bill(
    _ tariff: Tariff, _ grid: TimeGrid, _ zone: Zone, importKW: [Double],
    exportKW: [Double]? = nil, spot: [Double]? = nil
  ) throws -> Bill {
    try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: spot).bill(
      importKW: importKW, exportKW: exportKW ?? [Double](repeating: 0, count: grid.count))
  }

  /// Night 00–06 at 0.10, day at 0.30.
  static let dayNight = EnergyCharge(
    "energy",
    periods: [
      EnergyPeriod(
        "night", window: CalendarWindow(times: [ClockSpan(hours: 0, to: 6)]), pricePerKWh: 0.10),
      EnergyPeriod("day", window: .rest, pricePerKWh: 0.30),
    ])

  @Test(
    "night hours on days of 23, 24 and 25 hours",
    arguments: [
      // Clocks move at 02:00 or 03:00 local, so the night has 5, 6 or 7 hours.
      (3, 31, 23, 5 * 0.10 + 18 * 0.30), (3, 30, 24, 6 * 0.10 + 18 * 0.30),
      (10, 27, 25, 7 * 0.10 + 18 * 0.30),
    ])
  func daylightSaving(month: Int, day: Int, hours: Int, expected: Double) throws {
    let zone = try Zone("Europe/Stockholm")
    let grid = Self.day(2024, month, day, zone: zone)
    #expect(grid.count == hours)
    let tariff = try Tariff(name: "t", currency: "SEK", energy: [Self.dayNight])
    let bill = try Self.bill(
      tariff, grid, zone, importKW: [Double](repeating: 1, count: hours))
    #expect(isClose(bill.total, expected, absolute: 1e-12))
  }

  @Test("29 February belongs to February and pays by the day") func leapDay() throws {
    let zone = Zone.utc
    let tariff = try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.25)],
      fixed: [
        FixedCharge("daily", amount: 0.50, unit: .day),
        FixedCharge("monthly", amount: 29, unit: .month),
      ])
    let grid = Self.day(2024, 2, 29, zone: zone)
    let bill = try Self.bill(tariff, grid, zone, importKW: [Double](repeating: 2, count: 24))
    #expect(bill.months.map(\.month) == ["2024-02"])
    #expect(isClose(bill.months[0].energy, 48 * 0.25, absolute: 1e-12))
    // One of February's 29 days.
    #expect(isClose(bill.months[0].fixed, 0.50 + 1, absolute: 1e-12))
  }

  @Test("Swedish import price is (spot + 0.2456 + 0.439) × 1.25 and export is spot less a fee")
  func swedishSpot() throws {
    let zone = try Zone("Europe/Stockholm")
    let grid = Self.day(2024, 1, 15, zone: zone)
    let tariff = try Tariff(
      name: "t", currency: "SEK", vatFraction: 0.25,
      energy: [
        .spot("spot"), .flat("transfer", pricePerKWh: 0.2456),
        .flat("energy tax", pricePerKWh: 0.439),
      ], export: .spot(minusPerKWh: 0.02))
    let spot = (0..<24).map { 0.01 * Double($0) - 0.03 }
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: spot)
    for hour in 0..<24 {
      #expect(
        isClose(
          schedule.buyPerKWh[hour], (spot[hour] + 0.2456 + 0.439) * 1.25, absolute: 1e-12))
      #expect(isClose(schedule.sellPerKWh[hour], spot[hour] - 0.02, absolute: 1e-12))
    }
    var importKW = [Double](repeating: 0, count: 24)
    var exportKW = importKW
    importKW[20] = 3
    exportKW[12] = 2
    let bill = schedule.bill(importKW: importKW, exportKW: exportKW)
    // 3 kWh at spot 0.17 and 2 kWh at spot 0.09.
    #expect(isClose(bill.months[0].energy, 3 * (0.17 + 0.6846) * 1.25, absolute: 1e-12))
    #expect(isClose(bill.months[0].export, -2 * 0.07, absolute: 1e-12))
  }

  @Test("the repeated hour of October is two metering intervals and two spot prices")
  func repeatedHour() throws {
    let zone = try Zone("Europe/Stockholm")
    let grid = Self.day(2024, 10, 27, zone: zone, step: 900)
    #expect(grid.count == 100)
    let tariff = try Tariff(
      name: "t", currency: "SEK", energy: [.spot("energy")],
      demand: [
        DemandCharge(
          "peak", periods: [DemandPeriod("all", pricePerKW: 10)], meteringSeconds: 3600)
      ], settlement: Settlement(seconds: 3600))
    // 02:00 to 03:00 comes twice: 8 kW in the last half hour of the first pass and the first half
    // hour of the second would be 8 kW if the two passes were one interval.
    var importKW = [Double](repeating: 0, count: 100)
    for slot in [10, 11, 12, 13] { importKW[slot] = 8 }
    let spot = (0..<100).map { $0 < 12 ? 0.1 : 0.3 }
    let bill = try Self.bill(tariff, grid, zone, importKW: importKW, spot: spot)
    #expect(isClose(bill.months[0].demand, 40, absolute: 1e-12))
    #expect(isClose(bill.months[0].energy, 4 * 0.1 + 4 * 0.3, absolute: 1e-12))
  }

  @Test("the day of 23 hours has 23 hourly metering intervals") func shortDay() throws {
    let zone = try Zone("Europe/Stockholm")
    let grid = Self.day(2024, 3, 31, zone: zone, step: 900)
    let tariff = try Tariff(
      name: "t", currency: "SEK", energy: [.flat("energy", pricePerKWh: 0)],
      demand: [
        DemandCharge(
          "peak",
          periods: [
            DemandPeriod(
              "night", window: CalendarWindow(times: [ClockSpan(hours: 0, to: 4)]),
              pricePerKW: 1)
          ], measure: .meanOfHighest(count: 3, onDifferentDays: false), meteringSeconds: 3600)
      ])
    // 00, 01 and 03 o'clock exist: 2, 4 and 6 kW.
    var importKW = [Double](repeating: 0, count: 92)
    for slot in 0..<4 {
      importKW[slot] = 2
      importKW[4 + slot] = 4
      importKW[8 + slot] = 6
    }
    let bill = try Self.bill(tariff, grid, zone, importKW: importKW)
    #expect(isClose(bill.months[0].demand, 4, absolute: 1e-12))
  }

  @Test("demand is metered over its own interval, in windows and flat") func demand() throws {
    let zone = try Zone("Europe/Berlin")
    let grid = Self.day(2024, 5, 2, zone: zone, step: 300)
    let tariff = try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0)],
      demand: [
        DemandCharge("flat", periods: [DemandPeriod("all", pricePerKW: 2)]),
        DemandCharge(
          "evening",
          periods: [
            DemandPeriod(
              "peak", window: CalendarWindow(times: [ClockSpan(hours: 17, to: 20)]),
              pricePerKW: 5)
          ], meteringSeconds: 3600),
      ])
    var importKW = [Double](repeating: 1, count: 288)
    importKW[100] = 10  // 08:20, one third of a quarter hour: (10 + 1 + 1) / 3 = 4 kW
    importKW[18 * 12] = 13  // 18:00, one twelfth of an hour: 2 kW; quarter hour 5 kW
    let bill = try Self.bill(tariff, grid, zone, importKW: importKW)
    #expect(isClose(bill.months[0].demand, 5 * 2 + 2 * 5, absolute: 1e-12))
    #expect(isClose(bill.months[0].peakKW, 5, absolute: 1e-12))
  }

  @Test("the mean of the three highest hours on different days") func meanOfThree() throws {
    let zone = try Zone("Europe/Stockholm")
    let first = CivilCalendar.days(year: 2024, month: 1, day: 8)
    let grid = TimeGrid(start: zone.startOfDay(first), stepSeconds: 3600, count: 5 * 24)
    let tariff = try Tariff(
      name: "t", currency: "SEK", energy: [.flat("energy", pricePerKWh: 0)],
      demand: [
        DemandCharge(
          "power", periods: [DemandPeriod("all", pricePerKW: 60)],
          measure: .meanOfHighest(count: 3, onDifferentDays: true), meteringSeconds: 3600)
      ])
    var importKW = [Double](repeating: 1, count: 120)
    importKW[10] = 9
    importKW[12] = 8  // same day as the highest: does not count
    importKW[24 + 5] = 6
    importKW[72 + 5] = 4.5
    importKW[96 + 5] = 4
    let bill = try Self.bill(tariff, grid, zone, importKW: importKW)
    #expect(isClose(bill.months[0].demand, 60 * (9 + 6 + 4.5) / 3, absolute: 1e-12))
  }

  @Test("a missing value is billed as zero and counted") func missing() throws {
    let tariff = try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 1)])
    let grid = Self.day(2024, 2, 1, zone: .utc)
    var importKW = [Double](repeating: 1, count: 24)
    importKW[3] = .nan
    let bill = try Self.bill(tariff, grid, .utc, importKW: importKW)
    #expect(isClose(bill.total, 23, absolute: 1e-12))
    #expect(bill.months[0].missingSlots == 1)
  }
}
