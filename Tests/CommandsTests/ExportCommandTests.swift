import CommandLine
import Foundation
import Store
import Testing
import TimeSeries

@testable import Telemetry

@Suite("wattif export") struct ExportCommandTests {
  /// 2024-03-31T00:00:00Z; at 01:00Z the clock of Berlin goes forward.
  private let start = 1_711_843_200

  /// A store with six quarter-hours, of which one is missing, and two issues of a version.
  private func store(_ folder: DataCommandTests.Folder) throws -> String {
    let path = "\(folder.path)/home.sqlite"
    let store = try ProjectStore(path: path)
    let zone = try Zone("Europe/Berlin")
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 6)
    try store.write(
      SiteHistory(
        grid: grid, zone: zone,
        columns: [.load: [1, 0.1 + 0.2, .nan, 2, 3, 4], .pv: [0, 0, 0, 0.5, 1, 1.5]]),
      site: "home", quality: [.load: [.ok, .reset, .gap, .ok, .filled, .ok]])
    func issue(_ at: Int, _ values: [ForecastValue]) throws {
      try store.write(
        ForecastIssue(site: "home", version: "it's ridge", quantity: .load, issuedAt: at),
        values: values, zone: zone)
    }
    try issue(
      start,
      [
        ForecastValue(slotStart: start, value: 1),
        ForecastValue(slotStart: start, quantile: 0.1, value: 0.5),
        ForecastValue(slotStart: start, quantile: 0.5, value: 1),
        ForecastValue(slotStart: start + 3600, value: 2),
      ])
    try issue(
      start + 3600,
      [
        ForecastValue(slotStart: start + 3600, value: 6),
        ForecastValue(slotStart: start + 7200, value: 7),
      ])
    return path
  }

  @Test("CSV comes back as it was, missing and marked as it was") func csv() throws {
    let folder = try DataCommandTests.Folder()
    let path = try store(folder)
    let text = wattif("export", path).output
    #expect(
      text == """
        time_utc,load_kw,pv_kw,load_quality,pv_quality
        2024-03-31T00:00:00Z,1,0,ok,ok
        2024-03-31T00:15:00Z,0.30000000000000004,0,reset,ok
        2024-03-31T00:30:00Z,,0,gap,ok
        2024-03-31T00:45:00Z,2,0.5,ok,ok
        2024-03-31T01:00:00Z,3,1,filled,ok
        2024-03-31T01:15:00Z,4,1.5,ok,ok

        """)
    let file = try folder.file("again.csv", text)
    let outcome = wattif(
      "ingest", file, "--store", "\(folder.path)/again.sqlite", "--site", "home", "-q")
    #expect(outcome.code == .done, "\(outcome.error)")
    let grid = TimeGrid(start: start, stepSeconds: 900, count: 6)
    let again = try ProjectStore(path: "\(folder.path)/again.sqlite").history(
      site: "home", grid: grid)
    let first = try ProjectStore(path: path).history(site: "home", grid: grid)
    for quantity in [Quantity.load, .pv] {
      #expect(again[quantity]?.map(\.bitPattern) == first[quantity]?.map(\.bitPattern))
    }
  }

  @Test("Darkstar reads what was written, by version, with the newest forecast of each slot")
  func darkstar() throws {
    let folder = try DataCommandTests.Folder()
    let path = try store(folder)
    let database = "\(folder.path)/planner_learning.db"
    for _ in 0..<2 {
      let outcome = wattif("export", path, "--darkstar", database)
      #expect(
        outcome.error
          == "wrote 6 slots of observations and 12 of forecasts by 'it's ridge' into '\(database)'\n"
      )
    }
    let rows = try DarkstarDatabase.forecasts(path: database, zone: .utc)
    let load = rows.filter { $0.quantity == .load && $0.quantile == nil }
    #expect(load.map(\.slotStart) == (0..<12).map { start + $0 * 900 })
    // The first hour by the first issue; of the second the newer one.
    #expect(load.map(\.powerKW) == [1, 1, 1, 1, 6, 6, 6, 6, 7, 7, 7, 7])
    #expect(load.map(\.createdAt) == (0..<12).map { start + ($0 < 4 ? 0 : 3600) })
    #expect(rows.filter { $0.quantile == 0.1 }.map(\.powerKW) == [0.5, 0.5, 0.5, 0.5])
    #expect(rows.allSatisfy { $0.quantity == .load })
    let stamps = try SQLiteReader(path: database).texts(
      "SELECT slot_start FROM slot_observations ORDER BY rowid")
    #expect(stamps[3...4] == ["2024-03-31T01:45:00+01:00", "2024-03-31T03:00:00+02:00"])
    let (history, _) = try HistoryReader(
      [
        CSVSource(
          path: database, format: .darkstar,
          columns: [
            ColumnMapping(column: "load_kwh", quantity: .load),
            ColumnMapping(column: "pv_kwh", quantity: .pv),
          ])
      ], zone: try Zone("Europe/Berlin")
    ).read(grid: TimeGrid(start: start, stepSeconds: 900, count: 6))
    #expect(history[.load]?[3...] == [2, 3, 4] && history[.load]?[2].isNaN == true)
    #expect(history[.pv]?[3...] == [0.5, 1, 1.5])
  }

  @Test("what is not there is told, and nothing is made") func mistakes() throws {
    let folder = try DataCommandTests.Folder()
    let path = try store(folder)
    #expect(wattif("export", "\(folder.path)/none.sqlite").code == .badInput)
    #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/none.sqlite"))
    #expect(
      wattif("export", path, "--site", "hom").error.hasPrefix(
        "error: the store holds no site 'hom'; did you mean 'home'?"))
    #expect(
      wattif("export", path, "--darkstar", "\(folder.path)/d.db", "--version", "x").error.hasPrefix(
        "error: the store holds no forecast version 'x' of 'home'; it holds it's ridge"))
    #expect(wattif("export", path, "--step", "60").code == .badInput)
    #expect(
      wattif("export", path, "--version", "x").error.hasPrefix("error: '--version' goes with"))
  }
}
