import Forecasting
import Numerics
import Replay
import TestSupport
import Testing
import TimeSeries

@testable import Studies

@Suite("Backtest study") struct BacktestStudyTests {
  /// Sixty days of hourly load that rises by 1 kW every day, with a temperature nobody needs.
  private static func history() -> SiteHistory {
    let grid = TimeGrid(start: 1_704_067_200, stepSeconds: 3600, count: 60 * 24)
    return SiteHistory(
      grid: grid, zone: .utc,
      columns: [
        .load: grid.indices.map { Double($0 / 24) },
        .ambient: grid.indices.map { 10 + Double($0 % 24) },
      ])
  }

  private func study(
    _ kinds: [ForecastRecipe.Kind], threads: Int = 1, keeps: Bool = false,
    withheld: [BacktestStudy.Thinning]? = nil, windows: Int = 1,
    history: SiteHistory = Self.history()
  ) throws -> BacktestStudy {
    var settings = BacktestStudy.Settings(site: SiteContext(zone: .utc), seed: 1)
    settings.keepsIssues = keeps
    settings.withheld = withheld
    settings.windowCount = windows
    return try BacktestStudy(
      Backtest(quantity: .load, history: history, firstDay: 30, localHours: [0]),
      candidates: kinds.map {
        BacktestCandidate(
          name: $0.rawValue, recipe: ForecastRecipe($0), external: nil, weather: nil)
      }, history: history, settings: settings, threads: threads)
  }

  @Test("errors are those worked out by hand") func errors() throws {
    let found = try study([.naiveDay, .perfect])
    // Yesterday is 1 kW too low at every hour; the truth is right.
    #expect(found.rows.map(\.candidate.name) == ["naive_day", "perfect"])
    #expect(isClose(found.rows[0].scores.errors.mae, 1, absolute: 1e-12))
    #expect(isClose(found.rows[0].scores.errors.bias, -1, absolute: 1e-12))
    #expect(found.rows[1].scores.errors.mae == 0)
    #expect(found.rows[1].candidate.label == "oracle")
    #expect(found.rows.allSatisfy { $0.issues.isEmpty } && found.windows.isEmpty)
    #expect(!found.isAblated)
  }

  @Test("issues are kept in order of time when asked for") func issues() throws {
    let found = try study([.naiveDay], keeps: true)
    #expect(found.rows[0].issues.map(\.forecast.grid.start) == found.plan.issues)
  }

  @Test("a column that a version does not read costs it nothing") func ablation() throws {
    let found = try study([.naiveDay, .naiveWeek], withheld: [.column(.ambient)])
    #expect(found.isAblated)
    #expect(found.ablations.map(\.version) == ["naive_day", "naive_week"])
    #expect(found.ablations.map(\.lossFraction) == [0, 0])
    #expect(found.ablations.map(\.comparison.verdict) == [.same, .same])
    #expect(found.ablations.map(\.withheld) == [.column(.ambient), .column(.ambient)])
  }

  @Test("what longer intervals and late data cost is that worked out by hand") func thinned() throws
  {
    // Every day is 1 kW above the one before: a day later known is a day more behind.
    let late = try study(
      [.naiveDay], withheld: [.late(seconds: 86_400), .metered(seconds: 10_800)])
    #expect(isClose(late.ablations[0].mae, 2, absolute: 1e-12))
    #expect(isClose(late.ablations[0].lossFraction, 1, absolute: 1e-12))
    #expect(late.ablations[0].comparison.verdict == .worse)
    #expect(isClose(late.ablations[1].mae, 1, absolute: 1e-12))
    // Days alike, hour by hour from 0 to 23 kW: a mean over three hours is 1 kW off at two of them.
    let grid = Self.history().grid
    let sawtooth = SiteHistory(
      grid: grid, zone: .utc, columns: [.load: grid.indices.map { Double($0 % 24) }])
    let metered = try study(
      [.naiveDay], withheld: [.metered(seconds: 10_800)], history: sawtooth)
    #expect(metered.rows[0].scores.errors.mae == 0)
    #expect(isClose(metered.ablations[0].mae, 2.0 / 3, absolute: 1e-12))
  }

  @Test("no interval is tried that an issue cuts, and no column that is tested or unknown")
  func thinnings() {
    let history = Self.history()
    func tried(_ hours: [Int]) -> [String] {
      BacktestStudy.Thinning.all(
        Backtest(quantity: .load, history: history, firstDay: 30, localHours: hours),
        history: history, weather: [.irradiance]
      ).map(\.words)
    }
    #expect(
      tried([0]) == [
        "ambient", "irradiance", "metered every 3 h", "known 1 h later", "known 6 h later",
        "known 24 h later",
      ])
    #expect(!tried([0, 4]).contains("metered every 3 h"))
  }

  @Test("the number of threads changes nothing") func threads() throws {
    let kinds: [ForecastRecipe.Kind] = [.naiveDay, .naiveWeek, .ridge, .slotEWMA]
    let one = try study(kinds, threads: 1)
    let three = try study(kinds, threads: 3)
    #expect(one.rows.map(\.scores.errors.mae) == three.rows.map(\.scores.errors.mae))
    #expect(one.rows.map(\.candidate.name) == three.rows.map(\.candidate.name))
  }

  @Test("windows are disjoint, of equal length and leave no day out") func windows() {
    #expect(BacktestStudy.windows(of: [12, 10, 19], count: 1) == [])
    #expect(BacktestStudy.windows(of: [12, 10, 19], count: 2) == [10..<15, 15..<20])
    #expect(BacktestStudy.windows(of: [12, 10, 19], count: 3) == [10..<13, 13..<16, 16..<20])
    #expect(BacktestStudy.windows(of: [], count: 3) == [])
  }

  @Test("a study that is asked to stop says so") func cancellation() {
    let history = Self.history()
    #expect(throws: CancellationError.self) {
      _ = try BacktestStudy(
        Backtest(quantity: .load, history: history, firstDay: 30, localHours: [0]),
        candidates: [
          BacktestCandidate(
            name: "a", recipe: ForecastRecipe(.naiveDay), external: nil, weather: nil)
        ], history: history,
        settings: BacktestStudy.Settings(site: SiteContext(zone: .utc), seed: 1), threads: 1,
        monitor: ReplayMonitor(isCancelled: { true }))
    }
  }
}
