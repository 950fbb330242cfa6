import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Limits of a cold battery that warms", .tags(.solver)) struct ColdLimitTests {
  /// Air just above freezing, one price, and two hours of more sun than a cold battery takes.
  static func replay(replanSeconds: Int) throws -> ReplayCase {
    let from = SmallSite.berlin.startOfDay(CivilTime(year: 2024, month: 2, day: 5).dayNumber)
    let days = 7
    let history = SmallSite.history(
      from: from, days: days, load: { _, hour in hour >= 16 ? 1.2 : 0.4 },
      pv: { _, hour in hour >= 9 && hour < 11 ? 5 : 0 }, ambientC: 1)
    return try SmallSite.replay(
      history, from: from, days: days,
      tariff: Tariff(
        name: "flat", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.24)]),
      twin: SmallSite.battery(derating: .residential),
      settings: ReplaySettings(
        horizonHours: 36, replanSeconds: replanSeconds, recourse: .valueStep))
  }

  // A plan of six hours ago foresees a battery that has not warmed. Held to that, it would charge 9 % less than plans
  // that are made each hour.
  @Test("plans take what the battery can take now, not what was foreseen for it")
  func charged() throws {
    func charged(_ replanSeconds: Int) throws -> Double {
      let outcome = try Replayer(Self.replay(replanSeconds: replanSeconds)).run(.oracle)
      return outcome.trace.batteryKW.reduce(0) { $0 + max(0, -$1) } / 4
    }
    let hourly = try charged(3600)
    #expect(hourly > 10)
    #expect(try charged(21_600) > 0.96 * hourly)
  }
}
