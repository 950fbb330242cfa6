import Testing
import TimeSeries

@Suite("Zones") struct ZoneTests {
  let berlin: Zone
  init() throws { berlin = try Zone("Europe/Berlin") }

  private func hours(ofDay day: CivilTime) -> Int {
    (berlin.startOfDay(day.dayNumber + 1) - berlin.startOfDay(day.dayNumber)) / 3600
  }

  // Summer time in the EU begins on the last Sunday of March and ends on the last of October
  // (Directive 2000/84/EC): in 2024 on 31 March and 27 October, both at 01:00 UTC.
  @Test("days have 23, 24 and 25 hours")
  func dayLengths() {
    #expect(hours(ofDay: CivilTime(year: 2024, month: 3, day: 31)) == 23)
    #expect(hours(ofDay: CivilTime(year: 2024, month: 7, day: 1)) == 24)
    #expect(hours(ofDay: CivilTime(year: 2024, month: 10, day: 27)) == 25)
  }

  @Test("a skipped local time has no instant, a repeated one has two")
  func localTimes() {
    #expect(
      berlin.instant(of: CivilTime(year: 2024, month: 3, day: 31, hour: 2, minute: 15))
        == .nonexistent)
    let repeated = berlin.instant(
      of: CivilTime(year: 2024, month: 10, day: 27, hour: 2, minute: 30))
    // 02:30 summer time is 00:30 UTC, 02:30 winter time is 01:30 UTC; 2024-10-27T00:00Z = 1729987200.
    #expect(repeated == .ambiguous(earlier: 1_729_989_000, later: 1_729_992_600))
  }

  @Test("a zone with a half-hour change")
  func lordHowe() throws {
    let zone = try Zone("Australia/Lord_Howe")
    // Clocks go from +10:30 to +11:00 on the first Sunday of October.
    let before = CivilCalendar.days(year: 2024, month: 10, day: 5) * 86_400
    let after = CivilCalendar.days(year: 2024, month: 10, day: 7) * 86_400
    #expect(zone.offsetSeconds(at: before) == 37_800)
    #expect(zone.offsetSeconds(at: after) == 39_600)
  }

  @Test("an unknown zone is refused", arguments: ["Mars/Olympus", "CEST", ""])
  func unknown(name: String) {
    #expect(throws: UnknownZone.self) { try Zone(name) }
  }

  @Test("every instant survives the way to local time and back")
  func roundTrip() {
    for day in stride(from: 19_700, to: 20_100, by: 1) {
      for hour in 0..<24 {
        let instant = day * 86_400 + hour * 3600
        switch berlin.instant(of: berlin.civil(at: instant)) {
        case .unique(let back): #expect(back == instant)
        case .ambiguous(let earlier, let later): #expect(instant == earlier || instant == later)
        case .nonexistent: Issue.record("\(instant) has no way back")
        }
      }
    }
  }
}

@Suite("Calendar") struct CivilCalendarTests {
  @Test("dates survive the way to day numbers and back")
  func roundTrip() {
    for day in stride(from: -200_000, to: 200_000, by: 17) {
      let date = CivilCalendar.date(fromDays: day)
      #expect(CivilCalendar.days(year: date.year, month: date.month, day: date.day) == day)
    }
  }

  @Test("weekdays and leap years of known dates")
  func known() {
    // 2024-02-29 was a Thursday; 1900 was no leap year, 2000 was one.
    #expect(CivilCalendar.weekday(ofDay: CivilCalendar.days(year: 2024, month: 2, day: 29)) == 4)
    #expect(!CivilCalendar.isLeap(1900))
    #expect(CivilCalendar.isLeap(2000))
    #expect(CivilCalendar.daysInMonth(year: 2023, month: 2) == 28)
  }
}

@Suite("Dates and times as text") struct CivilTimeTextTests {
  @Test("days, minutes and local times are padded, also before 1970") func texts() {
    #expect(dateText(19_813) == "2024-03-31")
    #expect(dateText(-1) == "1969-12-31")
    #expect(clockText(450) == "07:30")
    #expect(clockText(1440) == "24:00")
    let civil = CivilTime(year: 2024, month: 3, day: 5, hour: 7, minute: 8, second: 9)
    #expect(civil.dateText == "2024-03-05" && civil.clockText == "07:08")
    #expect(civil.description == "2024-03-05T07:08:09")
    #expect(MonthDay(month: 3, day: 5).description == "03-05")
  }
}
