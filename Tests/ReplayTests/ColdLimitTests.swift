import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries
import Twin

@Suite("Limits of a cold battery that warms", .tags(.solver)) struct ColdLimitTests {
  /// Air just above freezing, one price, and two hours of more sun than a cold battery takes.
  static func replay(
    replanSeconds: Int, battery: TwinSpecification? = nil
  ) throws -> ReplayCase {
    let from = SmallSite.berlin.startOfDay(CivilTime(year: 2024, month: 2, day: 5).dayNumber)
    let days = 7
    let history = SmallSite.history(
      from: from, days: days, load: { _, hour in hour >= 16 ? 1.2 : 0.4 },
      pv: { _, hour in hour >= 9 && hour < 11 ? 5 : 0 }, ambientC: 1)
    return try SmallSite.replay(
      history, from: from, days: days,
      tariff: Tariff(
        name: "flat", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.24)]),
      twin: battery ?? SmallSite.battery(derating: .residential),
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

  @Test("so do two batteries, and one that production is on the DC side of")
  func others() throws {
    let half = SiteBattery(
      name: "half", system: try .sized(capacityKWh: 5, powerKW: 2.5, derating: .residential))
    var converter = ConverterSpecification(ratedKW: 5)
    converter.pvCoupling = .dc
    let hybrid = try TwinSpecification.sized(
      capacityKWh: 10, powerKW: 5, converter: converter, derating: .residential)
    for kind in ["fleet", "hybrid"] {
      func charged(_ replanSeconds: Int) throws -> Double {
        var replay = try Self.replay(
          replanSeconds: replanSeconds, battery: kind == "hybrid" ? hybrid : nil)
        if kind == "fleet" {
          var other = half
          other.name = "other half"
          replay = replay.with(fleet: [half, other])
        }
        let outcome = try Replayer(replay).run(.oracle)
        return outcome.trace.batteryKW.reduce(0) { $0 + max(0, -$1) } / 4
      }
      let hourly = try charged(3600)
      #expect(hourly > 10, "\(kind)")
      #expect(try charged(21_600) > 0.96 * hourly, "\(kind)")
    }
  }
}
