import TestSupport
import Testing
import TimeSeries

@Suite("Values that stand in for measurements") struct StandInHistoryTests {
  @Test("are missing in what was measured, also on another step") func measured() throws {
    let grid = TimeGrid(start: 0, stepSeconds: 900, count: 8)
    var history = SiteHistory(
      grid: grid, zone: .utc,
      columns: [.load: [1, 2, 3, 4, 5, 6, 7, 8], .pv: [0, 0, 0, 0, 1, 1, 1, 1]])
    history.setStandIns([false, false, true, false, false, false, false, false], of: .load)
    let column = try #require(history.measured(.load))
    #expect(column[2].isNaN && column[1] == 2 && column[3] == 4)
    #expect(history[.load]?[2] == 3)
    #expect(history.measured(.pv) == history[.pv])
    // Hours: the first has a value that stands in, its mean is still 2.5.
    let hours = history.resampled(stepSeconds: 3600)
    #expect(hours[.load] == [2.5, 6.5])
    let measured = try #require(hours.measured(.load))
    #expect(measured[0].isNaN && measured[1] == 6.5)
    history.setStandIns([Bool](repeating: false, count: 8), of: .load)
    #expect(history.measured(.load) == history[.load])
  }
}
