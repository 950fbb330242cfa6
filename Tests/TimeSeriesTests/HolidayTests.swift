import Testing

@testable import TimeSeries

/// Dates as published in national calendars.
@Suite("Holidays") struct HolidayTests {
  private static func text(_ day: Int) -> String {
    let date = CivilCalendar.date(fromDays: day)
    return String(
      CivilTime(year: date.year, month: date.month, day: date.day).description.prefix(10))
  }

  private func texts(_ name: String, _ year: Int) throws -> [String] {
    let calendar = try #require(HolidayCalendar.country(name))
    return calendar.days(inYear: year).map(Self.text)
  }

  @Test(
    "Easter Sunday",
    arguments: [
      (2000, "2000-04-23"), (2008, "2008-03-23"), (2011, "2011-04-24"), (2019, "2019-04-21"),
      (2024, "2024-03-31"), (2025, "2025-04-20"), (2038, "2038-04-25"),
    ])
  func easter(year: Int, date: String) {
    #expect(Self.text(HolidayCalendar.easterSunday(year: year)) == date)
  }

  @Test("Sweden 2024") func sweden() throws {
    #expect(
      try texts("SE", 2024) == [
        "2024-01-01", "2024-01-06", "2024-03-29", "2024-03-31", "2024-04-01", "2024-05-01",
        "2024-05-09", "2024-05-19", "2024-06-06", "2024-06-22", "2024-11-02", "2024-12-25",
        "2024-12-26",
      ])
  }

  @Test("England moves Christmas of 2021 and 2022 to weekdays") func england() throws {
    #expect(try texts("GB", 2021).suffix(2) == ["2021-12-27", "2021-12-28"])
    #expect(try texts("GB", 2022).first == "2022-01-03")
    #expect(try texts("GB", 2022).suffix(2) == ["2022-12-26", "2022-12-27"])
  }

  @Test("the United States observe Independence Day 2020 on Friday and Juneteenth 2022 on Monday")
  func unitedStates() throws {
    #expect(try texts("US", 2020).contains("2020-07-03"))
    #expect(try texts("US", 2022).contains("2022-06-20"))
    #expect(try texts("US", 2024).contains("2024-11-28"))
  }

  @Test("Californian utilities keep Saturday holidays and move Sunday ones") func california()
    throws
  {
    #expect(try texts("US-CA-UTILITIES", 2020).contains("2020-07-04"))
    #expect(try texts("US-CA-UTILITIES", 2021).contains("2021-07-05"))
    #expect(try texts("US-CA-UTILITIES", 2024).count == 8)
  }

  @Test("a holiday that moves over the turn of the year is kept in the year of its day")
  func newYear() throws {
    // 2022-01-01 was a Saturday, so federal offices closed on Friday 2021-12-31.
    #expect(try texts("US", 2021).last == "2021-12-31")
    #expect(try texts("US", 2022).first == "2022-01-17")
  }

  @Test(
    "King's Day falls on 27 April, or on the 26th where that is a Sunday; before 2014 on the 30th")
  func kingsDay() throws {
    for (year, date) in [
      (2006, "2006-04-29"), (2013, "2013-04-30"), (2014, "2014-04-26"), (2024, "2024-04-27"),
      (2025, "2025-04-26"),
    ] {
      let april = try texts("NL", year).filter { $0 >= "\(year)-04-24" && $0 < "\(year)-05-01" }
      // Easter Monday of 2014 and 2025 was the 21st, of 2011 the 25th.
      #expect(april == [date])
    }
  }

  /// Dates of the United Kingdom government's list of bank holidays and of royal proclamations.
  @Test("bank holidays that were moved or added by proclamation") func proclamations() throws {
    let may = { (year: Int) in
      try texts("GB", year).filter { $0 >= "\(year)-05" && $0 < "\(year)-07" }
    }
    #expect(try may(2002) == ["2002-05-06", "2002-06-03", "2002-06-04"])
    #expect(try may(2012) == ["2012-05-07", "2012-06-04", "2012-06-05"])
    #expect(try may(2020) == ["2020-05-08", "2020-05-25"])
    #expect(try may(2021) == ["2021-05-03", "2021-05-31"])
    #expect(try may(2022) == ["2022-05-02", "2022-06-02", "2022-06-03"])
    #expect(try may(2023) == ["2023-05-01", "2023-05-08", "2023-05-29"])
    #expect(try may(2024) == ["2024-05-06", "2024-05-27"])
    #expect(try texts("GB", 2011).contains("2011-04-29"))
    #expect(try texts("GB", 2022).contains("2022-09-19"))
  }

  @Test("holidays that began or ended") func changes() throws {
    // Great Prayer Day, the fourth Friday after Easter, was kept for the last time in 2023.
    #expect(try texts("DK", 2023).contains("2023-05-05"))
    #expect(try !texts("DK", 2024).contains("2024-04-26"))
    // The National Day took the place of Whit Monday in 2005; Juneteenth is from 2021.
    #expect(try texts("SE", 2004).contains("2004-05-31"))
    #expect(try !texts("SE", 2004).contains("2004-06-06"))
    #expect(try !texts("US", 2020).contains("2020-06-19"))
    #expect(try texts("US", 2021).contains("2021-06-18"))
    #expect(try texts("DE", 2017).contains("2017-10-31"))
    #expect(try !texts("DE", 2018).contains("2018-10-31"))
    #expect(try texts("AU", 2022).contains("2022-09-22"))
  }

  @Test("every country has between seven and sixteen holidays a year") func counts() throws {
    for name in HolidayCalendar.countryNames {
      for year in 2015...2035 {
        #expect((7...16).contains(try texts(name, year).count), "\(name) \(year)")
      }
    }
  }
}
