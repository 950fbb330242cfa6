import Forecasting
import Planning
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries

@testable import Replay

@Suite("Battery power method") struct BatteryPowerMethodTests {
  /// 2024-05-06, a Monday, at midnight in Berlin.
  private let from = 1_714_946_400

  @Test("expected power is compared with executed means, at rest and cycling apart") func log()
    throws
  {
    // Planning slots of half an hour over quarters: means 1, 0, 0, 0.5, −1.
    var trace = ReplayTrace(grid: TimeGrid(start: 0, stepSeconds: 900, count: 10))
    trace.batteryKW = [0.5, 1.5, 0, 0, 0, 0, 0.5, 0.5, -1, -1]
    var log = BatteryPowerLog(slotsPerPlanningSlot: 2, slotsPerDay: 48)
    log.enter(at: 0, rule: [1, 1, 0, 0, 0], previousPlan: nil, persistence: nil)
    log.enter(at: 4, rule: [0, 0, 0], previousPlan: [0, 0.5, -1], persistence: 0.25)
    let scores = log.scores(of: trace, ratedKW: 5)
    #expect(scores.map(\.method) == [.rule, .previousPlan, .persistence])
    // An hour at rest ends with the third slot: it alone is quiet.
    #expect(scores[0].quiet.count == 2 && scores[0].quiet.mae == 0)
    // |1−1|, |1−0|, |0−0.5|, |0+1| and |0−0.5|, |0+1| over six slots.
    #expect(scores[0].cycling.count == 6)
    #expect(isClose(scores[0].cycling.mae, 4.0 / 6, relative: 1e-12))
    #expect(scores[1].cycling.mae == 0 && scores[1].battery.signAccuracy == 1)
    #expect(scores[2].quiet.mae == 0.25)
    // Half of the two moving slots is met by a power held at 0.25.
    #expect(scores[2].battery.signAccuracy == 0.5)
  }

  private func outcome(_ method: BatteryPowerMethod, days: Int) throws -> ReplayOutcome {
    let history = SmallSite.history(
      from: from, days: days,
      load: { _, hour in 0.4 + (hour >= 17 && hour < 22 ? 1.5 : 0) },
      pv: { _, hour in max(0, 3 - abs(hour - 13)) },
      price: { _, hour in hour >= 17 && hour < 21 ? 0.4 : hour < 6 ? 0.1 : 0.2 })
    let tariff = try Tariff(
      name: "spot", currency: "EUR", energy: [.spot("energy", adderPerKWh: 0.1)],
      export: .fixed(pricePerKWh: 0.05))
    let replay = try SmallSite.replay(
      history, from: from, days: days, tariff: tariff,
      settings: ReplaySettings(
        twinStepSeconds: 900, recourse: .batterySetPoint, batteryPowerMethod: method,
        wearPerKWh: 0.01)
    )
    return try Replayer(replay).run(.planned(SmallSite.version(.naiveDay)))
  }

  @Test(
    "each way of expecting battery power plans, and where it has none the rule is counted",
    arguments: [
      // Nothing before the first plan, or before the first slot. The history begins 21 days earlier;
      // the first refit that finds anything the battery did is on its 28th day.
      (BatteryPowerMethod.rule, 0), (.previousPlan, 1), (.persistence, 1), (.ridge, 7 * 24),
    ])
  func ways(method: BatteryPowerMethod, standIns: Int) throws {
    let days = method == .ridge ? 9 : 3
    let result = try outcome(method, days: days)
    #expect(result.planning.plans == days * 24 && result.planning.failed == 0)
    #expect(result.batteryPowerStandIns == standIns)
    let ways = result.batteryPowerScores.map(\.method)
    #expect(ways == [.rule, .previousPlan, .persistence] + (method == .ridge ? [.ridge] : []))
  }

  @Test("where every day is like the last and plans are carried out, the last plan is what happens")
  func previousPlan() throws {
    let scores = try outcome(.rule, days: 4).batteryPowerScores
    let rule = try #require(scores.first { $0.method == .rule })
    let previous = try #require(scores.first { $0.method == .previousPlan })
    // Not nothing, because the efficiencies of a plan are those of its own look ahead.
    #expect(previous.cycling.mae < rule.cycling.mae / 3)
    #expect(previous.battery.signAccuracy > 0.9)
  }
}
