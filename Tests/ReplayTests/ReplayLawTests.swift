import Foundation
import Forecasting
import Numerics
import Planning
import Replay
import SiteSupport
import Tariffs
import TestSupport
import Testing
import TimeSeries
import Twin

@Suite("Laws of the replay", .tags(.solver)) struct ReplayLawTests {
  // 2024-06-10 was a Monday; midnight in Berlin is 22:00 UTC the day before.
  let from = SmallSite.berlin.startOfDay(CivilTime(year: 2024, month: 6, day: 10).dayNumber)

  /// A household with production and noise, from a seed.
  private func household(seed: UInt64, days: Int = 14, price: Bool = false) -> SiteHistory {
    var generator = SeededGenerator(seed: seed, label: "replay laws")
    let count = (days + SmallSite.warmUpDays) * 96
    let cloud = (0..<count / 96 + 1).map { _ in generator.uniform(0.3, 1) }
    let noise = (0..<count).map { _ in generator.uniform(0, 1.2) }
    func load(_ slot: Int, _ hour: Double) -> Double {
      let evening: Double = hour >= 17 && hour < 22 ? 1.2 : 0
      return 0.3 + noise[slot] + evening
    }
    func production(_ slot: Int, _ hour: Double) -> Double {
      guard hour > 6, hour < 20 else { return 0 }
      return 4 * cloud[slot / 96] * sin((hour - 6) / 14 * Double.pi)
    }
    func spot(_ slot: Int, _ hour: Double) -> Double {
      let wave = sin((hour - 3) / 24 * 4 * Double.pi)
      return 0.08 + 0.06 * wave + 0.02 * cloud[slot / 96]
    }
    return SmallSite.history(
      from: from, days: days, load: load, pv: production, price: price ? spot : nil)
  }

  private func timeOfUse() throws -> Tariff {
    try Tariff(
      name: "day and night", currency: "EUR",
      energy: [
        EnergyCharge(
          "energy",
          periods: [
            EnergyPeriod(
              "day", window: CalendarWindow(times: [ClockSpan(fromMinute: 420, toMinute: 1320)]),
              pricePerKWh: 0.32),
            EnergyPeriod("night", window: .rest, pricePerKWh: 0.18),
          ])
      ], export: .fixed(pricePerKWh: 0.08))
  }

  @Test("energy balances at the meter in every interval", arguments: RecourseRule.allCases)
  func balance(rule: RecourseRule) throws {
    let replay = try SmallSite.replay(
      household(seed: 1), from: from, days: 14, tariff: timeOfUse(),
      settings: ReplaySettings(recourse: rule))
    for controller in [
      Controller.selfConsumption, .oracle, .planned(SmallSite.version(.sevenDayAverage)),
    ] {
      let outcome = try Replayer(replay).run(controller)
      #expect(outcome.trace.largestImbalanceKWh < 1e-9, "\(controller.name)")
      #expect(outcome.trace.unmeasuredCount == 0)
      #expect(isClose(outcome.dailyCosts.reduce(0, +), outcome.cost, absolute: 1e-6))
    }
  }

  @Test("a flat tariff without production gives the planner nothing to earn")
  func flatTariff() throws {
    let flat = try Tariff(
      name: "flat", currency: "EUR", energy: [.flat("energy", pricePerKWh: 0.3)],
      export: .fixed(pricePerKWh: 0.05))
    let history = SmallSite.history(
      from: from, days: 7,
      load: { slot, hour in 0.5 + (hour > 17 ? 1 : 0) + 0.1 * Double(slot % 5) })
    let twin = try TwinSpecification.sized(
      capacityKWh: 10, powerKW: 5, spread: .none, derating: .none)
    for rule in RecourseRule.allCases {
      for engine in PlannerChoice.allCases {
        let replay = try SmallSite.replay(
          history, from: from, days: 7, tariff: flat, twin: twin,
          settings: ReplaySettings(recourse: rule, engine: engine))
        let byRule = try Replayer(replay).run(.selfConsumption)
        let planned = try Replayer(replay).run(.planned(SmallSite.version(.naiveDay)))
        if rule == .gridSetPoint {
          // This rule lets the battery take every difference from the plan, which can only lose.
          #expect(planned.cost >= byRule.cost, "\(engine)")
        } else {
          #expect(byRule.cost - planned.cost == 0, "\(rule) \(engine)")
        }
      }
    }
  }

  @Test("the oracle beats the honest versions on average, and nobody beats the bound")
  func ranking() throws {
    var lead = 0.0
    for seed in UInt64(1)...3 {
      let replay = try SmallSite.replay(
        household(seed: seed), from: from, days: 14, tariff: timeOfUse(),
        settings: ReplaySettings(recourse: .gridSetPoint))
      let bound = try ForesightBound(replay)
      let oracle = try Replayer(replay).run(.oracle)
      var honest: [Double] = []
      for kind in [ForecastRecipe.Kind.naiveDay, .sevenDayAverage] {
        let outcome = try Replayer(replay).run(.planned(SmallSite.version(kind)))
        honest.append(outcome.cost)
        #expect(outcome.cost >= bound.cost - abs(bound.modelGap) - 1e-9, "seed \(seed) \(kind)")
      }
      #expect(oracle.cost >= bound.cost - abs(bound.modelGap) - 1e-9, "seed \(seed)")
      lead += Statistics.mean(honest) - oracle.cost
    }
    #expect(lead > 0)
  }

  @Test("the same inputs give the same trace to the last bit")
  func determinism() throws {
    let replay = try SmallSite.replay(
      household(seed: 4), from: from, days: 7, tariff: timeOfUse())
    let controller = Controller.planned(SmallSite.version(.ridge))
    let first = try Replayer(replay).run(controller)
    let second = try Replayer(replay).run(controller)
    #expect(first.trace.gridKW == second.trace.gridKW)
    #expect(first.trace.hottestCellC == second.trace.hottestCellC)
    #expect(first.cost == second.cost)
  }

  @Test("what happens after an instant changes nothing before it")
  func noLeakage() throws {
    let days = 8
    let whole = household(seed: 5, days: days, price: true)
    var changed = whole
    let cut = from + 4 * 86_400
    for quantity in [Quantity.load, .pv] {
      changed[quantity] = whole[quantity].map { values in
        values.enumerated().map { i, value in
          whole.grid.instant(i) >= cut ? value * 1.7 + 0.4 : value
        }
      }
    }
    let tariff = try Tariff(
      name: "spot", currency: "EUR", energy: [.spot("energy", adderPerKWh: 0.1)],
      export: .spot(minusPerKWh: 0.01))
    func trace(_ history: SiteHistory) throws -> ReplayTrace {
      let replay = try SmallSite.replay(history, from: from, days: days, tariff: tariff)
      return try Replayer(replay).run(.planned(SmallSite.version(.ridge))).trace
    }
    let a = try trace(whole)
    let b = try trace(changed)
    let known = (cut - from) / 900
    #expect(Array(a.gridKW[..<known]) == Array(b.gridKW[..<known]))
    #expect(Array(a.requestedKW[..<known]) == Array(b.requestedKW[..<known]))
    #expect(a.gridKW != b.gridKW)
  }

  @Test("an interval without a measurement is billed to nobody and counted")
  func missing() throws {
    var history = household(seed: 6, days: 7)
    let hole = history.grid.index(containing: from + 2 * 86_400) ?? 0
    var load = history[.load] ?? []
    for i in hole..<hole + 8 { load[i] = .nan }
    history[.load] = load
    let replay = try SmallSite.replay(history, from: from, days: 7, tariff: timeOfUse())
    let none = try Replayer(replay).run(.noBattery)
    let planned = try Replayer(replay).run(.planned(SmallSite.version(.sevenDayAverage)))
    #expect(none.trace.unmeasuredCount == 8)
    #expect(planned.trace.unmeasuredCount == 8)
    #expect(planned.bill.total.isFinite)
    #expect(planned.trace.largestImbalanceKWh < 1e-9)
  }

  @Test("spot prices of tomorrow are unknown before their hour and known after it")
  func publication() throws {
    // A price that rises every day: a plan made before 13:00 must guess tomorrow's.
    let history = household(seed: 7, days: 7, price: true)
    let tariff = try Tariff(
      name: "spot", currency: "EUR", energy: [.spot("energy")], export: .spot())
    var early = ReplaySettings()
    early.publicationMinute = 0
    var late = ReplaySettings()
    late.publicationMinute = 24 * 60 - 1
    let errors = try [early, late].map { settings in
      let replay = try SmallSite.replay(
        history, from: from, days: 7, tariff: tariff, settings: settings)
      let outcome = try Replayer(replay).run(.planned(SmallSite.version(.naiveDay)))
      return outcome.accuracy[.price]?.count ?? 0
    }
    // Known from midnight on, a 36 h horizon always lies within the two known days or little beyond;
    // known only at 23:59, every plan forecasts the hours after midnight.
    #expect(errors[0] < errors[1])
  }
}
