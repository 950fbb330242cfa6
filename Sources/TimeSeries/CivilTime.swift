/// A date and time of day on some local clock, without a zone.
package struct CivilTime: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Year, proleptic Gregorian.
  package var year: Int
  /// Month, 1…12.
  package var month: Int
  /// Day of the month, from 1.
  package var day: Int
  /// Hour, 0…23.
  package var hour: Int
  /// Minute, 0…59.
  package var minute: Int
  /// Second, 0…59.
  package var second: Int

  /// Creates a local date and time.
  package init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
  }

  /// Splits seconds counted as if the local clock were UTC.
  package init(localSeconds: Int) {
    let days = floorDivide(localSeconds, 86_400)
    let rest = localSeconds - days * 86_400
    let date = CivilCalendar.date(fromDays: days)
    self.init(
      year: date.year, month: date.month, day: date.day, hour: rest / 3600,
      minute: rest % 3600 / 60, second: rest % 60)
  }

  /// Days since 1970-01-01 on the local calendar.
  package var dayNumber: Int { CivilCalendar.days(year: year, month: month, day: day) }

  /// Seconds counted as if the local clock were UTC.
  package var localSeconds: Int { dayNumber * 86_400 + hour * 3600 + minute * 60 + second }

  /// True when the date exists and the time of day is in range.
  package var isValid: Bool {
    (1...12).contains(month) && (0...23).contains(hour) && (0...59).contains(minute)
      && (0...59).contains(second) && day >= 1
      && day <= CivilCalendar.daysInMonth(year: year, month: month)
  }

  package static func < (a: CivilTime, b: CivilTime) -> Bool { a.localSeconds < b.localSeconds }

  /// Date and time as ISO 8601 without a zone.
  package var description: String {
    let time = "\(dateText)T\(clockText)"
    return second == 0 ? time : "\(time):\(twoDigits(second))"
  }

  /// The date as `2024-03-31`.
  package var dateText: String { "\(year)-\(twoDigits(month))-\(twoDigits(day))" }

  /// The time of day as `07:30`.
  package var clockText: String { "\(twoDigits(hour)):\(twoDigits(minute))" }
}

func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

func floorDivide(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((-a + b - 1) / b) }
