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

  /// A holiday of one year only, such as a coronation.
  private static func once(_ year: Int, _ month: Int, _ day: Int) -> HolidayRule {
    .inYears(year...year, .date(MonthDay(month: month, day: day)))
  }

  /// The last year of a rule that is still in force.
  private static let today = 9999

  private static let goodFriday = HolidayRule.easter(days: -2)
  private static let easterMonday = HolidayRule.easter(days: 1)
  private static let ascension = HolidayRule.easter(days: 39)
  private static let whitMonday = HolidayRule.easter(days: 50)
  private static let corpusChristi = HolidayRule.easter(days: 60)
  /// Spanish holidays of a fixed date that no region may replace, and Epiphany.
  private static let spanish = fixed([
    (1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25),
  ])

  /// National rules as in force from the year 2000 on.
  ///
  /// Sources: Swedish act 1989:253 as amended in 2004; German holidays common to all states; Belgian
  /// royal decree of 1974-04-18; UK Banking and Financial Dealings Act 1971 with the proclamations
  /// under it (England and Wales); 5 U.S.C. § 6103; the holiday lists of PG&E and SCE time-of-use
  /// schedules; Danish act of 2023 that abolishes Great Prayer Day; Norwegian, Finnish
  /// and French statutes; Australian holidays common to all states and territories. The Dutch table
  /// is that of the low tariff of double-tariff meters: Good Friday and 5 May are not in it. Swiss holidays common to all
  /// cantons; Spanish holidays without regional ones, `ES-GRID` being the low-price days of the grid fee (Circular 3/2020,
  /// article 7), which leaves out Good Friday; Austrian, Italian (with 4 October from 2026), Polish (with 6 January from
  /// 2011 and 24 December from 2025) and Portuguese statutes.
  /// Eves that only labour agreements keep, as in Finland, are no public holidays.
  private static let countries: [(name: String, rules: [HolidayRule])] = [
    (
      "AT",
      fixed([(1, 1), (1, 6), (5, 1), (8, 15), (10, 26), (11, 1), (12, 8), (12, 25), (12, 26)])
        + [easterMonday, ascension, whitMonday, corpusChristi]
    ),
    (
      "AU",
      fixed([(1, 1), (1, 26)], shift: .nextWeekday)
        + [goodFriday, easterMonday] + fixed([(4, 25)])
        + fixed([(12, 25), (12, 26)], shift: .nextWeekday) + [once(2022, 9, 22)]
    ),
    (
      "BE",
      fixed([(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)])
        + [easterMonday, ascension, whitMonday]
    ),
    ("CH", fixed([(1, 1), (8, 1), (12, 25)]) + [ascension]),
    (
      "DE",
      fixed([(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)])
        + [goodFriday, easterMonday, ascension, whitMonday, once(2017, 10, 31)]
    ),
    (
      "DK",
      fixed([(1, 1), (12, 25), (12, 26)])
        + [.easter(days: -3), goodFriday, .easter(days: 0), easterMonday, ascension]
        + [.easter(days: 49), whitMonday, .inYears(0...2023, .easter(days: 26))]
    ),
    ("ES", spanish + [goodFriday]),
    ("ES-GRID", spanish),
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
        + [.weekday(1, count: -1, month: 8)]
        // Moved to the anniversary of 1945-05-08.
        + [
          .inYears(0...2019, .weekday(1, count: 1, month: 5)), once(2020, 5, 8),
          .inYears(2021...today, .weekday(1, count: 1, month: 5)),
        ]
        // Moved to the jubilees, which added a day each.
        + [
          .inYears(0...2001, .weekday(1, count: -1, month: 5)), once(2002, 6, 4),
          .inYears(2003...2011, .weekday(1, count: -1, month: 5)), once(2012, 6, 4),
          .inYears(2013...2021, .weekday(1, count: -1, month: 5)), once(2022, 6, 2),
          .inYears(2023...today, .weekday(1, count: -1, month: 5)),
        ]
        + [
          once(2002, 6, 3), once(2011, 4, 29), once(2012, 6, 5), once(2022, 6, 3),
          once(2022, 9, 19), once(2023, 5, 8),
        ]
    ),
    (
      "IT",
      fixed([
        (1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26),
      ])
        + [.easter(days: 0), easterMonday, once(2011, 3, 17)]
        + [.inYears(2026...today, .date(MonthDay(month: 10, day: 4)))]
    ),
    (
      "NL",
      fixed([(1, 1), (12, 25), (12, 26)])
        + [
          .inYears(0...2013, .date(MonthDay(month: 4, day: 30), shift: .sundayToSaturday)),
          .inYears(2014...today, .date(MonthDay(month: 4, day: 27), shift: .sundayToSaturday)),
        ]
        + [easterMonday, ascension, whitMonday]
        + [.easter(days: 0), .easter(days: 49)]
    ),
    (
      "NO",
      fixed([(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)])
        + [.easter(days: -3), goodFriday, .easter(days: 0), easterMonday, ascension]
        + [.easter(days: 49), whitMonday]
    ),
    (
      "PL",
      fixed([(1, 1), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)])
        + [.easter(days: 0), easterMonday, .easter(days: 49), corpusChristi, once(2018, 11, 12)]
        + [
          .inYears(2011...today, .date(MonthDay(month: 1, day: 6))),
          .inYears(2025...today, .date(MonthDay(month: 12, day: 24))),
        ]
    ),
    (
      "PT",
      fixed([(1, 1), (4, 25), (5, 1), (6, 10), (8, 15), (12, 8), (12, 25)])
        + [goodFriday, .easter(days: 0)]
        // Suspended from 2013 to 2015.
        + [0...2012, 2016...today].flatMap { years in
          ([corpusChristi] + fixed([(10, 5), (11, 1), (12, 1)])).map { .inYears(years, $0) }
        }
    ),
    (
      "SE",
      fixed([(1, 1), (1, 6), (5, 1), (12, 25), (12, 26)])
        + [
          .inYears(0...2004, whitMonday),
          .inYears(2005...today, .date(MonthDay(month: 6, day: 6))),
        ]
        + [goodFriday, .easter(days: 0), easterMonday, ascension, .easter(days: 49)]
        + [
          .weekdayFrom(6, MonthDay(month: 6, day: 20)),
          .weekdayFrom(6, MonthDay(month: 10, day: 31)),
        ]
    ),
    (
      "US",
      fixed([(1, 1), (7, 4), (11, 11), (12, 25)], shift: .nearestWeekday)
        + [.inYears(2021...today, .date(MonthDay(month: 6, day: 19), shift: .nearestWeekday))]
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
