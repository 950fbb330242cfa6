import Forecasting
import Planning
import SiteSupport
import TestSupport
import Testing
import TimeSeries

@testable import Replay

@Suite("Paths from days alike") struct AlikeDaysTests {
  /// Four slots a day; the load is the number of the day of the month, and a tenth more in each slot.
  private static func history(days: Range<Int>) -> SiteHistory {
    let first = CivilTime(year: 2024, month: 6, day: 1).dayNumber
    let grid = TimeGrid(
      start: (first + days.lowerBound - 1) * 86_400, stepSeconds: 21_600, count: 4 * days.count)
    let load = days.flatMap { day in (0..<4).map { Double(day) + 0.1 * Double($0) } }
    return SiteHistory(
      grid: grid, zone: .utc, columns: [.load: load, .ambient: load.map { _ in 20 }])
  }

  private static func horizon(day: Int, slot: Int, count: Int) -> TimeGrid {
    let first = CivilTime(year: 2024, month: 6, day: 1).dayNumber
    return TimeGrid(
      start: (first + day - 1) * 86_400 + slot * 21_600, stepSeconds: 21_600, count: count)
  }

  /// 2024-06-14 was a Friday, so the plan from its noon takes the afternoons of Thursday 13 and of
  /// Wednesday 12, and for Saturday the days of rest before: Sunday 9 and Saturday 8.
  @Test("workdays lie over workdays and days of rest over days of rest") func kinds() {
    let horizon = Self.horizon(day: 14, slot: 2, count: 6)
    var alike = AlikeDays(SiteContext(zone: .utc))
    let paths = alike.paths(
      2, over: horizon, past: Self.history(days: 1..<30).known(before: horizon.start))
    #expect(paths.count == 2)
    for (path, expected) in zip(
      paths, [[13.2, 13.3, 9, 9.1, 9.2, 9.3], [12.2, 12.3, 8, 8.1, 8.2, 8.3]])
    {
      #expect(zip(path.loadKW, expected).allSatisfy { isClose($0, $1, absolute: 1e-12) })
      #expect(path.pvKW == [0, 0, 0, 0, 0, 0])
    }
  }

  @Test("a day with a gap is passed over, and the past ends where it begins") func gaps() {
    var history = Self.history(days: 1..<30)
    var load = history[.load].map { Array($0) } ?? []
    // Thursday 13, its last slot.
    load[4 * 12 + 3] = .nan
    history[.load] = load
    let horizon = Self.horizon(day: 14, slot: 2, count: 2)
    var alike = AlikeDays(SiteContext(zone: .utc))
    let paths = alike.paths(50, over: horizon, past: history.known(before: horizon.start))
    // Workdays before it: 12, 11, 10, 7, 6, 5, 4, 3.
    #expect(paths.map { $0.loadKW[0].rounded(.down) } == [12, 11, 10, 7, 6, 5, 4, 3])
  }

  @Test("a holiday is a day of rest") func holidays() {
    let horizon = Self.horizon(day: 14, slot: 0, count: 4)
    let site = SiteContext(
      zone: .utc,
      holidays: HolidayCalendar(days: [CivilTime(year: 2024, month: 6, day: 13).dayNumber]))
    var alike = AlikeDays(site)
    let paths = alike.paths(
      1, over: horizon, past: Self.history(days: 1..<30).known(before: horizon.start))
    #expect(paths.first?.loadKW[0] == 12)
  }
}
