import TestSupport
import Testing
import TimeSeries

@testable import Tariffs

@Suite("Who a tariff applies to") struct ApplicabilityTests {
  private func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
    CivilCalendar.days(year: year, month: month, day: day)
  }

  /// Warnings of January and February 2023 at 2 kW, with an hour of 8 kW in February.
  private func warnings(_ limits: Applicability, days: Int = 59) throws -> [String] {
    let tariff = try Tariff(
      name: "t", currency: "EUR", energy: [.flat("energy", pricePerKWh: 1)],
      applicability: limits)
    let grid = TimeGrid(start: day(2023, 1, 1) * 86_400, stepSeconds: 3600, count: days * 24)
    let schedule = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil)
    var load = [Double](repeating: 2, count: grid.count)
    if days > 40 { load[40 * 24] = 8 }
    let bill = schedule.bill(importKW: load, exportKW: load.map { _ in 0 })
    return schedule.applicabilityWarnings(of: bill).map(\.message)
  }

  @Test("dates outside of those in which the tariff holds") func dates() throws {
    let span = "the data run from 2023-01-01 to 2023-02-28"
    #expect(
      try warnings(Applicability(fromDay: day(2023, 1, 2)))
        == ["\(span), but 't' holds from 2023-01-02"])
    #expect(
      try warnings(Applicability(throughDay: day(2023, 2, 27)))
        == ["\(span), but 't' holds until 2023-02-27"])
    #expect(
      try warnings(Applicability(fromDay: day(2023, 1, 1), throughDay: day(2023, 2, 28))) == [])
  }

  @Test("peaks and consumption outside of the class") func classes() throws {
    #expect(
      try warnings(Applicability(highestPeakKW: 5))
        == [
          "'t' applies up to a peak of 5.0 kW a month; 1 of 2 months lie above, 2023-02 with 8.0 kW"
        ])
    #expect(
      try warnings(Applicability(leastPeakKW: 20))
        == ["'t' applies from a peak of 20.0 kW a month; the highest is 8.0 kW in 2023-02"])
    #expect(try warnings(Applicability(leastPeakKW: 8, highestPeakKW: 8)) == [])
    // January has 744 h at 2 kW, February 672 h and 6 kWh more.
    #expect(
      try warnings(Applicability(highestMonthKWh: 1000))
        == [
          "'t' applies up to a consumption of 1000.0 kWh a month; 2 of 2 months lie above, 2023-01"
            + " with 1488.0 kWh"
        ])
    #expect(
      try warnings(Applicability(leastMonthKWh: 2000))
        == [
          "'t' applies from a consumption of 2000.0 kWh a month; the highest is 1488.0 kWh in"
            + " 2023-01"
        ])
  }

  @Test("a month that is covered in part does not lie below a limit") func partial() throws {
    #expect(try warnings(Applicability(leastPeakKW: 20), days: 20) == [])
    #expect(try warnings(.unlimited) == [])
  }
}
