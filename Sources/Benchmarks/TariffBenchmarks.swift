import Numerics
import Tariffs
import TimeSeries

/// Bills of a year at 15 min under a tariff with nearly every rule at once.
enum TariffBenchmarks {
  static func cases() -> [BenchmarkCase] {
    [
      BenchmarkCase(name: "bill.year", unit: "ms", target: 5) { try year() },
      BenchmarkCase(name: "bill.schedule", unit: "ms", target: nil) { try schedule() },
      BenchmarkCase(name: "bill.planning_prices", unit: "µs", target: 50) { try prices() },
    ]
  }

  private static let summer = DateSpan(months: 6, through: 9)
  private static let onPeak = CalendarWindow(
    dates: [summer], days: .weekday, times: [ClockSpan(hours: 12, to: 18)])
  private static let midPeak = CalendarWindow(
    days: .weekday, times: [ClockSpan(hours: 7, to: 12), ClockSpan(hours: 18, to: 22)])

  private static func tariff() throws -> Tariff {
    try Tariff(
      name: "richest", currency: "EUR", vatFraction: 0.2,
      holidays: HolidayCalendar.country("DE") ?? .none,
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod("on peak", window: onPeak, tiers: tiers(0.30, 0.40)),
            EnergyPeriod("mid peak", window: midPeak, tiers: tiers(0.20, 0.30)),
            EnergyPeriod("off peak", window: .rest, tiers: tiers(0.10, 0.15)),
          ]),
        .spot("spot", multiplier: 1.02, adderPerKWh: 0.01),
        .flat("tax", pricePerKWh: 0.02), .flat("levy", pricePerKWh: 0.013),
      ],
      demand: [
        DemandCharge(
          "facility", periods: [DemandPeriod("all", pricePerKW: 3)],
          ratchet: DemandRatchet(fraction: 0.6, lookback: .range(months: 11))),
        DemandCharge(
          "time of use",
          periods: [
            DemandPeriod("on peak", window: onPeak, pricePerKW: 18),
            DemandPeriod("mid peak", window: midPeak, pricePerKW: 5),
          ]),
        DemandCharge(
          "top three", periods: [DemandPeriod("day", window: midPeak, pricePerKW: 4)],
          measure: .meanOfHighest(count: 3, onDifferentDays: true), meteringSeconds: 3600),
        DemandCharge(
          "capacity", periods: [DemandPeriod("all", pricePerKW: 40)],
          measure: .meanOfMonthlyPeaks(months: 12, earlierPeaksKW: []), unit: .year,
          minimumKW: 2.5, capPerKWh: 0.34),
        DemandCharge(
          "daily", periods: [DemandPeriod("day", window: midPeak, pricePerKW: 0.1)],
          measure: .dailyPeak, meteringSeconds: 1800),
      ],
      contracted: [
        ContractedPower("contract", contractedKW: 60, pricePerKW: 2, overdrawPricePerKW: 8)
      ],
      reactive: [
        ReactiveCharge("reactive", assumedPowerFactor: 0.9, freeFraction: 0.3, pricePerKVAr: 2)
      ],
      fixed: [FixedCharge("fixed", amount: 1, unit: .day)],
      export: ExportRule(
        charges: [.spot("export", adderPerKWh: -0.01)],
        arrangement: .netBillingCarryOver(sameMonthFirst: true), trueUpMonth: 12),
      minimums: [MinimumCharge("minimum", amount: 100, unit: .year)])
  }

  private static func tiers(_ first: Double, _ second: Double) -> [EnergyTier] {
    [
      EnergyTier(upTo: 5000, pricePerKWh: DatedValue(first)),
      EnergyTier(pricePerKWh: DatedValue(second)),
    ]
  }

  private struct Case {
    let schedule: BillingSchedule
    let importKW: [Double]
    let exportKW: [Double]
    let spot: [Double]
  }

  private static func makeCase() throws -> Case {
    let zone = try Zone("Europe/Berlin")
    let start = zone.startOfDay(CivilCalendar.days(year: 2024, month: 1, day: 1))
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 35_136)
    var generator = SeededGenerator(seed: 1)
    let net = (0..<grid.count).map { _ in Double.random(in: -20..<80, using: &generator) }
    let spot = (0..<grid.count).map { _ in Double.random(in: -0.05..<0.25, using: &generator) }
    return Case(
      schedule: try BillingSchedule(try tariff(), grid: grid, zone: zone, spotPerKWh: spot),
      importKW: net.map { max(0, $0) }, exportKW: net.map { max(0, -$0) }, spot: spot)
  }

  private static func year() throws -> BenchmarkCase.Measurement {
    let item = try makeCase()
    var bill = item.schedule.bill(importKW: item.importKW, exportKW: item.exportKW)
    let seconds = Stopwatch.median(repeats: 9) {
      bill = item.schedule.bill(importKW: item.importKW, exportKW: item.exportKW)
    }
    return BenchmarkCase.Measurement(value: seconds * 1000, isChecked: agrees(bill, item))
  }

  private static func schedule() throws -> BenchmarkCase.Measurement {
    let item = try makeCase()
    let tariff = item.schedule.tariff
    var notes = 0
    let seconds = try Stopwatch.median {
      let schedule = try BillingSchedule(
        tariff, grid: item.schedule.grid, zone: item.schedule.zone, spotPerKWh: item.spot)
      notes += schedule.notes.count
    }
    return BenchmarkCase.Measurement(value: seconds * 1000, isChecked: notes == 0)
  }

  /// Prices of a 36 h horizon, as a replay asks for them every hour.
  private static func prices() throws -> BenchmarkCase.Measurement {
    let item = try makeCase()
    let schedule = item.schedule
    let planning = PlanningTariff(schedule.tariff, grid: schedule.grid, zone: schedule.zone)
    var meter = BillingMeter(schedule)
    for slot in 0..<4800 {
      meter.record(slot: slot, importKW: item.importKW[slot], exportKW: item.exportKW[slot])
    }
    var isChecked = true
    let seconds = Stopwatch.median(repeats: 9) {
      for hour in 0..<100 {
        let range = 4800 + hour * 4..<4944 + hour * 4
        let prices = planning.prices(
          over: range, spotPerKWh: item.spot[range], meter: meter, peakPricing: .fullPrice)
        isChecked =
          isChecked && prices.sellPerKWh[7] == schedule.sellPerKWh[range][range.lowerBound + 7]
      }
    }
    return BenchmarkCase.Measurement(value: seconds / 100 * 1e6, isChecked: isChecked)
  }

  /// Bills the first January's energy again, slot by slot from the rules themselves.
  private static func agrees(_ bill: Bill, _ item: Case) -> Bool {
    let schedule = item.schedule
    let holidays = Set(schedule.tariff.holidays.days(inYear: 2024))
    var counter = 0.0
    var energy = 0.0
    for slot in schedule.monthSlots[0] {
      let local = schedule.zone.civil(at: schedule.grid.instant(slot))
      let isWorkday =
        CivilCalendar.weekday(ofDay: local.dayNumber) <= 5 && !holidays.contains(local.dayNumber)
      let isMid = isWorkday && ((7..<12).contains(local.hour) || (18..<22).contains(local.hour))
      let kWh = item.importKW[slot] * 0.25
      let first = max(0, min(kWh, 5000 - counter))
      counter += kWh
      energy += first * (isMid ? 0.20 : 0.10) + (kWh - first) * (isMid ? 0.30 : 0.15)
      energy += kWh * (1.02 * item.spot[slot] + 0.01 + 0.033)
    }
    let parts = bill.months.allSatisfy { month in
      abs(month.lines.reduce(0) { $0 + $1.amount } - month.total) < 1e-6
    }
    return parts && abs(bill.months[0].energy - energy * 1.2) < 1e-6
  }
}
