import Diagnostics
import Replay
import SiteSupport
import Tariffs
import Testing
import TimeSeries
import Twin

@Suite("What a replay refuses") struct ReplayCaseTests {
  let from = SmallSite.berlin.startOfDay(CivilTime(year: 2024, month: 6, day: 10).dayNumber)

  private func flat() throws -> Tariff {
    try Tariff(name: "flat", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.3)])
  }

  @Test("every mismatch is named at once")
  func mismatches() throws {
    let history = SmallSite.history(from: from, days: 2, load: { _, _ in 1 })
    let settings = ReplaySettings(
      planningStepSeconds: 1000, horizonHours: 0.1, replanSeconds: 3600)
    let error = #expect(throws: InputError.self) {
      try SmallSite.replay(history, from: from, days: 3, tariff: flat(), settings: settings)
    }
    let messages = error?.diagnostics.map(\.message) ?? []
    #expect(messages.count == 3)
    #expect(messages[0].contains("must lie within the history"))
    #expect(
      messages.dropFirst() == [
        "'step_s' of the planner must be a multiple of the period's step of 900 s, found '1000'",
        "'horizon_h' must reach the next plan, 'replan_every_h' is 1",
      ])
  }

  @Test("plans begin and end on the steps of the planner, and findings carry their keys")
  func steps() {
    let settings = ReplaySettings(
      planningStepSeconds: 1800, horizonHours: 36.25, replanSeconds: 2700, twinStepSeconds: 0)
    let found = settings.problems(historyStepSeconds: 900).all
    #expect(
      found.map { "\($0.key ?? ""): \($0.message)" } == [
        "planner.replan_every_h: 'replan_every_h' must be a multiple of the planning step of "
          + "1800 s, found '0.75'",
        "planner.horizon_h: 'horizon_h' must be a multiple of the planning step of 1800 s, "
          + "found '36.25'",
        "replay.twin_step_s: 'twin_step_s' must be positive, found '0'",
      ])
    #expect(ReplaySettings.usualPlanningStep(historyStepSeconds: 300) == 900)
    // 900 s are no multiple of 7 min, and a history of hours is planned in hours.
    #expect(ReplaySettings.usualPlanningStep(historyStepSeconds: 420) == 420)
    #expect(ReplaySettings.usualPlanningStep(historyStepSeconds: 3600) == 3600)
  }

  @Test("a spot tariff needs a price in every interval of the period")
  func missingPrice() throws {
    var history = SmallSite.history(
      from: from, days: 2, load: { _, _ in 1 }, price: { _, _ in 0.1 })
    var price = history[.price] ?? []
    price[price.count - 3] = .nan
    history[.price] = price
    let tariff = try Tariff(name: "spot", currency: "EUR", energy: [.spot("energy")])
    let error = #expect(throws: InputError.self) {
      try SmallSite.replay(history, from: from, days: 2, tariff: tariff)
    }
    #expect(
      error?.diagnostics.first?.message
        == "the tariff is priced by spot, and 1 intervals of the period have no spot price, "
        + "the first at 2024-06-11T21:15:00Z")
  }
}
