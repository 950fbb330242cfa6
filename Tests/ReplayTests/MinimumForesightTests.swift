import Numerics
import Planning
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Plans and a minimum far below the bill", .tags(.solver)) struct MinimumForesightTests {
  /// Three weeks with days of much sun and of none, so that what a day does is not what its month does.
  static func replay(minimum: Double?) throws -> ReplayCase {
    let from = SmallSite.berlin.startOfDay(
      CivilTime(year: 2024, month: 4, day: 22).dayNumber)
    var generator = SeededGenerator(seed: 5, label: "sun")
    let sun = (0..<SmallSite.warmUpDays + 22).map { _ in generator.uniform() < 0.5 ? 0.0 : 4 }
    let history = SmallSite.history(
      from: from, days: 21, stepSeconds: 3600,
      load: { _, hour in hour >= 18 || hour < 6 ? 0.8 : 0.4 },
      pv: { slot, hour in hour >= 9 && hour < 16 ? sun[slot / 24] : 0 })
    let tariff = try Tariff(
      name: "flat", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.24)],
      minimums: minimum.map { [MinimumCharge("least", amount: DatedValue($0), unit: .month)] } ?? []
    )
    return try SmallSite.replay(
      history, from: from, days: 21, tariff: tariff,
      settings: ReplaySettings(
        planningStepSeconds: 3600, horizonHours: 36, replanSeconds: 3600, wearPerKWh: 0.02))
  }

  /// The site pays some 40 a month whatever the battery does, so a minimum of 1 decides nothing.
  @Test("it changes no plan")
  func unmet() throws {
    for controller in [Controller.oracle, .planned(SmallSite.version(.naiveDay))] {
      let without = try Replayer(try Self.replay(minimum: nil)).run(controller)
      let with = try Replayer(try Self.replay(minimum: 1)).run(controller)
      #expect(with.bill.total > 20)
      #expect(isClose(with.cost, without.cost, absolute: 1e-9), "\(controller.name)")
    }
  }
}
