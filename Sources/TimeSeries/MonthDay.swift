/// A date that comes back every year.
package struct MonthDay: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// 1…12.
  package let month: Int
  /// From 1; 29 February is allowed.
  package let day: Int

  /// Creates a date without a year.
  package init(month: Int, day: Int) {
    self.month = month
    self.day = day
  }

  /// True when the date exists in a leap year.
  package var isValid: Bool {
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...12).contains(month) && day >= 1 && day <= lengths[month - 1]
  }

  package static func < (a: MonthDay, b: MonthDay) -> Bool { (a.month, a.day) < (b.month, b.day) }

  package var description: String {
    "\(twoDigits(month))-\(twoDigits(day))"
  }
}
