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
    #expect(messages.count == 4)
    #expect(messages[0].contains("must lie within the history"))
    #expect(
      messages[1]
        == "the planning step must be a multiple of the history's step of 900 s, found 1000 s")
    #expect(messages[2].hasPrefix("the time between plans must be a multiple"))
    #expect(messages[3] == "the horizon must reach the next plan: 0.1 h is shorter than 3600 s")
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
