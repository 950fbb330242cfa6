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

@Suite("Planner settings in a replay", .tags(.solver)) struct PlannerSettingsTests {
  /// 2024-05-06, a Monday, at midnight in Berlin.
  private let from = 1_714_946_400

  /// Days that are all alike when `spread` is zero.
  private func household(spread: Double, days: Int, seed: UInt64 = 3) -> SiteHistory {
    var generator = SeededGenerator(seed: seed)
    var size = 1.0
    return SmallSite.history(
      from: from, days: days,
      load: { slot, hour in
        if slot % 96 == 0 { size = 1 + spread * generator.uniform(-1, 1) }
        return (0.4 + (hour >= 17 && hour < 22 ? 1.5 : 0)) * size
      },
      pv: { _, hour in max(0, 3 - abs(hour - 13)) * size },
      price: { _, hour in hour >= 17 && hour < 21 ? 0.4 : hour < 6 ? 0.1 : 0.2 })
  }

  private func spot() throws -> Tariff {
    try Tariff(
      name: "spot", currency: "EUR", energy: [.spot("energy", adderPerKWh: 0.1)],
      export: .fixed(pricePerKWh: 0.05))
  }

  private func outcome(
    _ history: SiteHistory, days: Int, hedge: HedgeSettings = HedgeSettings(),
    heat: HeatForesight = .envelope, twin: TwinSpecification? = nil
  ) throws -> ReplayOutcome {
    let replay = try SmallSite.replay(
      history, from: from, days: days, tariff: spot(), twin: twin,
      settings: ReplaySettings(
        twinStepSeconds: 900, hedge: hedge, heat: heat, wearPerKWh: 0.01))
    return try Replayer(replay).run(.planned(SmallSite.version(.naiveDay)))
  }

  @Test(
    "where every day is like the last, hedging changes nothing",
    arguments: [
      HedgeSettings(.expectedValue), HedgeSettings(.expectedValue, source: .residuals),
      HedgeSettings(.quantileMargin(0.8)),
    ])
  func alike(hedge: HedgeSettings) throws {
    let history = household(spread: 0, days: 4)
    let point = try outcome(history, days: 4)
    let hedged = try outcome(history, days: 4, hedge: hedge)
    #expect(hedged.planning.hedged > 0)
    #expect(isClose(hedged.cost, point.cost, relative: 1e-4))
  }

  /// An issue counts once its horizon has come true: the first on the third day, one more each day.
  ///
  /// On the last day horizons end with the period and are no longer than a day, so five issues count.
  @Test("residual paths are counted: none on the first two days, then one more each day")
  func residualCounts() throws {
    let history = household(spread: 0.5, days: 6)
    let counts = try outcome(
      history, days: 6, hedge: HedgeSettings(.expectedValue, source: .residuals)
    ).planning
    #expect(counts.plans == 6 * 24)
    #expect(counts.unhedged == 48)
    #expect(counts.hedged == 4 * 24)
    #expect(counts.paths == (1 + 2 + 3 + 5) * 24)
  }

  @Test("the last days give as many paths as are wanted and the past holds")
  func lastDayCounts() throws {
    let history = household(spread: 0.5, days: 2)
    let twelve = try outcome(history, days: 2, hedge: HedgeSettings(.expectedValue)).planning
    #expect(twelve.hedged == 48 && twelve.unhedged == 0)
    #expect(twelve.paths == 12 * 48)
    // Three weeks of warm-up: day k of it is k days old on the first day of the period. A path over the
    // last 36 h that begins 21 days ago ends within the past, so 21 paths on the first day, 22 on the next.
    let many = try outcome(
      history, days: 2, hedge: HedgeSettings(.expectedValue, pathCount: 100)
    ).planning
    #expect(many.paths == (21 + 22) * 24)
  }

  @Test("a day with a gap is no path")
  func gaps() throws {
    var history = household(spread: 0.5, days: 2)
    var load = history[.load] ?? []
    // One missing value five days before the period.
    load[(SmallSite.warmUpDays - 5) * 96 + 40] = .nan
    history[.load] = load
    let counts = try outcome(
      history, days: 2, hedge: HedgeSettings(.expectedValue, pathCount: 100)
    ).planning
    #expect(counts.hedged == 48)
    #expect(counts.paths < (21 + 22) * 24)
  }

  @Test(
    "what happens after an instant changes no hedged plan before it",
    arguments: [PathSource.lastDays, .residuals, .quantiles])
  func noLeakage(source: PathSource) throws {
    let history = household(spread: 0.5, days: 6)
    var changed = history
    let cut = (SmallSite.warmUpDays + 4) * 96
    for quantity in [Quantity.load, .pv] {
      var column = changed[quantity] ?? []
      for i in cut..<column.count { column[i] = 3 * column[i] + 1 }
      changed[quantity] = column
    }
    let hedge = HedgeSettings(.expectedValue, source: source, pathCount: 6)
    let first = try outcome(history, days: 6, hedge: hedge)
    let second = try outcome(changed, days: 6, hedge: hedge)
    #expect(first.planning.hedged > 0)
    #expect(
      first.trace.requestedKW[..<(4 * 96)] == second.trace.requestedKW[..<(4 * 96)], "\(source)")
    #expect(first.trace.gridKW != second.trace.gridKW)
  }

  @Test("the oracle is never hedged")
  func oracle() throws {
    func oracle(_ hedge: HedgeSettings) throws -> ReplayOutcome {
      let replay = try SmallSite.replay(
        household(spread: 0.5, days: 2), from: from, days: 2, tariff: spot(),
        settings: ReplaySettings(twinStepSeconds: 900, hedge: hedge))
      return try Replayer(replay).run(.oracle)
    }
    let hedged = try oracle(HedgeSettings(.expectedValue))
    #expect(hedged.planning.hedged == 0 && hedged.planning.unhedged == 0)
    #expect(hedged.cost == (try oracle(HedgeSettings())).cost)
  }

  // MARK: Heat

  private func hot() throws -> (history: SiteHistory, twin: TwinSpecification) {
    let history = SmallSite.history(
      from: from, days: 5,
      load: { _, hour in hour >= 17 && hour < 21 ? 8 : 1 },
      price: { _, hour in hour >= 17 && hour < 21 ? 0.4 : hour < 6 ? 0.1 : 0.2 }, ambientC: 41)
    return (
      history, try TwinSpecification.sized(capacityKWh: 10, powerKW: 8, derating: .residential)
    )
  }

  @Test("a hot battery is planned no worse when its heat is foreseen")
  func heat() throws {
    let (history, twin) = try hot()
    func cost(_ heat: HeatForesight) throws -> (cost: Double, counts: PlanCounts) {
      let outcome = try outcome(history, days: 5, heat: heat, twin: twin)
      return (outcome.cost, outcome.planning)
    }
    let blind = try cost(.blind)
    let iterated = try cost(.iterated)
    let inPlan = try cost(.inPlan)
    #expect(iterated.cost <= blind.cost + 1e-9)
    #expect(inPlan.cost <= blind.cost + 1e-9)
    #expect(iterated.counts.plans == 5 * 24)
    #expect(iterated.counts.envelopeRounds >= 5 * 24)
    #expect(iterated.counts.settledEnvelopes > 0)
    #expect(blind.counts.envelopeRounds == 0)
    // Heat inside the plan rests on GLPK alone, and the counts say so.
    #expect(inPlan.counts.obstacles == [.heat: 5 * 24])
    #expect(inPlan.counts.glpk == 5 * 24)
    #expect(blind.counts.obstacles.isEmpty)
  }
}
