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

  @Test("a holiday that moves into the next year is left where its year ends") func newYear() throws
  {
    // New Year's Day 2022 was a Saturday; its observed day lies in 2021 and is not counted twice.
    #expect(try texts("US", 2022).contains("2021-12-31"))
  }

  @Test("every country has between seven and sixteen holidays a year") func counts() throws {
    for name in HolidayCalendar.countryNames {
      for year in 2015...2035 {
        #expect((7...16).contains(try texts(name, year).count), "\(name) \(year)")
      }
    }
  }
}
