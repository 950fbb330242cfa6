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

  // Holidays on Monday to Friday by python-holidays 0.10.1 (dr-prodigy), an independent list. Left out of it are eves in
  // Sweden and Finland that are no public holidays, 5 May in the Netherlands (see the table of the calendar), and Swiss
  // holidays that not all cantons keep.
  @Test(
    "workdays that are holidays agree with an independent list",
    arguments: [
      "AT 2014 01-01 01-06 04-21 05-01 05-29 06-09 06-19 08-15 12-08 12-25 12-26",
      "AT 2019 01-01 04-22 05-01 05-30 06-10 06-20 08-15 11-01 12-25 12-26",
      "AU 2014 01-01 01-27 04-18 04-21 04-25 12-25 12-26",
      "AU 2019 01-01 01-28 04-19 04-22 04-25 12-25 12-26",
      "BE 2014 01-01 04-21 05-01 05-29 06-09 07-21 08-15 11-11 12-25",
      "BE 2019 01-01 04-22 05-01 05-30 06-10 08-15 11-01 11-11 12-25",
      "CH 2014 01-01 05-29 08-01 12-25",
      "CH 2019 01-01 05-30 08-01 12-25",
      "DE 2014 01-01 04-18 04-21 05-01 05-29 06-09 10-03 12-25 12-26",
      "DE 2019 01-01 04-19 04-22 05-01 05-30 06-10 10-03 12-25 12-26",
      "DK 2014 01-01 04-17 04-18 04-21 05-16 05-29 06-09 12-25 12-26",
      "DK 2019 01-01 04-18 04-19 04-22 05-17 05-30 06-10 12-25 12-26",
      "ES 2014 01-01 01-06 04-18 05-01 08-15 12-08 12-25",
      "ES 2019 01-01 04-19 05-01 08-15 11-01 12-06 12-25",
      "FI 2014 01-01 01-06 04-18 04-21 05-01 05-29 12-25 12-26",
      "FI 2019 01-01 04-19 04-22 05-01 05-30 12-06 12-25 12-26",
      "FR 2014 01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-11 12-25",
      "FR 2019 01-01 04-22 05-01 05-08 05-30 06-10 08-15 11-01 11-11 12-25",
      "GB 2014 01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
      "GB 2019 01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
      "IT 2014 01-01 01-06 04-21 04-25 05-01 06-02 08-15 12-08 12-25 12-26",
      "IT 2019 01-01 04-22 04-25 05-01 08-15 11-01 12-25 12-26",
      "NL 2014 01-01 04-21 05-29 06-09 12-25 12-26",
      "NL 2019 01-01 04-22 05-30 06-10 12-25 12-26",
      "NO 2014 01-01 04-17 04-18 04-21 05-01 05-29 06-09 12-25 12-26",
      "NO 2019 01-01 04-18 04-19 04-22 05-01 05-17 05-30 06-10 12-25 12-26",
      "PL 2014 01-01 01-06 04-21 05-01 06-19 08-15 11-11 12-25 12-26",
      "PL 2019 01-01 04-22 05-01 05-03 06-20 08-15 11-01 11-11 12-25 12-26",
      "PT 2014 01-01 04-18 04-25 05-01 06-10 08-15 12-08 12-25",
      "PT 2019 01-01 04-19 04-25 05-01 06-10 06-20 08-15 11-01 12-25",
      "SE 2014 01-01 01-06 04-18 04-21 05-01 05-29 06-06 12-25 12-26",
      "SE 2019 01-01 04-19 04-22 05-01 05-30 06-06 12-25 12-26",
      "US 2014 01-01 01-20 02-17 05-26 07-04 09-01 10-13 11-11 11-27 12-25",
      "US 2019 01-01 01-21 02-18 05-27 07-04 09-02 10-14 11-11 11-28 12-25",
    ])
  func independent(line: String) throws {
    let words = line.split(separator: " ").map(String.init)
    let calendar = try #require(HolidayCalendar.country(words[0]))
    let year = try #require(Int(words[1]))
    let workdays = calendar.days(inYear: year).filter { CivilCalendar.weekday(ofDay: $0) <= 5 }
    #expect(workdays.map { String(Self.text($0).suffix(5)) } == Array(words.dropFirst(2)))
  }

  // Statutes after the list: Italian act 151/2025 (4 October), Polish act of 2024 (24 December), Danish act of 2023;
  // Portuguese act 23/2012 and its repeal of 2016; the grid fee of Spain counts no Good Friday.
  @Test("holidays that came and went") func cameAndWent() throws {
    #expect(try texts("IT", 2025).contains("2025-10-04") == false)
    #expect(try texts("IT", 2026).contains("2026-10-04"))
    #expect(try texts("IT", 2011).contains("2011-03-17"))
    #expect(try texts("PL", 2024).contains("2024-12-24") == false)
    #expect(try texts("PL", 2025).contains("2025-12-24"))
    #expect(try texts("PL", 2010).contains("2010-01-06") == false)
    #expect(try texts("DK", 2024).contains("2024-04-26") == false)
    #expect(try texts("PT", 2014).contains("2014-10-05") == false)
    #expect(try texts("PT", 2016).contains("2016-10-05"))
    #expect(try texts("ES", 2024).contains("2024-03-29"))
    #expect(try texts("ES-GRID", 2024).contains("2024-03-29") == false)
    #expect(try texts("ES-GRID", 2024).count == 9)
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
    // The Swiss cantons have four in common.
    for name in HolidayCalendar.countryNames where name != "CH" {
      for year in 2015...2035 {
        #expect((7...16).contains(try texts(name, year).count), "\(name) \(year)")
      }
    }
  }
}
