/// Arithmetic of the proleptic Gregorian calendar.
///
/// Day counts use eras of 400 years with March as the first month, which puts the leap day last.
/// Source: P. Baum, "Date Algorithms", 2017; E. G. Richards in the Explanatory Supplement to the
/// Astronomical Almanac, 3rd ed., section 15.11.
package enum CivilCalendar {
  /// Returns the days from 1970-01-01 to a date; out-of-range days run on into other months.
  package static func days(year: Int, month: Int, day: Int) -> Int {
    let y = month > 2 ? year : year - 1
    let era = floorDivide(y, 400)
    let yearOfEra = y - era * 400
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Returns the date that lies a number of days after 1970-01-01.
  package static func date(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// Returns the weekday of a day number, 1 for Monday to 7 for Sunday.
  package static func weekday(ofDay day: Int) -> Int {
    // 1970-01-01 was a Thursday.
    let offset = (day + 3) % 7
    return (offset < 0 ? offset + 7 : offset) + 1
  }

  /// Returns whether a year has 29 February.
  package static func isLeap(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// Returns the number of days in a month, or 0 for a month that does not exist.
  package static func daysInMonth(year: Int, month: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    case 1...12: 31
    default: 0
    }
  }
}

/// Returns the date that lies a number of days after 1970-01-01 as `2024-03-31`.
package func dateText(_ day: Int) -> String { CivilTime(localSeconds: day * 86_400).dateText }

/// Returns minutes since midnight as `07:30`, up to `24:00`.
package func clockText(_ minute: Int) -> String {
  "\(twoDigits(minute / 60)):\(twoDigits(minute % 60))"
}
