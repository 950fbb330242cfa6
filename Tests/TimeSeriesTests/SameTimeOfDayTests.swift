import TestSupport
import Testing
import TimeSeries

/// Berlin sets clocks forward on 2024-03-31 at 02:00 and back on 2024-10-27 at 03:00.
@Suite("The same time on an earlier day") struct SameTimeOfDayTests {
  private func instant(_ month: Int, _ day: Int, _ hour: Int, second: Bool = false) throws -> Int {
    let local = CivilTime(
      localSeconds: CivilCalendar.days(year: 2024, month: month, day: day) * 86_400 + hour * 3600)
    switch try Zone("Europe/Berlin").instant(of: local) {
    case .unique(let instant): return instant
    case .ambiguous(let earlier, let later): return second ? later : earlier
    case .nonexistent: throw Missing()
    }
  }

  private struct Missing: Error {}

  struct Case: Sendable, CustomTestStringConvertible {
    var from: (month: Int, day: Int, hour: Int)
    var days: Int
    var to: (month: Int, day: Int, hour: Int, second: Bool)
    var testDescription: String { "\(from) \(days) d" }
  }

  /// By the calendar.
  static let cases = [
    Case(from: (6, 12, 7), days: 7, to: (6, 5, 7, false)),
    // 23 hours lie between Sunday's and Monday's 01:00, 24 between their 03:00.
    Case(from: (4, 1, 1), days: 1, to: (3, 31, 1, false)),
    Case(from: (4, 1, 3), days: 1, to: (3, 31, 3, false)),
    Case(from: (4, 6, 18), days: 7, to: (3, 30, 18, false)),
    Case(from: (4, 7, 18), days: 7, to: (3, 31, 18, false)),
    // 02:00 does not exist on that Sunday: the hour after it.
    Case(from: (4, 1, 2), days: 1, to: (3, 31, 3, false)),
    Case(from: (4, 7, 2), days: 7, to: (3, 31, 3, false)),
    // 02:00 comes twice on that Sunday: the second.
    Case(from: (10, 28, 2), days: 1, to: (10, 27, 2, true)),
    Case(from: (10, 28, 1), days: 1, to: (10, 27, 1, false)),
    Case(from: (11, 2, 18), days: 7, to: (10, 26, 18, false)),
  ]

  @Test("is that of the clock, whatever the length of the days", arguments: cases)
  func lookingBack(_ example: Case) throws {
    let zone = try Zone("Europe/Berlin")
    let from = try instant(example.from.month, example.from.day, example.from.hour)
    let to = try instant(
      example.to.month, example.to.day, example.to.hour, second: example.to.second)
    #expect(zone.instant(from, daysBefore: example.days) == to)
  }

  @Test("both hours that are 02:00 look back on the same one") func twice() throws {
    let zone = try Zone("Europe/Berlin")
    let day = try instant(10, 26, 2)
    #expect(zone.instant(try instant(10, 27, 2), daysBefore: 1) == day)
    #expect(zone.instant(try instant(10, 27, 2, second: true), daysBefore: 1) == day)
  }

  @Test("without a change of clocks it is so many hours back") func fixed() {
    for hours in 0..<50 {
      #expect(Zone.utc.instant(hours * 3600, daysBefore: 3) == (hours - 72) * 3600)
    }
  }
}
