import Numerics
import TimeSeries

@testable import Tariffs

/// Tariffs that use many rules at once, for laws that hold for all of them.
enum RichTariff {
  static let summer = DateSpan(months: 6, through: 9)
  static let winter = DateSpan(months: 10, through: 5)

  static let energy = EnergyCharge(
    "energy",
    periods: [
      EnergyPeriod(
        "summer peak",
        window: CalendarWindow(
          dates: [summer], days: .weekday, times: [ClockSpan(hours: 12, to: 18)]),
        tiers: [EnergyTier(upTo: 400, pricePerKWh: 0.3), EnergyTier(pricePerKWh: 0.4)]),
      EnergyPeriod(
        "winter peak",
        window: CalendarWindow(
          dates: [winter], days: [.weekday, .saturday], times: [ClockSpan(hours: 7, to: 22)]),
        tiers: [EnergyTier(upTo: 700, pricePerKWh: 0.2), EnergyTier(pricePerKWh: 0.25)]),
      EnergyPeriod(
        "rest", window: .rest,
        tiers: [EnergyTier(upTo: 500, pricePerKWh: 0.1), EnergyTier(pricePerKWh: 0.15)]),
    ])

  /// Every kind of rule that does not look at other months.
  static func monthly(metering: Int = 3600) throws -> Tariff {
    try Tariff(
      name: "rich", currency: "EUR",
      vatFraction: DatedValue(steps: [
        .init(fromDay: .min, value: 0.2),
        .init(fromDay: CivilCalendar.days(year: 2024, month: 7, day: 1), value: 0.25),
      ]),
      holidays: HolidayCalendar.country("DE") ?? .none,
      energy: [
        energy, .spot("spot", multiplier: 1.05, adderPerKWh: 0.02),
        .flat("tax", pricePerKWh: 0.03),
      ],
      demand: demand(metering),
      contracted: [
        ContractedPower(
          "subscription", contractedKW: 6, pricePerKW: 2, overdrawPricePerKW: 9,
          meteringSeconds: metering)
      ],
      reactive: [
        ReactiveCharge(
          "reactive", assumedPowerFactor: 0.9, freeFraction: 0.3, pricePerKVAr: 4,
          meteringSeconds: metering)
      ],
      fixed: [
        FixedCharge("daily", amount: 0.3, unit: .day),
        FixedCharge("yearly", amount: 120, unit: .year),
      ],
      export: ExportRule(charges: [.spot("export", adderPerKWh: -0.01)]),
      minimums: [MinimumCharge("minimum", amount: 30, unit: .month)])
  }

  private static func demand(_ metering: Int) -> [DemandCharge] {
    let peakWindow = CalendarWindow(days: .weekday, times: [ClockSpan(hours: 8, to: 20)])
    return [
      DemandCharge(
        "facility",
        periods: [
          DemandPeriod(
            "all", tiers: [DemandTier(upToKW: 5, pricePerKW: 3), DemandTier(pricePerKW: 5)])
        ], meteringSeconds: metering, powerFactor: PowerFactorRule(assumed: 0.9, required: 0.95)),
      DemandCharge(
        "peak",
        periods: [
          DemandPeriod("on", window: peakWindow, pricePerKW: 8),
          DemandPeriod("off", window: .rest, pricePerKW: 2),
        ], meteringSeconds: metering, capPerKWh: 0.2),
      DemandCharge(
        "top three", periods: [DemandPeriod("on", window: peakWindow, pricePerKW: 6)],
        measure: .meanOfHighest(count: 3, onDifferentDays: true), meteringSeconds: metering),
      DemandCharge(
        "daily peak", periods: [DemandPeriod("on", window: peakWindow, pricePerKW: 0.2)],
        measure: .dailyPeak, meteringSeconds: metering),
    ]
  }

  /// A year from local midnight on 2024-01-01 in Berlin.
  static func grid(step: Int, zone: Zone) -> TimeGrid {
    let start = zone.startOfDay(CivilCalendar.days(year: 2024, month: 1, day: 1))
    let end = zone.startOfDay(CivilCalendar.days(year: 2025, month: 1, day: 1))
    return TimeGrid(from: start, to: end, stepSeconds: step)
  }

  static func random(_ count: Int, seed: UInt64, scale: Double, below share: Double = 1) -> [Double]
  {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let value = Double.random(in: 0..<1, using: &generator)
      return value < share ? value * scale : 0
    }
  }
}
