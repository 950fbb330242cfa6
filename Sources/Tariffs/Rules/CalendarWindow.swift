public import TimeSeries

/// Dates from one day of the year through another, both included; may run over the year's end.
public struct DateSpan: Sendable, Hashable {
  /// First date.
  public let from: MonthDay
  /// Last date.
  public let through: MonthDay

  /// Spans dates, both ends included.
  public init(from: MonthDay, through: MonthDay) {
    self.from = from
    self.through = through
  }

  /// Spans whole months, for example 11 through 3 for November to March.
  public init(months from: Int, through last: Int) {
    self.init(from: MonthDay(month: from, day: 1), through: MonthDay(month: last, day: 31))
  }

  /// Returns whether a date lies in the span.
  public func contains(_ date: MonthDay) -> Bool {
    from <= through ? (from <= date && date <= through) : (date >= from || date <= through)
  }
}

/// Kinds of day that a tariff tells apart.
public struct DayTypes: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Monday to Friday that is no holiday.
  public static let weekday = DayTypes(rawValue: 1)
  /// Saturday that is no holiday.
  public static let saturday = DayTypes(rawValue: 2)
  /// Sunday that is no holiday.
  public static let sunday = DayTypes(rawValue: 4)
  /// A day of the tariff's holiday calendar, whatever its weekday.
  public static let holiday = DayTypes(rawValue: 8)
  /// Saturday and Sunday.
  public static let weekend: DayTypes = [.saturday, .sunday]
  /// Every day.
  public static let all: DayTypes = [.weekday, .saturday, .sunday, .holiday]
}

/// Local clock times from one minute of the day up to another, the end excluded.
///
/// A span such as 22:00 to 06:00 means 22:00 to 24:00 and 00:00 to 06:00 *of the same date*, and
/// equal ends mean the whole day.
public struct ClockSpan: Sendable, Hashable {
  /// First minute of the local day. [min]
  public let fromMinute: Int
  /// First minute after the span, up to 1440. [min]
  public let toMinute: Int

  /// Spans clock times. [min]
  public init(fromMinute: Int, toMinute: Int) {
    self.fromMinute = fromMinute
    self.toMinute = toMinute
  }

  /// Spans whole hours, for example 7 to 19.
  public init(hours from: Int, to: Int) {
    self.init(fromMinute: from * 60, toMinute: to * 60)
  }

  /// True when both ends lie within a day.
  public var isValid: Bool {
    (0..<1440).contains(fromMinute) && (0...1440).contains(toMinute)
  }

  /// Returns whether a minute of the local day lies in the span.
  public func contains(minute: Int) -> Bool {
    if fromMinute < toMinute { return minute >= fromMinute && minute < toMinute }
    return minute >= fromMinute || minute < toMinute
  }
}

/// When a rule applies, on the local clock: dates, kinds of day and clock times together.
///
/// An empty list of dates means the whole year, an empty list of times the whole day.
public struct CalendarWindow: Sendable, Hashable {
  /// Spans of dates; empty for the whole year.
  public var dates: [DateSpan]
  /// Kinds of day.
  public var days: DayTypes
  /// Spans of clock time; empty for the whole day.
  public var times: [ClockSpan]
  /// True for the window that takes every time no other window of its charge takes.
  public var isRest: Bool

  /// Combines dates, kinds of day and clock times.
  public init(dates: [DateSpan] = [], days: DayTypes = .all, times: [ClockSpan] = []) {
    self.dates = dates
    self.days = days
    self.times = times
    isRest = false
  }

  /// Every time of the year.
  public static let always = CalendarWindow()

  /// Every time that no other window of the same charge takes.
  public static var rest: CalendarWindow {
    var window = CalendarWindow()
    window.isRest = true
    return window
  }

  /// Returns whether a date of a kind lies in the window, at least for part of the day.
  public func contains(date: MonthDay, type: DayTypes) -> Bool {
    !days.isDisjoint(with: type) && (dates.isEmpty || dates.contains { $0.contains(date) })
  }

  /// Returns whether a minute of the local day lies in the window's clock times.
  public func contains(minute: Int) -> Bool {
    times.isEmpty || times.contains { $0.contains(minute: minute) }
  }
}
