import TestSupport
import Testing
import TimeSeries

@Suite("Page of TimeSeries") struct TimeSeriesPageTests {
  @Test("the page shows this code")
  func example() throws {
    #expect(try PageExample(room: "TimeSeries").isCode())

    let berlin = try Zone("Europe/Berlin")
    let spring = CivilTime(year: 2024, month: 3, day: 31).dayNumber
    let day = TimeGrid(
      from: berlin.startOfDay(spring), to: berlin.startOfDay(spring + 1), stepSeconds: 3600)
    print(day.count, Instant.utcText(day.start))

    let history = SiteHistory(
      grid: day, zone: berlin, columns: [.load: day.indices.map(Double.init)])
    let past = history.known(before: day.instant(6))
    print(past.grid.count)

    #expect(day.count == 23)
    #expect(Instant.utcText(day.start) == "2024-03-30T23:00:00Z")
    #expect(past.grid.count == 6)
  }
}
