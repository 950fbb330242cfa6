import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

/// A charge by hours of use at 20 per kW and 0.05 per kWh below 2,500 hours, 120 and 0.01 from there on.
@Suite("Charges by hours of use") struct HoursOfUseTests {
  private func tariff(
    plannedHours: Double? = nil, measure: DemandCharge? = nil
  ) throws -> Tariff {
    try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0)],
      demand: measure.map { [$0] } ?? [],
      hoursOfUse: measure == nil
        ? [
          HoursOfUseCharge(
            "grid", below: .init(pricePerKW: 20, pricePerKWh: 0.05),
            above: .init(pricePerKW: 120, pricePerKWh: 0.01), plannedHours: plannedHours,
            meteringSeconds: 3600)
        ] : [])
  }

  private func months(_ tariff: Tariff, _ grid: TimeGrid, _ load: [Double]) throws -> [Double] {
    try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil).bill(
      importKW: load, exportKW: [Double](repeating: 0, count: grid.count)
    ).months.map(\.demand)
  }

  // 8,760 hours of 1 kW with one hour of 4 kW: 8,763 kWh and 2,190.75 hours of use, so 438.15 + 80. With 3 kW
  // 8,762 kWh and 2,920.67 hours: 87.62 + 360.
  @Test(
    "a year is billed on the side of its hours of use", arguments: [(4.0, 518.15), (3, 447.62)])
  func year(peak: Double, total: Double) throws {
    let grid = hours2023(days: 365)
    let found = try months(tariff(), grid, evenLoadKW(grid, [5000: peak]))
    #expect(isClose(found.reduce(0, +), total, absolute: 1e-9))
  }

  // January of 1 kW: 744 hours of use of 208.3, so 744 · 0.01 + 120 / 12. February peaks at 4 kW: 1,419 kWh and
  // 354.75 of 416.7 hours, so the two months come to 1,419 · 0.05 + 4 · 20 / 6 = 84.28333.
  @Test("a month that changes the side settles the months before") func settles() throws {
    let grid = hours2023(days: 31 + 28)
    let found = try months(tariff(), grid, evenLoadKW(grid, [40 * 24: 4]))
    #expect(isClose(found[0], 17.44, absolute: 1e-9))
    #expect(isClose(found[1], 84.28333333333333 - 17.44, absolute: 1e-9))
  }

  @Test("plans take the side of the year so far, before its first day the planned one")
  func planned() throws {
    let grid = hours2023(days: 365 + 31)
    func told(_ tariff: Tariff, _ load: [Double], _ hours: Int) throws -> [[Double]] {
      let schedule = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil)
      var meter = BillingMeter(schedule)
      for slot in 0..<hours { meter.record(slot: slot, importKW: load[slot], exportKW: 0) }
      let prices = PlanningTariff(tariff, grid: grid, zone: .utc).prices(
        over: hours..<hours + 24, spotPerKWh: nil, meter: hours == 0 ? nil : meter,
        peakPricing: .fullPrice)
      return [[prices.buyPerKWh[0]]] + prices.demands.map { [$0.incurredKW, $0.pricePerKW] }
    }
    let steady = evenLoadKW(grid, [:])
    #expect(try told(tariff(), steady, 0) == [[0.01], [0, 120]])
    #expect(try told(tariff(plannedHours: 1800), steady, 0) == [[0.05], [0, 20]])
    // 48 hours of 1 kW are 48 hours of use, of 13.7; with an hour of 10 kW they are 5.7.
    #expect(try told(tariff(plannedHours: 1800), steady, 48) == [[0.01], [1, 120]])
    #expect(try told(tariff(), evenLoadKW(grid, [5: 10]), 48) == [[0.05], [10, 20]])
    // Twelve hours before February: one row counts both months, above the year's peak so far.
    #expect(try told(tariff(), steady, 31 * 24 - 12) == [[0.01], [1, 120]])
    // Twelve hours before the new year: its peak is another one.
    let turn = try told(tariff(), steady, 365 * 24 - 12)
    #expect(turn.map { $0.map { ($0 * 1e9).rounded() / 1e9 } } == [[0.01], [1, 120], [0, 10]])
  }

  // Over 2,000 to 3,000 hours the cost of a kW is 120 at 2,000 (20 + 0.05 · 2,000), 145 at 2,500 and 150 at
  // 3,000: the chord rises by 30 over 1,000 hours from 60. From 2,600 hours on it is the upper pair itself.
  @Test("the floor is the chord between the hours that can be metered") func floor() {
    let sides = [(perKWh: 0.05, perKW: 20.0), (perKWh: 0.01, perKW: 120.0)]
    let chord = HoursOfUseFloor(sides: sides, switchHours: 2500, hours: 2000...3000, at: 2400)
    #expect(isClose(chord.perKWh, 0.03, absolute: 1e-12))
    #expect(isClose(chord.perKW, 60, absolute: 1e-9))
    let upper = HoursOfUseFloor(sides: sides, switchHours: 2500, hours: 2600...3000, at: 2700)
    #expect(isClose(upper.perKWh, 0.01, absolute: 1e-12))
    #expect(isClose(upper.perKW, 120, absolute: 1e-9))
  }

  /// 120 a year per kW of the highest hour from 17 to 20, if it is 20 percent and 3 kW below the highest of all.
  private func windows() -> DemandCharge {
    DemandCharge(
      "power",
      periods: [
        DemandPeriod(
          "high load", window: CalendarWindow(times: [ClockSpan(hours: 17, to: 20)]),
          pricePerKW: 120)
      ],
      measure: DemandMeasure(
        YearlyPeakInWindows([.wholeNumber(20), .wholeNumber(3), .wholeNumber(20)])),
      meteringSeconds: 3600, unit: .year)
  }

  // January: 10 kW at noon, 4 kW at 18 h: 6 kW below, so 4 kW are billed. February: 9 kW at 18 h is 1 kW below
  // 10 kW: the year is billed for 10 kW, January anew. In the year without February's hour 2 kW is the floor of a
  // fifth of 10 kW where the windows see 1 kW.
  @Test("the highest of stated windows counts where it lies well below the highest of all")
  func highLoadWindows() throws {
    let grid = hours2023(days: 31 + 28)
    func found(_ peaks: [Int: Double]) throws -> [Double] {
      try months(tariff(measure: windows()), grid, evenLoadKW(grid, peaks))
    }
    #expect(try found([12: 10, 18: 4]) == [40, 40])
    #expect(try found([12: 10, 18: 4, 40 * 24 + 18: 9]) == [40, 100 + 60])
    #expect(try found([12: 10]) == [20, 20])
    // 2 kW below are too few.
    #expect(try found([12: 6, 18: 4]) == [60, 60])
  }

  @Test("plans pay for the windows' peak alone, once for all months of the year")
  func highLoadPlan() throws {
    let grid = hours2023(days: 31 + 28)
    let tariff = try tariff(measure: windows())
    var meter = BillingMeter(
      try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil))
    for slot in 0..<31 * 24 - 12 { meter.record(slot: slot, importKW: 2, exportKW: 0) }
    let rows = PlanningTariff(tariff, grid: grid, zone: .utc).prices(
      over: 31 * 24 - 12..<31 * 24 + 24, spotPerKWh: nil, meter: meter, peakPricing: .fullPrice
    ).demands
    #expect(rows.map(\.incurredKW) == [2])
    #expect(isClose(rows[0].pricePerKW, 20, absolute: 1e-12))
    // 17 to 20 h on the last day of January and on the first of February.
    #expect(rows[0].applies.indices.filter { rows[0].applies[$0] } == [5, 6, 7, 29, 30, 31])
  }

  // 2 kW all month, 4 kW once at noon. A site that has shown 4.5 kW, or the 4 kW of this year, has nothing 3 kW below
  // that but what the windows have seen, 2 kW: the highest of all is paid, 4 kW so far. One that has shown 6 kW may be
  // relieved.
  @Test("plans count on no relief that the site has shown no import for")
  func unrelievedPlan() throws {
    let grid = hours2023(days: 31 + 28)
    let tariff = try tariff(measure: windows())
    var meter = BillingMeter(
      try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil))
    for slot in 0..<31 * 24 - 12 {
      meter.record(slot: slot, importKW: slot == 12 ? 4 : 2, exportKW: 0)
    }
    func rows(_ shownKW: Double?) -> [DemandPrice] {
      var planning = PlanningTariff(tariff, grid: grid, zone: .utc)
      planning.shownKW = shownKW
      return planning.prices(
        over: 31 * 24 - 12..<31 * 24 + 24, spotPerKWh: nil, meter: meter, peakPricing: .fullPrice
      ).demands
    }
    for shown: Double? in [0, 4.5] {
      let found = rows(shown)
      #expect(found.map(\.incurredKW) == [4])
      #expect(isClose(found[0].pricePerKW, 20, absolute: 1e-12))
      #expect(found[0].applies.allSatisfy { $0 })
    }
    for shown: Double? in [nil, 6] {
      #expect(rows(shown).map(\.incurredKW) == [2])
      #expect(rows(shown)[0].applies.count { $0 } == 6)
    }
  }
}
