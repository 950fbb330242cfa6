import Replay
import SiteSupport
import Studies
import TestSupport
import Testing

@Suite("Batteries side by side") struct BatteryComparisonTests {
  /// Two days of 1 kW with 0.10 EUR/kWh before noon and 0.30 after it.
  private func run(_ name: String, kWh: Double) throws -> BatteryRun {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1], [1, 1, 1, 1]]), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: kWh, powerKW: 1))
    return BatteryRun(
      name: name, replay: replay,
      comparison: try ForecastComparison(
        replay, versions: [PaperSite.version(.perfect)], threads: 1))
  }

  // No battery: 2·(12·0.1 + 12·0.3) = 9.6. Each kWh past noon saves 0.2 a day: 6 kWh 2.4, 3 kWh 1.2.
  @Test("the cheapest to run is the one that saves most, by what the other saves less")
  func best() throws {
    let batteries = BatteryComparison([
      try run("small", kWh: 3), try run("large", kWh: 6), try run("also large", kWh: 6),
    ])
    #expect(batteries.best?.name == "large")
    #expect(isClose(batteries.runs[0].score.outcome.cost, 8.4, absolute: 1e-5))
    #expect(isClose(batteries.runs[1].score.outcome.cost, 7.2, absolute: 1e-5))
    #expect(isClose(batteries.runs[1].score.savingsVsNoBattery, 2.4, absolute: 1e-5))
    #expect(batteries.pairs.map(\.a) == ["large", "large"])
    #expect(batteries.pairs.map(\.b) == ["small", "also large"])
    #expect(isClose(batteries.pairs[0].difference, -1.2, absolute: 1e-5))
    #expect(isClose(batteries.pairs[1].difference, 0, absolute: 1e-9))
  }

  @Test("one battery is compared with nothing") func alone() throws {
    let batteries = BatteryComparison([try run("one", kWh: 3)])
    #expect(batteries.best?.name == "one" && batteries.pairs.isEmpty)
  }
}
