import Diagnostics
import Testing
import TimeSeries

@testable import Tariffs

/// Every finding about a tariff, word for word.
@Suite("Checks of a tariff") struct TariffCheckTests {
  private func findings(_ make: () throws -> Tariff) -> [String] {
    do {
      _ = try make()
      return []
    } catch let error as InputError {
      return error.diagnostics.map(\.message)
    } catch {
      return ["\(error)"]
    }
  }

  private func flat(demand: [DemandCharge] = [], export: ExportRule = .nothing) throws -> Tariff {
    try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 1)], demand: demand,
      export: export)
  }

  @Test("numbers out of range") func numbers() {
    #expect(
      findings {
        try Tariff(
          name: "", currency: "", vatFraction: 1.5,
          energy: [.flat("energy", pricePerKWh: DatedValue(.nan))],
          contracted: [
            ContractedPower("c", contractedKW: -1, pricePerKW: 1, overdrawPricePerKW: 1)
          ],
          reactive: [ReactiveCharge("r", assumedPowerFactor: 0, pricePerKVAr: 1)],
          minimums: [MinimumCharge("m", amount: -5, unit: .month)],
          settlement: Settlement(seconds: 1000), importLimitKW: -5)
      } == [
        "a tariff must have a name", "a tariff must have a currency",
        "the VAT fraction must be at least 0.0 and at most 0.9999, found '1.5'",
        "the price of 'energy' 'all' must be a finite number",
        "the amount of 'm' must not be negative, found '-5.0'",
        "the contracted power of 'c' must not be negative, found '-1.0'",
        "the power factor of 'r' must be above 0 and at most 1, found '0.0'",
        "the import limit must not be negative, found '-5.0'",
        "the settlement interval must divide a day, found '1000' s",
      ])
  }

  @Test("names, tiers and conventions") func structure() {
    let tiers = [
      EnergyTier(upTo: 100, pricePerKWh: 1), EnergyTier(pricePerKWh: 2),
      EnergyTier(upTo: 50, pricePerKWh: 3),
    ]
    #expect(
      findings {
        try Tariff(
          name: "t", currency: "EUR",
          energy: [
            EnergyCharge("energy", periods: [EnergyPeriod("all", tiers: tiers)]),
            .flat("energy", pricePerKWh: 1),
          ], export: ExportRule(arrangement: .netMeteringEnergy, trueUpMonth: 13))
      } == [
        "two charges are named 'energy'",
        "only the last tier of 'energy' 'all' may have no upper limit",
        "the last tier of 'energy' 'all' must have no upper limit, found '50.0'",
        "net metering of 'energy' needs the tier convention 'pro_rata' or 'per_period', found"
          + " 'chronological'", "the true-up month must be 1 to 12, found '13'",
      ])
  }

  @Test("measures and ratchets of demand") func demand() {
    let day = CalendarWindow(times: [ClockSpan(hours: 8, to: 20)])
    #expect(
      findings {
        try flat(demand: [
          DemandCharge(
            "mean",
            periods: [
              DemandPeriod("day", window: day, pricePerKW: 5),
              DemandPeriod("night", window: .rest, pricePerKW: 1),
            ], measure: .meanOfHighest(count: 0, onDifferentDays: true)),
          DemandCharge(
            "peak", periods: [DemandPeriod("all", pricePerKW: 1)], measure: .dailyPeak,
            ratchet: DemandRatchet(fraction: 1.2, lookback: .range(months: 0))),
        ])
      } == [
        "'mean' must average at least one peak, found '0'",
        "'mean' bills one mean, so periods 'day' and 'night' of one month must have the same price",
        "the ratchet of 'peak' needs the measure 'monthly_peak'",
        "the ratchet share of 'peak' must be 0 to 1, found '1.2'",
        "the look-back of 'peak' must be 1 to 120 months, found '0'",
      ])
  }

  @Test("means whose price changes with the month are sound") func seasonalMean() {
    func period(_ name: String, _ from: Int, _ through: Int, _ price: DatedValue) -> DemandPeriod {
      DemandPeriod(
        name, window: CalendarWindow(dates: [DateSpan(months: from, through: through)]),
        pricePerKW: price)
    }
    #expect(
      findings {
        try flat(demand: [
          DemandCharge(
            "mean", periods: [period("winter", 11, 3, 2), period("summer", 4, 10, 1)],
            measure: .meanOfHighest(count: 3, onDifferentDays: true))
        ])
      }.isEmpty)
  }

  @Test("windows that overlap only on holidays are found") func holidayOverlap() {
    let energy = EnergyCharge(
      "energy",
      periods: [
        EnergyPeriod(
          "work", window: CalendarWindow(days: [.weekday, .holiday]), pricePerKWh: 2),
        EnergyPeriod(
          "free", window: CalendarWindow(days: [.saturday, .sunday, .holiday]), pricePerKWh: 1),
      ])
    func tariff(_ holidays: HolidayCalendar) throws -> Tariff {
      try Tariff(name: "t", currency: "EUR", holidays: holidays, energy: [energy])
    }
    #expect(findings { try tariff(.none) }.isEmpty)
    #expect(
      findings { try tariff(HolidayCalendar.country("DE") ?? .none) } == [
        "periods 'work' and 'free' of 'energy' overlap on 01-01 (holiday) from 00:00"
      ])
  }
}
