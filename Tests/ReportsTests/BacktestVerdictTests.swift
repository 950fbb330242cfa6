import Documents
import Forecasting
import Replay
import Reports
import Studies
import Testing
import TimeSeries

@Suite("Verdict of a backtest") struct BacktestVerdictTests {
  /// The first line of a backtest over hourly load that rises by 1 kW every day.
  private func verdict(_ kinds: [ForecastRecipe.Kind], days: Int) throws -> String {
    try verdict(kinds.map { ($0.rawValue, $0) }, days: days)
  }

  private func verdict(
    _ versions: [(name: String, kind: ForecastRecipe.Kind)], days: Int
  ) throws -> String {
    let grid = TimeGrid(start: 1_704_067_200, stepSeconds: 3600, count: (30 + days) * 24)
    let history = SiteHistory(
      grid: grid, zone: .utc,
      columns: [
        .load: grid.indices.map { Double($0 / 24) }
      ])
    let study = try BacktestStudy(
      Backtest(quantity: .load, history: history, firstDay: 30, localHours: [0]),
      candidates: versions.map {
        BacktestCandidate(
          name: $0.name, recipe: ForecastRecipe($0.kind), external: nil, weather: nil)
      }, history: history,
      settings: BacktestStudy.Settings(site: SiteContext(zone: .utc), seed: 1), threads: 1)
    let text = BacktestReport(study, horizonHours: 48).text
    return String(text.prefix { $0 != "\n" })
  }

  // Yesterday is 1 kW too low for the first day of the horizon, last week 7 kW; a perfect version has no
  // say. An issue without its second day counts its first alone.
  @Test("the smallest error is told against the first other version, and a seer is no rival")
  func best() throws {
    let found = try verdict([.naiveWeek, .naiveDay, .perfect], days: 30)
    #expect(found.hasPrefix("'naive_day' errs least in load: mean absolute error 1."))
    #expect(found.contains("below 'naive_week'"))
    #expect(!found.contains("perfect"))
    #expect(found.hasSuffix(", more than luck."))
  }

  // Equal versions under several names tie with the best one.
  @Test(
    "versions that may do as well are listed with one 'and'",
    arguments: [
      (2, "'b1' and 'b2' may do as well."), (3, "'b1', 'b2' and 'b3' may do as well."),
    ])
  func listing(count: Int, ending: String) throws {
    let names = ["naive_week", "best"] + (1...count).map { "b\($0)" }
    let kinds =
      [ForecastRecipe.Kind.naiveWeek]
      + [ForecastRecipe.Kind](repeating: .naiveDay, count: count + 1)
    #expect(try verdict(Array(zip(names, kinds)), days: 30).hasSuffix("; " + ending))
  }

  @Test("a week of days says nothing about luck") func short() throws {
    let found = try verdict([.naiveWeek, .naiveDay], days: 8)
    #expect(found.hasSuffix("days are too few to say how sure that is."))
  }

  @Test("one version alone, and only versions with foresight, are told as such") func alone() throws
  {
    #expect(
      try verdict([.naiveDay], days: 20).hasSuffix("there is no version to compare it with."))
    #expect(
      try verdict([.perfect], days: 20).hasPrefix("No version is without foresight. 'perfect'"))
  }
}
