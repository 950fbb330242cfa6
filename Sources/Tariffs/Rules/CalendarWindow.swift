package import TimeSeries

/// Dates from one day of the year through another, both included; may run over the year's end.
package struct DateSpan: Sendable, Hashable {
  /// First date.
  package let from: MonthDay
  /// Last date.
  package let through: MonthDay

  /// Spans dates, both ends included.
  package init(from: MonthDay, through: MonthDay) {
    self.from = from
    self.through = through
  }

  /// Spans whole months, for example 11 through 3 for November to March.
  package init(months from: Int, through last: Int) {
    self.init(from: MonthDay(month: from, day: 1), through: MonthDay(month: last, day: 31))
  }

  /// Returns whether a date lies in the span.
  package func contains(_ date: MonthDay) -> Bool {
    from <= through ? (from <= date && date <= through) : (date >= from || date <= through)
  }
}

/// Kinds of day that a tariff tells apart.
package struct DayTypes: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Monday to Friday that is no holiday.
  package static let weekday = DayTypes(rawValue: 1)
  /// Saturday that is no holiday.
  package static let saturday = DayTypes(rawValue: 2)
  /// Sunday that is no holiday.
  package static let sunday = DayTypes(rawValue: 4)
  /// A day of the tariff's holiday calendar, whatever its weekday.
  package static let holiday = DayTypes(rawValue: 8)
  /// Saturday and Sunday.
  package static let weekend: DayTypes = [.saturday, .sunday]
  /// Every day.
  package static let all: DayTypes = [.weekday, .saturday, .sunday, .holiday]
}

/// Local clock times from one minute of the day up to another, the end excluded.
///
/// A span such as 22:00 to 06:00 means 22:00 to 24:00 and 00:00 to 06:00 *of the same date*, and
/// equal ends mean the whole day.
package struct ClockSpan: Sendable, Hashable {
  /// First minute of the local day. [min]
  package let fromMinute: Int
  /// First minute after the span, up to 1440. [min]
  package let toMinute: Int

  /// Spans clock times. [min]
  package init(fromMinute: Int, toMinute: Int) {
    self.fromMinute = fromMinute
    self.toMinute = toMinute
  }

  /// Spans whole hours, for example 7 to 19.
  package init(hours from: Int, to: Int) {
    self.init(fromMinute: from * 60, toMinute: to * 60)
  }

  /// True when both ends lie within a day.
  package var isValid: Bool {
    (0..<1440).contains(fromMinute) && (0...1440).contains(toMinute)
  }

  /// Returns whether a minute of the local day lies in the span.
  package func contains(minute: Int) -> Bool {
    if fromMinute < toMinute { return minute >= fromMinute && minute < toMinute }
    return minute >= fromMinute || minute < toMinute
  }
}

/// When a rule applies, on the local clock: dates, kinds of day and clock times together.
///
/// An empty list of dates means the whole year, an empty list of times the whole day.
package struct CalendarWindow: Sendable, Hashable {
  /// Spans of dates; empty for the whole year.
  package var dates: [DateSpan]
  /// Kinds of day.
  package var days: DayTypes
  /// Spans of clock time; empty for the whole day.
  package var times: [ClockSpan]
  /// Names of kinds of day of the tariff; on their days alone the window applies, before all that name none.
  package var kinds: [String] = []
  /// True for the window that takes every time no other window of its charge takes.
  package var isRest: Bool

  /// Combines dates, kinds of day and clock times.
  package init(dates: [DateSpan] = [], days: DayTypes = .all, times: [ClockSpan] = []) {
    self.dates = dates
    self.days = days
    self.times = times
    isRest = false
  }

  /// Every time of the year.
  package static let always = CalendarWindow()

  /// Every time that no other window of the same charge takes.
  package static var rest: CalendarWindow {
    var window = CalendarWindow()
    window.isRest = true
    return window
  }

  /// Returns whether a date of a kind lies in the window, at least for part of the day.
  package func contains(date: MonthDay, type: DayTypes) -> Bool {
    !days.isDisjoint(with: type) && (dates.isEmpty || dates.contains { $0.contains(date) })
  }

  /// Returns whether a minute of the local day lies in the window's clock times.
  package func contains(minute: Int) -> Bool {
    times.isEmpty || times.contains { $0.contains(minute: minute) }
  }
}
