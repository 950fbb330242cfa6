import Diagnostics
import TestSupport
import Testing
import TimeSeries

@testable import Tariffs

/// Prices that depend on the spot price's sign, by hand.
@Suite("Prices by the sign of the spot price") struct SpotConditionTests {
  /// Hours from 2025-02-24T20:00 in UTC: four of the 24th and four of the 25th.
  private static let grid = TimeGrid(
    start: CivilCalendar.days(year: 2025, month: 2, day: 24) * 86_400 + 20 * 3600,
    stepSeconds: 3600, count: 8)

  private static func tariff(
    _ period: EnergyPeriod, settlement: Settlement? = nil
  ) throws -> Tariff {
    try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.3)],
      export: ExportRule(charges: [EnergyCharge("feed-in", periods: [period])]),
      settlement: settlement)
  }

  private static func supported(_ condition: SpotCondition) -> EnergyPeriod {
    var period = EnergyPeriod("all", pricePerKWh: 0.08)
    period.whenSpotBelow = condition
    return period
  }

  private static let spot = [-0.01, 0.02, 0, 0.03, -0.02, 0, -0.001, 0.04]

  // 1 kWh an hour is fed in. Of eight hours three are below zero; from the 25th on it is two of four.
  private static let earned: [(SpotCondition, Double)] = [
    // 5 · 0.08
    (SpotCondition(), 0.4),
    // 6 · 0.08
    (SpotCondition(fromDay: 20_144), 0.48),
    // 5 · 0.08 + 3 · 0.03, and − 3 · 0.01
    (SpotCondition(pricePerKWh: DatedValue(0.03)), 0.49),
    (SpotCondition(pricePerKWh: DatedValue(-0.01)), 0.37),
    // 3 · 0.08, and all of it
    (SpotCondition(belowPerKWh: 0.02), 0.24), (SpotCondition(belowPerKWh: -1), 0.64),
  ]

  @Test("feeding in earns the other price while the spot price is negative", arguments: earned)
  func bill(condition: SpotCondition, earned: Double) throws {
    #expect(CivilCalendar.days(year: 2025, month: 2, day: 25) == 20_144)
    let tariff = try Self.tariff(Self.supported(condition))
    #expect(tariff.usesSpot)
    let schedule = try BillingSchedule(
      tariff, grid: Self.grid, zone: .utc, spotPerKWh: Self.spot)
    let ones = [Double](repeating: 1, count: 8)
    let none = [Double](repeating: 0, count: 8)
    #expect(
      isClose(schedule.bill(importKW: none, exportKW: ones).total, -earned, absolute: 1e-12))
    // The slots add up to the bill, and plans that know the spot price are told the bill's prices.
    let slots = schedule.slotBill(importKW: none, exportKW: ones)
    #expect(isClose(slots.exportAmount.reduce(0, +), -earned, absolute: 1e-12))
    let told = PlanningTariff(tariff, grid: Self.grid, zone: .utc).prices(
      over: 0..<8, spotPerKWh: Self.spot[...], meter: nil, peakPricing: .fullPrice)
    #expect(told.sellPerKWh == schedule.sellPerKWh)
    // No series may cost less at the floor's prices than by the bill.
    let reference = FloorReference(
      importKW: none, exportKW: ones, worthPerKWh: none)
    let reach = MeterReach(mostKW: ones, leastKWh: { _, _ in 0 }, leastKW: { _, _, _ in 0 })
    let floor = schedule.floor(
      at: reference, reach: reach, cappedMonths: [], splitsMonths: false)
    #expect(floor.prices.sellPerKWh == schedule.sellPerKWh)
  }

  @Test("a plan goes by the spot prices it is told, a bill by those that came")
  func forecast() throws {
    let tariff = try Self.tariff(Self.supported(SpotCondition()))
    let prices = PlanningTariff(tariff, grid: Self.grid, zone: .utc).prices(
      over: 2..<5, spotPerKWh: [0.01, -0.01, 0.01][...], meter: nil, peakPricing: .fullPrice)
    #expect(prices.sellPerKWh == [0.08, 0, 0.08])
    let schedule = try BillingSchedule(
      tariff, grid: Self.grid, zone: .utc, spotPerKWh: Self.spot)
    #expect(Array(schedule.sellPerKWh[2..<5]) == [0.08, 0.08, 0])
  }

  @Test("the mean of a settlement interval decides") func settlement() throws {
    // Pairs of hours: means of 0.005, 0.015, −0.01 and 0.0195.
    let tariff = try Self.tariff(
      Self.supported(SpotCondition()), settlement: Settlement(seconds: 7200))
    let schedule = try BillingSchedule(
      tariff, grid: Self.grid, zone: .utc, spotPerKWh: Self.spot)
    #expect(schedule.sellPerKWh == [0.08, 0.08, 0.08, 0.08, 0, 0, 0.08, 0.08])
  }

  @Test("a floor and a cap of the spot formula begin on their dates") func datedBounds() throws {
    var period = EnergyPeriod("all", pricePerKWh: 0.01, spotMultiplier: 1)
    period.floorPerKWh = DatedValue(steps: [.init(fromDay: 20_144, value: 0)])
    period.capPerKWh = DatedValue(steps: [
      .init(fromDay: 20_143, value: 0.02), .init(fromDay: 20_144, value: 0.04),
    ])
    let schedule = try BillingSchedule(
      Self.tariff(period), grid: Self.grid, zone: .utc, spotPerKWh: Self.spot)
    for (price, expected) in zip(
      schedule.sellPerKWh, [0, 0.02, 0.01, 0.02, 0, 0.01, 0.009, 0.04])
    {
      #expect(isClose(price, expected, absolute: 1e-12))
    }
    period.floorPerKWh = DatedValue(steps: [.init(fromDay: 20_144, value: 0.05)])
    let error = #expect(throws: InputError.self) { try Self.tariff(period) }
    #expect(
      error?.diagnostics.map(\.message) == [
        "the floor of 'all' must not exceed its cap, found '0.05' and '0.04'"
      ])
  }

  @Test("it needs spot prices, and says in words what it is") func words() throws {
    let tariff = try Self.tariff(Self.supported(SpotCondition(fromDay: 20_144)))
    #expect(
      tariff.words.map { "\($0.rule): \($0.text)" }.suffix(2) == [
        "export: is paid for in every interval",
        "export: 'feed-in': 0.08 EUR a kWh, but 0 where the market price is below 0, from 2025-02-25"
          + " on",
      ])
    let error = #expect(throws: InputError.self) {
      try BillingSchedule(tariff, grid: Self.grid, zone: .utc, spotPerKWh: nil)
    }
    #expect(
      error?.diagnostics.map(\.message) == ["'t' follows the spot market and needs spot prices"])
    var bounded = EnergyPeriod("all", pricePerKWh: 0, spotMultiplier: 1)
    (bounded.floorPerKWh, bounded.capPerKWh) = (0, 0.18)
    #expect(
      try Self.tariff(bounded).words.last?.text
        == "'feed-in': the market price a kWh, at least 0, at most 0.18")
  }
}
