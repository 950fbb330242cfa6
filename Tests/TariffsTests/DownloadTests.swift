import Diagnostics
import Testing
import TestSupport
import TimeSeries

@testable import Tariffs

@Suite("Downloads with several rates, and tables of billing periods") struct DownloadTests {
  private func read(
    _ text: String, file: String = "r.json", record: String? = nil, powerFactor: Double? = nil
  ) throws -> Tariff {
    var options = URDBImport.Options()
    options.record = record
    options.powerFactor = powerFactor
    return try URDBImport(Array(text.utf8), file: file, options: options).requireTariff()
  }

  private func record(_ label: String, _ name: String, _ rate: Double) -> String {
    "{\"label\": \"\(label)\", \"name\": \"\(name)\", \"energyratestructure\": [[{\"rate\": \(rate)}]]}"
  }

  private func price(_ tariff: Tariff) -> Double {
    tariff.energy[0].periods[0].tiers[0].pricePerKWh.nearestValue(onDay: 0)
  }

  private var two: [String] { [record("a1", "Small", 0.1), record("b2", "Large", 0.2)] }

  @Test("one of several records is chosen by its label or name, in every kind of file")
  func chosen() throws {
    let list = "[\(two.joined(separator: ",\n"))]"
    let items = "{\"items\": \(list)}"
    let lines = two.joined(separator: "\n") + "\n"
    for text in [list, items, lines] {
      #expect(try price(read(text, record: "b2")) == 0.2)
      #expect(try price(read(text, record: "small")) == 0.1)
      let none = #expect(throws: InputError.self) { try read(text, record: "c3") }
      #expect(
        none?.diagnostics.map(\.message) == ["no rate record has the label or name 'c3'"])
    }
    let several = #expect(throws: InputError.self) { try read(items) }
    #expect(
      several?.diagnostics.map(\.message)
        == ["'items' must hold one rate record, found 2; choose one by its label with '--record'"])
    #expect(several?.diagnostics.first?.notes == ["a1, Small", "b2, Large"])
    // Alone, a record needs no name.
    #expect(try price(read(two[0])) == 0.1)
    #expect(try price(read("[\(two[1])]")) == 0.2)
  }

  @Test("a mistake in a file of lines stands on its line") func lineNumber() throws {
    let text =
      "\(two[0])\n{\"label\": \"b2\", \"energyratestructure\": [[{\"rate\": \"dear\"}]]}\n"
    let error = #expect(throws: InputError.self) { try read(text, record: "b2") }
    #expect(error?.diagnostics.first?.position?.line == 2)
  }

  /// Two rates as the CSV of all rates has them.
  private let table = """
    label,utility,name,startdate,flatdemandunit,\(
      (1...12).map { "flatdemandmonth\($0)" }.joined(separator: ",")),\
    flatdemandstructure/period0/tier0max,flatdemandstructure/period0/tier0rate,\
    flatdemandstructure/period0/tier1rate,energyratestructure/period0/tier0rate,\
    energyratestructure/period0/tier0unit,energyratestructure/period1/tier0rate,\
    energyweekdayschedule,energyweekendschedule
    a1,U,Small,2020-01-01,,\([String](repeating: "", count: 12).joined(separator: ",")),,,,0.1,kWh,,,
    b2,U,Large,2020-01-01,kW,\([String](repeating: "0", count: 12).joined(separator: ",")),10,2,3,0.2,kWh,0.4,\
    "\(rows(8))","\(rows(25))"

    """

  /// Twelve months of 24 hours in period 1 from an hour on.
  private static func rows(_ from: Int) -> String {
    let row = "[\((0..<24).map { $0 >= from ? "1" : "0" }.joined(separator: ", "))]"
    return "[\([String](repeating: row, count: 12).joined(separator: ", "))]"
  }

  // Monday 2024-01-01 in UTC: 8 hours at 0.2, 16 at 0.4, 12 kW of which 10 at 2 and 2 at 3.
  @Test("a row of the CSV of all rates is a record") func csv() throws {
    let tariff = try read(table, file: "usurdb.csv", record: "b2")
    let grid = TimeGrid(
      start: CivilCalendar.days(year: 2024, month: 1, day: 1) * 86_400, stepSeconds: 3600, count: 24
    )
    let bill = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil).bill(
      importKW: [Double](repeating: 12, count: 24), exportKW: [Double](repeating: 0, count: 24))
    #expect(isClose(bill.months[0].energy, 12 * (8 * 0.2 + 16 * 0.4), absolute: 1e-9))
    #expect(isClose(bill.months[0].demand, 26, absolute: 1e-9))
    #expect(try price(read(table, file: "usurdb.csv", record: "Small")) == 0.1)
    let error = #expect(throws: InputError.self) { try read("a,b\n1,2\n", file: "x.csv") }
    #expect(error?.diagnostics.first?.message.hasPrefix("a table of rates must have") == true)
  }

  // A peak of 74.57 kW are 100 hp: 10 kWh per hp are 1,000 kWh. At a power factor of 0.8 80 kW are 100 kVA.
  @Test(
    "blocks by horsepower and by kilovolt-ampere are those of the metered peak",
    arguments: [("kWh/hp", 74.57), ("kWh/kVA", 80)])
  func units(unit: String, peakKW: Double) throws {
    let text =
      "{\"energyratestructure\": [[{\"rate\": 0.3, \"max\": 10, \"unit\": \"\(unit)\"}, {\"rate\": 0.1,"
      + " \"unit\": \"\(unit)\"}]], \"dgrules\": \"Net Billing Instantaneous\"}"
    let tariff = try read(text, powerFactor: 0.8)
    let grid = TimeGrid(
      start: CivilCalendar.days(year: 2024, month: 1, day: 1) * 86_400, stepSeconds: 3600,
      count: 31 * 24)
    let load = grid.indices.map { $0 == 5 ? peakKW : 2 }
    let energy = load.reduce(0, +)
    let bill = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil).bill(
      importKW: load, exportKW: load.map { _ in 0 })
    #expect(isClose(bill.total, 1000 * 0.3 + (energy - 1000) * 0.1, absolute: 1e-6))
  }

  // Hour numbers end the hour: 17 to 21 are 16:00 to 21:00, without 19 to 20 (18:00 to 20:00) 16 to 18 and 20 to 21.
  @Test("rows of a table of billing periods add up within months, hours and kinds of day")
  func billingPeriods() throws {
    let text = """
      Billing Period,Start Month,End Month,Start Time,End Time,Excluding Start Time,Excluding End Time,\
      Weekday?,Value,Charge,Name_optional
      1,1,12,1,24,,,2,0.10,Energy,
      2,1,6,17,21,19,20,1,0.25,Energy,evening
      3,1,12,17,21,,,2,8,Demand,on peak
      """
    #expect(BillingPeriodTable.isTable(Array(text.utf8)))
    let tariff = try BillingPeriodTable.read(
      Array(text.utf8), file: "t.csv", meteringSeconds: 3600)
    // Monday 2024-01-01.
    let grid = TimeGrid(
      start: CivilCalendar.days(year: 2024, month: 1, day: 1) * 86_400, stepSeconds: 3600, count: 24
    )
    let schedule = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil)
    let dear = grid.indices.filter { schedule.buyPerKWh[$0] > 0.2 }
    #expect(dear == [16, 17, 20])
    let load = grid.indices.map { $0 == 18 ? 5.0 : 1 }
    let bill = schedule.bill(importKW: load, exportKW: load.map { _ in 0 })
    #expect(isClose(bill.total, 28 * 0.1 + 3 * 0.25 + 5 * 8, absolute: 1e-9))
    let error = #expect(throws: InputError.self) {
      try BillingPeriodTable.read(
        Array(
          text.replacing("1,6,17", with: "1,13,17").replacing("8,Demand", with: "8,Power").utf8),
        file: "t.csv")
    }
    #expect(
      error?.diagnostics.map(\.description) == [
        "t.csv:3:5: error: 'End Month' must be a whole number of 1 to 12, found '13'",
        "t.csv:4:20: error: 'Charge' must be 'Energy' or 'Demand', found 'power'",
      ])
  }
}
