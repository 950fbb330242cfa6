import Diagnostics
import Foundation
import Scenarios
import Tariffs
import Testing
import TimeSeries

@Suite("Tariff documents") struct TariffDocumentTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("tariffs")
    .path

  static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  @Test("the repository's tariffs are read and bill a leap year", arguments: files)
  func shipped(file: String) throws {
    let tariff = try TariffDocument.read("\(Self.folder)/\(file)")
    #expect(tariff.source != nil)
    let zone = try Zone("Europe/Stockholm")
    let start = zone.startOfDay(CivilCalendar.days(year: 2024, month: 1, day: 1))
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 366 * 96)
    let schedule = try BillingSchedule(
      tariff, grid: grid, zone: zone, spotPerKWh: [Double](repeating: 0.1, count: grid.count))
    let bill = schedule.bill(
      importKW: [Double](repeating: 1, count: grid.count),
      exportKW: [Double](repeating: 0, count: grid.count))
    #expect(bill.months.count == 12)
    #expect(bill.total > 0)
    for month in bill.months {
      let lines = month.lines.reduce(0) { $0 + $1.amount }
      #expect(abs(lines - month.total) < 1e-9)
    }
  }

  @Test("a tariff written as a document reads back to the same bill", arguments: files)
  func roundTrip(file: String) throws {
    let tariff = try TariffDocument.read("\(Self.folder)/\(file)")
    let text = TariffDocument.text(of: tariff)
    let again = try TariffDocument.parse(Array(text.utf8), file: "written.yaml")
    let zone = try Zone("Europe/Stockholm")
    let start = zone.startOfDay(CivilCalendar.days(year: 2024, month: 1, day: 1))
    let grid = TimeGrid(start: start, stepSeconds: 3600, count: 366 * 24)
    let load = grid.indices.map { Double($0 * 7919 % 1000) / 50 }
    let export = grid.indices.map { Double($0 * 104_729 % 1000) / 100 }
    let spot = grid.indices.map { Double($0 * 31 % 100) / 500 - 0.02 }
    let bills = try [tariff, again].map {
      try BillingSchedule($0, grid: grid, zone: zone, spotPerKWh: spot).bill(
        importKW: load, exportKW: export)
    }
    #expect(bills[0] == bills[1])
    #expect(TariffDocument.text(of: again) == text)
  }

  @Test("an hour-long net billing record and others are read by their file name")
  func records() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "wattif-record-\(ProcessInfo.processInfo.processIdentifier).json")
    let text = "{\"name\": \"r\", \"energyratestructure\": [[{\"rate\": 0.5}]]}"
    try Data(text.utf8).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    #expect(try TariffDocument.read(path.path).name == "r")
  }

  @Test("there are tariffs in the repository") func thereAreTariffs() {
    #expect(Self.files.count >= 8)
  }

  private func findings(_ text: String) -> [String] {
    do {
      _ = try TariffDocument.parse(Array(text.utf8), file: "t.yaml")
      return []
    } catch let error as InputError {
      return error.diagnostics.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }

  @Test("all mistakes are reported at once, with their places") func allFindings() {
    let found = findings(
      """
      name: bad
      currency: EUR
      holidays: SX
      import_limit_kw: -5
      energy:
        - name: energy
          periods:
            - name: day
              times: 06:00 to 22:00
              price_per_kwh: 0.30
            - name: night
              times: 21:00 to 05:00
              tiers:
                - {up_to: 500, price_per_kwh: 0.1}
                - {up_to: 300, price_per_kwh: 0.2}
                - {price_per_kwh: 0.3}
        - name: levy
          currency: SEK
          pirce_per_kwh: 0.01
      demand:
        - name: peak
          price_per_kw: 5
          metering_minutes: 7
      """)
    #expect(
      found == [
        "t.yaml:3:11: error: unknown holiday rule 'SX'; did you mean 'SE'?\n"
          + "t.yaml:3:11: note: holiday rules known here: AU, BE, DE, DK, FI, FR, GB, NL, NO, SE,"
          + " US, US-CA-UTILITIES",
        "t.yaml:4:18: error: 'import_limit_kw' must be zero or more, found '-5'",
        "t.yaml:6:5: error: no period of 'energy' applies on 01-01 (weekday) from 05:00 to 06:00",
        "t.yaml:11:9: error: the tiers of 'energy' 'night' must rise, found '300.0' after '500.0'",
        "t.yaml:11:9: error: periods 'day' and 'night' of 'energy' overlap on 01-01 (weekday) from"
          + " 21:00",
        "t.yaml:17:5: error: missing key 'price_per_kwh' in 'energy'",
        "t.yaml:19:5: error: unknown key 'pirce_per_kwh'; did you mean 'price_per_kwh'?",
        "t.yaml:21:5: error: the metering interval of 'peak' must divide a day, found '420' s",
      ])
  }

  @Test("a currency mix is refused") func currencies() {
    let found = findings(
      """
      name: bad
      currency: EUR
      energy:
        - {name: energy, currency: SEK, price_per_kwh: 1}
      """)
    #expect(found == ["t.yaml:4:5: error: a tariff has one currency, 'EUR', found 'SEK'"])
  }

  @Test("dated values, seasons and a rest period are read") func values() throws {
    let text = """
      name: dated
      currency: SEK
      vat_fraction: 0.25
      seasons:
        winter: 11-01 to 03-31
      energy:
        - name: tax
          price_per_kwh: [{value: 0.4}, {from: 2025-01-01, value: 0.5}]
        - name: transfer
          periods:
            - {name: high, seasons: winter, days: weekday, times: 06:00 to 22:00, price_per_kwh: 1}
            - {name: low, rest: true, price_per_kwh: 0.25}
      """
    let tariff = try TariffDocument.parse(Array(text.utf8), file: "t.yaml")
    let zone = try Zone("Europe/Stockholm")
    // Tuesday 2024-12-31 and Wednesday 2025-01-01, 12:00 to 13:00 local.
    for (day, tax) in [(31, 0.4), (32, 0.5)] {
      let number = CivilCalendar.days(year: 2024, month: 12, day: day)
      let grid = TimeGrid(start: zone.startOfDay(number) + 12 * 3600, stepSeconds: 3600, count: 1)
      let schedule = try BillingSchedule(tariff, grid: grid, zone: zone, spotPerKWh: nil)
      #expect(abs(schedule.buyPerKWh[0] - (tax + 1) * 1.25) < 1e-12)
    }
  }
}
