import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

@Suite("Planning prices") struct PlanningTariffTests {
  let zone: Zone
  let grid: TimeGrid

  init() throws {
    zone = try Zone("Europe/Berlin")
    grid = RichTariff.grid(step: 3600, zone: zone)
  }

  private func peakTariff(_ measure: DemandMeasure = .monthlyPeak) throws -> Tariff {
    try Tariff(
      name: "t", currency: "EUR", vatFraction: 0.2,
      energy: [.spot("spot", adderPerKWh: 0.1)],
      demand: [
        DemandCharge(
          "peak",
          periods: [
            DemandPeriod(
              "day", window: CalendarWindow(times: [ClockSpan(hours: 8, to: 20)]), pricePerKW: 10)
          ], measure: measure, meteringSeconds: 3600)
      ], export: .spot(minusPerKWh: 0.02))
  }

  @Test("energy prices are those of the bill") func energy() throws {
    let tariff = try peakTariff()
    let spot = RichTariff.random(grid.count, seed: 1, scale: 0.2)
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: spot)
    let range = 100..<136
    let prices = PlanningTariff(tariff, grid: grid, zone: zone).prices(
      over: range, spotPerKWh: spot[range], meter: nil, peakPricing: .fullPrice)
    #expect(prices.buyPerKWh == Array(schedule.buyPerKWh[range]))
    #expect(prices.sellPerKWh == Array(schedule.sellPerKWh[range]))
    #expect(prices.demands.count == 1)
    // 100 h after midnight is 04:00; the window opens at 08:00.
    #expect(prices.demands[0].applies.prefix(6) == [false, false, false, false, true, true])
    #expect(prices.demands[0].pricePerKW == 12)
  }

  @Test("incurred peaks follow the meter and end with the month") func incurred() throws {
    let tariff = try peakTariff()
    let spot = [Double](repeating: 0.1, count: grid.count)
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: spot)
    let planning = PlanningTariff(tariff, grid: grid, zone: zone)
    var meter = BillingMeter(schedule)
    let january = schedule.monthSlots[0]
    for slot in january.dropLast(12) {
      // 7 kW at 03:00 on the second day does not count, 5 kW at 10:00 does.
      meter.record(slot: slot, importKW: slot == 27 ? 7 : slot == 34 ? 5 : 1, exportKW: 0)
    }
    let range = january.upperBound - 12..<january.upperBound + 24
    let prices = planning.prices(
      over: range, spotPerKWh: spot[range], meter: meter, peakPricing: .fullPrice)
    #expect(prices.demands.map(\.label) == ["peak 2024-01", "peak 2024-02"])
    #expect(prices.demands.map(\.incurredKW) == [5, 0])
    #expect(meter.incurredPeaksKW == [[5]])
    let scaled = planning.prices(
      over: range, spotPerKWh: spot[range], meter: meter, peakPricing: .daysLeft)
    // January has the 12 hours of the horizon left, February 29 days of which one is planned.
    #expect(isClose(scaled.demands[0].pricePerKW, 12, absolute: 1e-12))
    #expect(isClose(scaled.demands[1].pricePerKW, 12 / 29.0, absolute: 1e-12))
    let aimed = planning.prices(
      over: range, spotPerKWh: spot[range], meter: meter, peakPricing: .monthlyTarget,
      targetsKW: ["peak 2024-01": 4, "peak 2024-02": 3])
    #expect(aimed.demands.map(\.incurredKW) == [5, 3])
    // Without targets the first month has nothing to go by, the next aims at 0.9 of 5 kW.
    let usual = planning.prices(
      over: range, spotPerKWh: spot[range], meter: meter, peakPricing: .monthlyTarget)
    #expect(usual.demands.map(\.incurredKW) == [5, 4.5])
    // A target that is held stands for the next month as well, with the peak so far beside it.
    let held = planning.prices(
      over: range, spotPerKWh: spot[range], meter: meter, peakPricing: .trailingTarget,
      targetsKW: ["peak": 6])
    #expect(held.demands.map(\.incurredKW) == [6, 6])
    #expect(held.demands.map { $0.held?.meteredKW } == [5, 5])
    // A twentieth of 10 with a fifth of VAT.
    for demand in held.demands {
      #expect(isClose(demand.held?.linePricePerKW ?? .nan, 0.6, absolute: 1e-12))
    }
    // Without a target the full price stands.
    let none = planning.prices(
      over: range, spotPerKWh: spot[range], meter: meter, peakPricing: .trailingTarget)
    #expect(none.demands == prices.demands)
  }

  @Test("the mean of three days prices each day at a third above the third highest")
  func meanOfThree() throws {
    let tariff = try peakTariff(.meanOfHighest(count: 3, onDifferentDays: true))
    let spot = [Double](repeating: 0.1, count: grid.count)
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: spot)
    var meter = BillingMeter(schedule)
    for (day, peak) in [4.0, 9, 6, 5].enumerated() {
      for hour in 0..<24 {
        meter.record(slot: day * 24 + hour, importKW: hour == 12 ? peak : 1, exportKW: 0)
      }
    }
    let range = 96..<144
    let prices = PlanningTariff(tariff, grid: grid, zone: zone).prices(
      over: range, spotPerKWh: spot[range], meter: meter, peakPricing: .fullPrice)
    #expect(prices.demands.map(\.incurredKW) == [5, 5])
    #expect(prices.demands.map(\.pricePerKW) == [4, 4])
    #expect(prices.demands.map(\.label) == ["peak 2024-01 2024-01-05", "peak 2024-01 2024-01-06"])
  }

  @Test("rising blocks become surcharges above what is left of a block") func blocks() throws {
    let tariff = try Tariff(
      name: "t", currency: "EUR",
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod(
              "all",
              tiers: [
                EnergyTier(upTo: 100, pricePerKWh: 0.1), EnergyTier(upTo: 200, pricePerKWh: 0.2),
                EnergyTier(pricePerKWh: 0.5),
              ])
          ])
      ])
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: nil)
    var meter = BillingMeter(schedule)
    for slot in 0..<24 { meter.record(slot: slot, importKW: 5, exportKW: 0) }
    let prices = PlanningTariff(tariff, grid: grid, zone: zone).prices(
      over: 24..<60, spotPerKWh: nil, meter: meter, peakPricing: .fullPrice)
    // 120 kWh are bought: the second block is in force and has 80 kWh left.
    #expect(prices.buyPerKWh.allSatisfy { $0 == 0.2 })
    #expect(prices.importBlocks.map(\.limitKWh) == [80])
    #expect(isClose(prices.importBlocks[0].surchargePerKWh, 0.3, absolute: 1e-12))
    // With 50 kWh expected after the horizon 30 are left of the block, with 100 none.
    func later(_ energyKWh: Double) -> PlanningPrices {
      PlanningTariff(tariff, grid: grid, zone: zone).prices(
        over: 24..<60, spotPerKWh: nil, meter: meter, peakPricing: .fullPrice,
        laterImportKWh: energyKWh)
    }
    #expect(later(50).importBlocks.map(\.limitKWh) == [30])
    #expect(later(100).importBlocks.isEmpty)
    #expect(later(100).buyPerKWh.allSatisfy { $0 == 0.5 })
  }

  // At its cap of 0.34 with 20 % VAT a charge costs 0.408 for a kWh and nothing for a peak of the month;
  // in the mean of twelve months January's peak is a half of February's, a third of March's and so on.
  @Test("a month at its cap pays for energy in place of its peak", arguments: [false, true])
  func cappedMonth(isMean: Bool) throws {
    let tariff = try Tariff(
      name: "t", currency: "EUR", vatFraction: 0.2, energy: [.flat("energy", pricePerKWh: 0.1)],
      demand: [
        DemandCharge(
          "capacity", periods: [DemandPeriod("all", pricePerKW: 4)],
          measure: isMean
            ? .meanOfMonthlyPeaks(months: 12, earlierPeaksKW: []) : .monthlyPeak,
          meteringSeconds: 3600, capPerKWh: 0.34)
      ])
    let prices = PlanningTariff(tariff, grid: grid, zone: zone)
    func january(_ capped: Set<String>) -> PlanningPrices {
      prices.prices(
        over: 0..<24, spotPerKWh: nil, meter: nil, peakPricing: .fullPrice, cappedMonths: capped)
    }
    let own = january([])
    let atCap = january(["2024-01"])
    #expect(own.buyPerKWh.allSatisfy { isClose($0, 0.12, absolute: 1e-12) })
    #expect(atCap.buyPerKWh.allSatisfy { isClose($0, 0.528, absolute: 1e-12) })
    let whole = (1...12).reduce(0) { $0 + 1 / Double($1) }
    let share = isMean ? whole : 1
    #expect(own.demands.count == 1)
    #expect(isClose(own.demands[0].pricePerKW, 4.8 * share, absolute: 1e-9))
    let rest = atCap.demands.reduce(0) { $0 + $1.pricePerKW }
    #expect(isClose(rest, 4.8 * (share - 1), absolute: 1e-9))
    // With February at its cap nobody pays for a half of January's peak there.
    let later = january(["2024-02"])
    #expect(later.buyPerKWh == own.buyPerKWh)
    #expect(
      isClose(later.demands[0].pricePerKW, 4.8 * (share - (isMean ? 0.5 : 0)), absolute: 1e-9))
  }

  @Test("a metering interval that is under way is stated") func elapsed() throws {
    let fine = RichTariff.grid(step: 900, zone: zone)
    let tariff = try peakTariff()
    let spot = [Double](repeating: 0.1, count: fine.count)
    let schedule = try BillingSchedule(tariff, grid: fine, zone: zone, spotPerKWh: spot)
    var meter = BillingMeter(schedule)
    for slot in 0..<50 { meter.record(slot: slot, importKW: slot < 48 ? 1 : 9, exportKW: 0) }
    let prices = PlanningTariff(tariff, grid: fine, zone: zone).prices(
      over: 50..<60, spotPerKWh: spot[50..<60], meter: meter, peakPricing: .fullPrice)
    let row = prices.demands[0]
    #expect(row.meteringSlots == 4 && row.elapsedSlots == 2 && row.elapsedKW == 9)
    // Half of the hour at 9 kW is 4.5 kW already; with 5 kW in the other half it is 7.
    #expect(row.incurredKW == 4.5)
    #expect(row.peakKW(importKW: [5, 5] + [Double](repeating: 1, count: 8)) == 7)
  }

  @Test("without rules that the surrogate leaves out the gap is zero") func noGap() throws {
    let tariff = try peakTariff()
    let load = RichTariff.random(grid.count, seed: 2, scale: 10)
    let export = RichTariff.random(grid.count, seed: 3, scale: 3, below: 0.3)
    let spot = RichTariff.random(grid.count, seed: 4, scale: 0.2)
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: spot)
    let gaps = schedule.surrogateGaps(importKW: load, exportKW: export)
    #expect(gaps.count == 12)
    for gap in gaps { #expect(abs(gap.gap) < 1e-8, "month \(gap.month)") }
  }

  @Test("a cap shows as a gap of what it takes off") func capGap() throws {
    let tariff = try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.1)],
      demand: [
        DemandCharge(
          "capacity", periods: [DemandPeriod("all", pricePerKW: 4)], meteringSeconds: 3600,
          capPerKWh: 0.34)
      ])
    var load = [Double](repeating: 0, count: grid.count)
    load[10] = 10
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: nil)
    let gaps = schedule.surrogateGaps(
      importKW: load, exportKW: [Double](repeating: 0, count: grid.count))
    // 10 kWh at 0.34 instead of 10 kW at 4.
    #expect(isClose(gaps[0].gap, 3.4 - 40, absolute: 1e-9))
    #expect(gaps.dropFirst().allSatisfy { $0.gap == 0 })
  }

  @Test("a minimum shows as a gap only where it binds") func minimumGap() throws {
    let tariff = try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.1)],
      minimums: [MinimumCharge("minimum", amount: 10, unit: .month)])
    var load = [Double](repeating: 1, count: grid.count)
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: nil)
    // February imports 10 kWh only: 1.00, topped up by 9.00.
    let february = schedule.monthSlots[1]
    for slot in february { load[slot] = slot < february.lowerBound + 10 ? 1 : 0 }
    let gaps = schedule.surrogateGaps(
      importKW: load, exportKW: [Double](repeating: 0, count: grid.count))
    #expect(isClose(gaps[0].gap, 0, absolute: 1e-9))
    #expect(isClose(gaps[1].gap, 9, absolute: 1e-9))
  }

  @Test("over a month the mean of three is bounded by the price of its highest day")
  func meanOverMonth() throws {
    let tariff = try peakTariff(.meanOfHighest(count: 3, onDifferentDays: true))
    let spot = [Double](repeating: 0.1, count: grid.count)
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: spot)
    let load = RichTariff.random(grid.count, seed: 21, scale: 10)
    for gap in schedule.surrogateGaps(
      importKW: load, exportKW: [Double](repeating: 0, count: grid.count))
    {
      #expect(gap.gap <= 1e-9, "month \(gap.month)")
    }
  }

  @Test("demand that is billed at least is no gap, capped or not", arguments: [nil, 0.34])
  func minimumDemand(cap: Double?) throws {
    let tariff = try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.1)],
      demand: [
        DemandCharge(
          "capacity", periods: [DemandPeriod("all", pricePerKW: 4)], meteringSeconds: 3600,
          minimumKW: 2.5, capPerKWh: cap)
      ])
    let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: nil)
    for gap in schedule.surrogateGaps(
      importKW: [Double](repeating: 1, count: grid.count),
      exportKW: [Double](repeating: 0, count: grid.count))
    {
      #expect(isClose(gap.gap, 0, absolute: 1e-9), "month \(gap.month)")
    }
  }
}
