/// How a holiday moves when it falls on a weekend.
package enum HolidayShift: String, Sendable, Hashable, CaseIterable {
  /// It stays where it is.
  case none
  /// Sunday moves to Monday; Saturday stays.
  case sundayToMonday = "sunday_to_monday"
  /// Sunday moves to the Saturday before; Saturday stays.
  case sundayToSaturday = "sunday_to_saturday"
  /// Saturday moves to Friday, Sunday to Monday.
  case nearestWeekday = "nearest_weekday"
  /// Saturday and Sunday move to the next weekday that is no holiday already.
  case nextWeekday = "next_weekday"
}

/// A rule that gives one holiday per year.
package indirect enum HolidayRule: Sendable, Hashable {
  /// The same date every year.
  case date(MonthDay, shift: HolidayShift = .none)
  /// Days after Easter Sunday, negative for before.
  case easter(days: Int)
  /// The `count`-th given weekday (1 Monday … 7 Sunday) of a month; −1 for the last.
  case weekday(Int, count: Int, month: Int)
  /// The given weekday on or after a date.
  case weekdayFrom(Int, MonthDay)
  /// Another rule, in these years only.
  case inYears(ClosedRange<Int>, HolidayRule)
}

/// The public holidays of a place.
package struct HolidayCalendar: Sendable, Hashable {
  /// Name of the country rules, where they came from a country.
  package let name: String?
  /// Rules that give a day every year.
  package let rules: [HolidayRule]
  /// Single days, counted from 1970-01-01.
  package let days: [Int]

  /// Combines rules and single days.
  package init(name: String? = nil, rules: [HolidayRule] = [], days: [Int] = []) {
    self.name = name
    self.rules = rules
    self.days = days
  }

  /// No holidays.
  package static let none = HolidayCalendar()

  /// True when no day can be a holiday.
  package var isEmpty: Bool { rules.isEmpty && days.isEmpty }

  /// Returns the holidays of a year, counted in days from 1970-01-01, in order.
  ///
  /// A holiday that moves over the turn of the year belongs to the year in which it is kept.
  package func days(inYear year: Int) -> [Int] {
    let first = CivilCalendar.days(year: year, month: 1, day: 1)
    let last = CivilCalendar.days(year: year, month: 12, day: 31)
    let kept = days + (year - 1...year + 1).flatMap { daysByRule(inYear: $0) }
    return Set(kept.filter { (first...last).contains($0) }).sorted()
  }

  /// Returns the days that the rules of a year give, a few of which may lie in the years beside it.
  private func daysByRule(inYear year: Int) -> [Int] {
    var found: [Int] = []
    var moving: [(day: Int, shift: HolidayShift)] = []
    func add(_ rule: HolidayRule) {
      switch rule {
      case .date(let date, let shift):
        guard date.day <= CivilCalendar.daysInMonth(year: year, month: date.month) else { return }
        let day = CivilCalendar.days(year: year, month: date.month, day: date.day)
        if shift == .none || CivilCalendar.weekday(ofDay: day) <= 5 {
          found.append(day)
        } else {
          moving.append((day, shift))
        }
      case .easter(let offset):
        found.append(HolidayCalendar.easterSunday(year: year) + offset)
      case .weekday(let weekday, let count, let month):
        found.append(
          HolidayCalendar.day(ofWeekday: weekday, count: count, month: month, year: year))
      case .weekdayFrom(let weekday, let date):
        let day = CivilCalendar.days(year: year, month: date.month, day: date.day)
        found.append(day + (weekday - CivilCalendar.weekday(ofDay: day) + 7) % 7)
      case .inYears(let years, let rule):
        if years.contains(year) { add(rule) }
      }
    }
    for rule in rules { add(rule) }
    for (day, shift) in moving.sorted(by: { $0.day < $1.day }) {
      found.append(HolidayCalendar.moved(day, shift, taken: found))
    }
    return found
  }

  private static func moved(_ day: Int, _ shift: HolidayShift, taken: [Int]) -> Int {
    let isSunday = CivilCalendar.weekday(ofDay: day) == 7
    switch shift {
    case .none: return day
    case .sundayToMonday: return isSunday ? day + 1 : day
    case .sundayToSaturday: return isSunday ? day - 1 : day
    case .nearestWeekday: return isSunday ? day + 1 : day - 1
    case .nextWeekday:
      var next = day + 1
      while CivilCalendar.weekday(ofDay: next) > 5 || taken.contains(next) { next += 1 }
      return next
    }
  }

  private static func day(ofWeekday weekday: Int, count: Int, month: Int, year: Int) -> Int {
    if count > 0 {
      let first = CivilCalendar.days(year: year, month: month, day: 1)
      return first + (weekday - CivilCalendar.weekday(ofDay: first) + 7) % 7 + (count - 1) * 7
    }
    let length = CivilCalendar.daysInMonth(year: year, month: month)
    let last = CivilCalendar.days(year: year, month: month, day: length)
    return last - (CivilCalendar.weekday(ofDay: last) - weekday + 7) % 7
  }

  /// Returns Easter Sunday of a year, in days from 1970-01-01.
  ///
  /// Source: Anonymous Gregorian computus, Nature 13 (1876) 487, as given by J. Meeus,
  /// "Astronomical Algorithms", 2nd ed., chapter 8.
  static func easterSunday(year: Int) -> Int {
    let a = year % 19
    let b = year / 100
    let c = year % 100
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7
    let m = (a + 11 * h + 22 * l) / 451
    let n = h + l - 7 * m + 114
    return CivilCalendar.days(year: year, month: n / 31, day: n % 31 + 1)
  }
}
