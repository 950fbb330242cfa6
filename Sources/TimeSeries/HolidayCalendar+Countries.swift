extension HolidayCalendar {
  /// Names of the built-in calendars, in order.
  package static var countryNames: [String] { countries.map(\.name) }

  /// Returns the public holidays of a country or utility group.
  ///
  /// - Parameter name: One of ``countryNames``, for example `SE` or `US-CA-UTILITIES`.
  /// - Returns: The calendar, or nothing for an unknown name.
  package static func country(_ name: String) -> HolidayCalendar? {
    countries.first { $0.name == name }.map { HolidayCalendar(name: name, rules: $0.rules) }
  }

  /// Holidays that fall on the same date every year.
  private static func fixed(_ dates: [(Int, Int)], shift: HolidayShift = .none) -> [HolidayRule] {
    dates.map { .date(MonthDay(month: $0.0, day: $0.1), shift: shift) }
  }

  private static let goodFriday = HolidayRule.easter(days: -2)
  private static let easterMonday = HolidayRule.easter(days: 1)
  private static let ascension = HolidayRule.easter(days: 39)
  private static let whitMonday = HolidayRule.easter(days: 50)

  /// National rules as in force in 2024.
  ///
  /// Sources: Swedish act 1989:253; German national holidays common to all states; Belgian royal
  /// decree of 1974-04-18; UK Banking and Financial Dealings Act 1971 (England and Wales);
  /// 5 U.S.C. § 6103; the holiday lists of PG&E and SCE time-of-use schedules; Danish, Norwegian,
  /// Finnish, Dutch and French statutes; Australian holidays common to all states.
  private static let countries: [(name: String, rules: [HolidayRule])] = [
    (
      "AU",
      fixed([(1, 1), (1, 26)], shift: .nextWeekday)
        + [goodFriday, .easter(days: -1), easterMonday] + fixed([(4, 25)])
        + fixed([(12, 25), (12, 26)], shift: .nextWeekday)
    ),
    (
      "BE",
      fixed([(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)])
        + [easterMonday, ascension, whitMonday]
    ),
    (
      "DE",
      fixed([(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)])
        + [goodFriday, easterMonday, ascension, whitMonday]
    ),
    (
      "DK",
      fixed([(1, 1), (12, 25), (12, 26)])
        + [.easter(days: -3), goodFriday, .easter(days: 0), easterMonday, ascension]
        + [.easter(days: 49), whitMonday]
    ),
    (
      "FI",
      fixed([(1, 1), (1, 6), (5, 1), (12, 6), (12, 25), (12, 26)])
        + [goodFriday, .easter(days: 0), easterMonday, ascension, .easter(days: 49)]
        + [
          .weekdayFrom(6, MonthDay(month: 6, day: 20)),
          .weekdayFrom(6, MonthDay(month: 10, day: 31)),
        ]
    ),
    (
      "FR",
      fixed([(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)])
        + [easterMonday, ascension, whitMonday]
    ),
    (
      "GB",
      fixed([(1, 1), (12, 25), (12, 26)], shift: .nextWeekday) + [goodFriday, easterMonday]
        + [
          .weekday(1, count: 1, month: 5), .weekday(1, count: -1, month: 5),
          .weekday(1, count: -1, month: 8),
        ]
    ),
    (
      "NL",
      fixed([(1, 1), (12, 25), (12, 26)])
        + [.date(MonthDay(month: 4, day: 27)), easterMonday, ascension, whitMonday]
        + [.easter(days: 0), .easter(days: 49)]
    ),
    (
      "NO",
      fixed([(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)])
        + [.easter(days: -3), goodFriday, .easter(days: 0), easterMonday, ascension]
        + [.easter(days: 49), whitMonday]
    ),
    (
      "SE",
      fixed([(1, 1), (1, 6), (5, 1), (6, 6), (12, 25), (12, 26)])
        + [goodFriday, .easter(days: 0), easterMonday, ascension, .easter(days: 49)]
        + [
          .weekdayFrom(6, MonthDay(month: 6, day: 20)),
          .weekdayFrom(6, MonthDay(month: 10, day: 31)),
        ]
    ),
    (
      "US",
      fixed([(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)], shift: .nearestWeekday)
        + [
          .weekday(1, count: 3, month: 1), .weekday(1, count: 3, month: 2),
          .weekday(1, count: -1, month: 5), .weekday(1, count: 1, month: 9),
          .weekday(1, count: 2, month: 10), .weekday(4, count: 4, month: 11),
        ]
    ),
    (
      "US-CA-UTILITIES",
      fixed([(1, 1), (7, 4), (11, 11), (12, 25)], shift: .sundayToMonday)
        + [
          .weekday(1, count: 3, month: 2), .weekday(1, count: -1, month: 5),
          .weekday(1, count: 1, month: 9), .weekday(4, count: 4, month: 11),
        ]
    ),
  ]
}
