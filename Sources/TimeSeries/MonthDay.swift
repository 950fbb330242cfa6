/// A date that comes back every year.
public struct MonthDay: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// 1…12.
  public let month: Int
  /// From 1; 29 February is allowed.
  public let day: Int

  /// Names a date without a year.
  public init(month: Int, day: Int) {
    self.month = month
    self.day = day
  }

  /// True when the date exists in a leap year.
  public var isValid: Bool {
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...12).contains(month) && day >= 1 && day <= lengths[month - 1]
  }

  public static func < (a: MonthDay, b: MonthDay) -> Bool { (a.month, a.day) < (b.month, b.day) }

  public var description: String {
    "\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
  }
}
