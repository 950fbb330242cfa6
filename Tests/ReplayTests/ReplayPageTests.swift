import Forecasting
import Replay
import Tariffs
import TestSupport
import Testing
import TimeSeries
import Twin

@Suite("Page of Replay") struct ReplayPageTests {
  @Test("the page shows this code")
  func example() throws {
    #expect(try PageExample(room: "Replay").isCode())

    // A week to learn from and a day to replay, hour by hour.
    let grid = TimeGrid(start: 0, stepSeconds: 3600, count: 8 * 24)
    let history = SiteHistory(
      grid: grid, zone: .utc,
      columns: [
        .load: grid.indices.map { $0 % 24 < 17 ? 0.4 : 1.5 },
        .ambient: grid.indices.map { _ in 20 },
      ])
    let night = CalendarWindow(times: [ClockSpan(hours: 0, to: 6)])
    let tariff = try Tariff(
      name: "day and night", currency: "EUR",
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod("night", window: night, pricePerKWh: 0.15),
            EnergyPeriod("day", window: .rest, pricePerKWh: 0.35),
          ])
      ])
    let replay = try ReplayCase(
      history: history, site: SiteContext(zone: .utc), from: 7 * 86_400, to: 8 * 86_400,
      battery: .sized(capacityKWh: 5, powerKW: 3), tariff: tariff,
      settings: ReplaySettings(planningStepSeconds: 3600))
    let recipe = ForecastRecipe(.naiveDay)
    let version = ForecastVersion(name: "yesterday", load: recipe, pv: recipe, price: recipe)
    let without = try Replayer(replay).run(.noBattery)
    let planned = try Replayer(replay).run(.planned(version))
    print(without.cost - planned.cost, planned.trace.socFraction.max() ?? 0)

    // A day without a battery: 6 hours of 0.4 kW at night, 11 by day, and 7 of 1.5 kW.
    let bill = 6 * 0.4 * 0.15 + (11 * 0.4 + 7 * 1.5) * 0.35
    #expect(isClose(without.cost, bill, absolute: 1e-9))
    // At most 90 % of 5 kWh move from night to day, at a difference of 0.20 and some loss.
    #expect(without.cost - planned.cost > 0.5)
    #expect(without.cost - planned.cost < 0.9)
  }
}
