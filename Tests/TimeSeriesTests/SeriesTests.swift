import Testing
import TimeSeries

@Suite("Series") struct SeriesTests {
  let quarters = TimeGrid(start: 0, stepSeconds: 900, count: 8)

  @Test("a longer step takes the mean and misses what is not whole")
  func down() {
    let series = Series(grid: quarters, values: [1, 2, 3, 4, 5, .nan, 7, 8])
    let hourly = series.resampled(to: TimeGrid(start: 0, stepSeconds: 3600, count: 3))
    #expect(hourly.values[0] == 2.5)
    #expect(hourly.values[1].isNaN)
    #expect(hourly.values[2].isNaN)
    #expect(hourly.values.count { $0.isNaN } == 2)
  }

  @Test("a shorter step repeats the value")
  func up() {
    let series = Series(grid: quarters, values: [1, 2, 3, 4, 5, 6, 7, 8])
    let fine = series.resampled(to: TimeGrid(start: 900, stepSeconds: 300, count: 4))
    #expect(fine.values == [2, 2, 2, 3])
  }

  @Test("the past ends where it was cut")
  func past() {
    let history = SiteHistory(
      grid: quarters, zone: .utc, columns: [.load: [1, 2, 3, 4, 5, 6, 7, 8]])
    let past = history.known(before: 3 * 900)
    #expect(past.grid.end == 2700)
    #expect(past[.load].map(Array.init) == [1, 2, 3])
    #expect(past.known(before: 900)[.load].map(Array.init) == [1])
    // An interval that has not ended is not known.
    #expect(history.known(before: 3 * 900 - 1).grid.count == 2)
  }

  @Test("the local calendar of a spring day skips an hour")
  func localSlots() throws {
    let zone = try Zone("Europe/Berlin")
    let day = CivilTime(year: 2024, month: 3, day: 31).dayNumber
    let grid = TimeGrid(from: zone.startOfDay(day), to: zone.startOfDay(day + 1), stepSeconds: 3600)
    let slots = LocalSlots(grid: grid, zone: zone)
    #expect(grid.count == 23)
    #expect(Array(slots.minuteOfDay.prefix(4)) == [0, 60, 180, 240])
    #expect(slots.weekday.allSatisfy { $0 == 7 })
    #expect(slots.dayOfYear.allSatisfy { $0 == 91 })
    #expect(slots.days == [0..<23])
  }

  // From 22:00 of the day before to 02:00 of the day after: 2 h, the 23 h of that day, 2 h.
  @Test("local days are found where they begin and end, the first and the last in part")
  func localDays() throws {
    let zone = try Zone("Europe/Berlin")
    let day = CivilTime(year: 2024, month: 3, day: 31).dayNumber
    let grid = TimeGrid(
      from: zone.startOfDay(day) - 7200, to: zone.startOfDay(day + 1) + 7200, stepSeconds: 3600)
    #expect(LocalSlots(grid: grid, zone: zone).days == [0..<2, 2..<25, 25..<27])
    #expect(LocalSlots(grid: grid[0..<0], zone: zone).days == [])
  }
}
