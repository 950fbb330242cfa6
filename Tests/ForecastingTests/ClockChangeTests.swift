import Forecasting
import TestSupport
import Testing
import TimeSeries

/// Lags go by the site's clock, in the weeks after clocks were set.
@Suite("Naive versions and the clock") struct ClockChangeTests {
  /// A site that lives by its clock: each local hour has its own load, the same on every day.
  private func history(from: CivilTime, days: Int) throws -> (SiteHistory, [Double]) {
    let zone = try Zone("Europe/Berlin")
    let start = zone.startOfDay(from.dayNumber)
    let end = zone.startOfDay(from.dayNumber + days)
    let grid = TimeGrid(from: start, to: end, stepSeconds: 900)
    let slots = LocalSlots(grid: grid, zone: zone)
    let load = slots.minuteOfDay.map { 1 + Double($0) / 60 }
    // The sun knows no clock.
    let pv = grid.indices.map { Double((grid.instant($0) % 86_400) / 900) }
    return (
      SiteHistory(grid: grid, zone: zone, columns: [.load: load, .pv: pv]), load
    )
  }

  private static func day(_ month: Int, _ day: Int) -> CivilTime {
    CivilTime(localSeconds: CivilCalendar.days(year: 2024, month: month, day: day) * 86_400)
  }

  @Test(
    "a site that lives by the clock is forecast without error all through a change of clocks",
    arguments: [ForecastRecipe.Kind.naiveDay, .naiveWeek, .sevenDayAverage, .climatology],
    [(3, 31), (10, 27)])
  func steady(kind: ForecastRecipe.Kind, change: (Int, Int)) throws {
    let first = Self.day(change.0, change.1).dayNumber - 30
    let (history, load) = try history(
      from: CivilTime(localSeconds: first * 86_400), days: 40)
    let site = SiteContext(zone: history.zone)
    var forecaster = try ForecastRecipe(kind).forecaster(site: site, seed: 1)
    // Every seven hours for eleven days around the change, 36 h ahead.
    for issue in stride(from: 28 * 96, to: 38 * 96, by: 28) {
      let grid = TimeGrid(start: history.grid.instant(issue), stepSeconds: 900, count: 144)
      let found = try forecaster.forecast(
        ForecastRequest(past: history.known(before: grid.start), quantity: .load, grid: grid))
      for k in grid.indices where issue + k < load.count {
        let hour = Int(load[issue + k]) - 1
        // 02:00 to 03:00 does not exist in March, and the hour after it stands in.
        let tolerance = hour == 2 ? 1.0 : kind == .climatology ? 0.26 : 1e-9
        #expect(
          abs(found.values[k] - load[issue + k]) <= tolerance, "issue \(issue) slot \(k)")
      }
    }
  }

  @Test("PV goes by the sun: the same time of UTC the day before") func sun() throws {
    let (history, _) = try history(from: Self.day(3, 24), days: 12)
    var naive = try ForecastRecipe(.naiveDay)
      .forecaster(site: SiteContext(zone: history.zone), seed: 1)
    let pv = try #require(history[.pv])
    // 2024-04-01T00:00 local; a local lag would be an hour off.
    let issue = 8 * 96 - 4
    let found = try naive.forecast(
      ForecastFixture.request(history, at: issue, count: 96, quantity: .pv))
    for k in 0..<96 where pv[issue + k] > 10 { #expect(found.values[k] == pv[issue + k - 96]) }
  }

  @Test(
    "nothing after the issue time moves a forecast in the days around a change of clocks",
    arguments: ForecastFixture.honestKinds.filter { $0 != .blend })
  func wall(kind: ForecastRecipe.Kind) throws {
    let (whole, _) = try history(from: Self.day(3, 3), days: 32)
    for issue in [28 * 96 - 1, 28 * 96 + 3, 28 * 96 + 11, 29 * 96 - 6, 29 * 96 - 4] {
      let grid = TimeGrid(start: whole.grid.instant(issue), stepSeconds: 900, count: 96)
      var changed = whole
      var column = try #require(whole[.load])
      for i in issue..<column.count { column[i] = 99 }
      changed[.load] = column
      var recipe = ForecastRecipe(kind)
      recipe.treeRounds = 5
      var forecasts: [[Double]] = []
      for history in [whole, changed] {
        var forecaster = try recipe.forecaster(site: SiteContext(zone: whole.zone), seed: 1)
        forecasts.append(
          try forecaster.forecast(
            ForecastRequest(past: history.known(before: grid.start), quantity: .load, grid: grid)
          ).values)
      }
      #expect(forecasts[0] == forecasts[1], "issue \(issue)")
    }
  }

  @Test("the fallback of external versions goes by the clock as well") func external() throws {
    let (history, load) = try history(from: Self.day(3, 20), days: 20)
    let rows = ExternalForecasts(rows: [
      .init(version: "a", quantity: .load, issuedAt: 0, validAt: 0, value: 1)
    ])
    var version = try ExternalForecaster(
      rows, version: "a", site: SiteContext(zone: history.zone))
    let issue = 13 * 96 - 4
    let found = try version.forecast(
      ForecastFixture.request(history, at: issue, count: 96, quantity: .load))
    #expect(found.counts.filled == 96)
    for k in 0..<96 where Int(load[issue + k]) != 3 {
      #expect(isClose(found.values[k], load[issue + k], relative: 1e-12), "slot \(k)")
    }
  }
}
