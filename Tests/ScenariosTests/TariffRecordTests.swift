import Foundation
import Numerics
import Scenarios
import Tariffs
import TestSupport
import Testing
import TimeSeries

/// Documents of the repository against the records and tables that their figures come from.
@Suite("Documents against records", .enabled(if: RealData.folder != nil, "no real data"))
struct TariffRecordTests {
  private let data = "\(RealData.folder ?? "")/tariffs_urdb"

  private func document(_ name: String, without line: String) throws -> Tariff {
    let path = "\(TariffDocumentTests.folder)/\(name)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { $0 != line }
    return try TariffDocument.parse(Array(lines.joined(separator: "\n").utf8), file: name)
  }

  @Test(
    "a document and its record bill a random year alike",
    arguments: [
      ("us-ca-sce-gs2-tou-b.yaml", "sce_gs2_tou_b_55fc81d7682bea28da64f9ae.json"),
      ("us-ca-pge-e19.yaml", "pge_e19_secondary_5cef0a415457a33576f60fe2.json"),
    ])
  func records(name: String, record: String) throws {
    // Records have no holidays.
    let written = try document(name, without: "holidays: US-CA-UTILITIES")
    let imported = try TariffDocument.read("\(data)/\(record)")
    let zone = try Zone("America/Los_Angeles")
    let start = zone.startOfDay(CivilCalendar.days(year: 2020, month: 1, day: 1))
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 366 * 96)
    var generator = SeededGenerator(seed: 3)
    let load = (0..<grid.count).map { _ in Double.random(in: 0..<200, using: &generator) }
    let none = [Double](repeating: 0, count: grid.count)
    let bills = try [written, imported].map {
      try BillingSchedule($0, grid: grid, zone: zone, spotPerKWh: nil).bill(
        importKW: load, exportKW: none)
    }
    for (a, b) in zip(bills[0].months, bills[1].months) {
      #expect(isClose(a.energy, b.energy, relative: 1e-12), "\(a.month)")
      #expect(isClose(a.demand, b.demand, relative: 1e-12), "\(a.month)")
      #expect(isClose(a.total, b.total, relative: 1e-12), "\(a.month)")
    }
  }

  @Test("the table of AL-TOU and its document bill a random year alike") func importedTable() throws
  {
    let written = try TariffDocument.read(
      "\(TariffDocumentTests.folder)/us-ca-sdge-al-tou.yaml")
    let imported = try TariffDocument.read("\(data)/sdge_al_tou_2020_dervet.csv")
    let start = CivilCalendar.days(year: 2020, month: 1, day: 1) * 86_400
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 366 * 96)
    var generator = SeededGenerator(seed: 4)
    let load = (0..<grid.count).map { _ in Double.random(in: 0..<200, using: &generator) }
    let none = [Double](repeating: 0, count: grid.count)
    let bills = try [written, imported].map {
      try BillingSchedule($0, grid: grid, zone: .utc, spotPerKWh: nil).bill(
        importKW: load, exportKW: none)
    }
    for (a, b) in zip(bills[0].months, bills[1].months) {
      #expect(isClose(a.energy, b.energy, relative: 1e-12), "\(a.month)")
      #expect(isClose(a.demand, b.demand, relative: 1e-12), "\(a.month)")
    }
  }

  @Test("every hour of AL-TOU is priced as its table says") func table() throws {
    let text = try String(
      contentsOfFile: "\(data)/sdge_al_tou_2020_dervet.csv", encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let tariff = try TariffDocument.read(
      "\(TariffDocumentTests.folder)/us-ca-sdge-al-tou.yaml")
    let start = CivilCalendar.days(year: 2020, month: 1, day: 1) * 86_400
    let grid = TimeGrid(start: start, stepSeconds: 3600, count: 366 * 24)
    let schedule = try BillingSchedule(tariff, grid: grid, zone: .utc, spotPerKWh: nil)
    let slots = LocalSlots(grid: grid, zone: .utc)
    for slot in grid.indices {
      let hourEnding = slots.minuteOfDay[slot] / 60 + 1
      let isWeekday = slots.weekday[slot] <= 5
      let prices = rows.compactMap { row -> Double? in
        guard row[9] == "Energy", let from = Int(row[1]), let through = Int(row[2]),
          let first = Int(row[3]), let last = Int(row[4]), let kind = Int(row[7]),
          (from...through).contains(slots.month[slot]), (first...last).contains(hourEnding),
          kind == 2 || (kind == 1) == isWeekday
        else { return nil }
        return Double(row[8])
      }
      #expect(prices == [schedule.buyPerKWh[slot]], "\(Instant.utcText(grid.instant(slot)))")
    }
  }
}
