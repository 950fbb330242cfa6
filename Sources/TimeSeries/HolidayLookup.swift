/// Tells holidays from other days, and remembers those of the years it was asked about.
package struct HolidayLookup: Sendable {
  private let calendar: HolidayCalendar
  private var daysOfYear: [Int: Set<Int>] = [:]

  /// Looks days up in a calendar.
  package init(_ calendar: HolidayCalendar) { self.calendar = calendar }

  /// Tells whether a day is a holiday.
  ///
  /// - Parameter day: Days since 1970-01-01 on the local calendar.
  /// - Returns: True for a holiday.
  package mutating func contains(_ day: Int) -> Bool {
    if calendar.isEmpty { return false }
    let year = CivilCalendar.date(fromDays: day).year
    if let days = daysOfYear[year] { return days.contains(day) }
    let days = Set(calendar.days(inYear: year))
    daysOfYear[year] = days
    return days.contains(day)
  }

  /// Tells whether people rest on a day: at the weekend and on holidays.
  ///
  /// - Parameter day: Days since 1970-01-01 on the local calendar.
  /// - Returns: True for a day of rest.
  package mutating func isRest(_ day: Int) -> Bool {
    CivilCalendar.weekday(ofDay: day) >= 6 || contains(day)
  }
}
