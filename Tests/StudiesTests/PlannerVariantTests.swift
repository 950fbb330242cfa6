import Planning
import Replay
import SiteSupport
import Studies
import TestSupport
import Testing

@Suite("Planners on the same forecasts") struct PlannerVariantTests {
  private func variant(_ name: String, recourse: RecourseRule) -> PlannerVariant {
    PlannerVariant(
      name: name, engine: .automatic, hedge: HedgeSettings(), heat: .envelope, recourse: recourse)
  }

  @Test("a planner changes how a case is planned and followed, and nothing else")
  func settings() throws {
    let replay = try PaperSite.idleDay()
    let other = replay.with(
      PlannerVariant(
        name: "glpk", engine: .glpk, hedge: HedgeSettings(.expectedValue), heat: .blind,
        recourse: .gridSetPoint))
    #expect(other.settings.engine == .glpk)
    #expect(other.settings.hedge == HedgeSettings(.expectedValue))
    #expect(other.settings.heat == .blind)
    #expect(other.settings.recourse == .gridSetPoint)
    #expect(other.settings.horizonHours == replay.settings.horizonHours)
    #expect(other.settings.seed == replay.settings.seed)
    #expect(other.period == replay.period)
  }

  // 6 kWh move past noon each day and save 1.20, whatever follows a perfect forecast.
  @Test("every version is planned in every way, under the names of both")
  func names() throws {
    let replay = try PaperSite.replay(
      PaperSite.history(loadKW: [[1, 1, 1, 1]]), tariff: PaperSite.dayAndNight(),
      battery: PaperSite.battery(capacityKWh: 6, powerKW: 1))
    let comparison = try ForecastComparison(
      replay, versions: [PaperSite.version(.perfect)],
      planners: [
        variant("set-point", recourse: .batterySetPoint), variant("grid", recourse: .gridSetPoint),
      ], threads: 1)
    #expect(
      Set(comparison.versions.map(\.outcome.name)) == ["perfect / set-point", "perfect / grid"])
    for score in comparison.versions {
      #expect(score.forecast == "perfect")
      #expect(isClose(score.outcome.cost, 3.6, absolute: 1e-5))
    }
    #expect(comparison.plannerPairs.map(\.a) == ["perfect / grid"])
    #expect(comparison.plannerPairs.map(\.b) == ["perfect / set-point"])
  }

  @Test("other planners are told against the first on the same forecast, audits within one planner")
  func pairs() throws {
    func run(
      _ forecast: String, _ planner: String, cost: Double, error: Double
    ) throws -> ForecastComparison.PlannedRun {
      ForecastComparison.PlannedRun(
        forecast: forecast, planner: planner,
        outcome: try PaperSite.outcome(
          "\(forecast) / \(planner)", cost: cost, dailyCosts: [cost / 2, cost / 2],
          errors: [.load: [error]]))
    }
    let none = try PaperSite.outcome("none", cost: 20, dailyCosts: [10, 10])
    let comparison = ForecastComparison(
      noBattery: none, selfConsumption: none, oracle: try PaperSite.outcome("oracle", cost: 5),
      foresight: try ForesightBound(PaperSite.idleDay()),
      planned: [
        try run("x", "p", cost: 10, error: 0.3), try run("x", "q", cost: 8, error: 0.3),
        try run("y", "p", cost: 12, error: 0.2), try run("y", "q", cost: 13, error: 0.2),
      ],
      planners: [
        variant("p", recourse: .batterySetPoint), variant("q", recourse: .gridSetPoint),
      ])
    #expect(comparison.versions.map(\.outcome.name) == ["x / q", "x / p", "y / p", "y / q"])
    #expect(comparison.versions.map(\.regret) == [3, 5, 7, 8])
    #expect(comparison.plannerPairs.map(\.a) == ["x / q", "y / q"])
    #expect(comparison.plannerPairs.map(\.b) == ["x / p", "y / p"])
    // 8 − 10 and 13 − 12.
    #expect(comparison.plannerPairs.map(\.difference) == [-2, 1])
    // By load error 'p' would pick y at 12, 2 above x, and 'q' y at 13, 5 above x.
    #expect(comparison.audits.map(\.planner) == ["p", "p", "q", "q"])
    #expect(comparison.audits.map(\.picked) == ["y / p", "y / p", "y / q", "y / q"])
    #expect(comparison.audits.map(\.extraCost) == [2, 2, 5, 5])
  }
}
