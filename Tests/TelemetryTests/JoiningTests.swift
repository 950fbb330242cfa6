import Diagnostics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

@Suite("Joining sources on a grid") struct JoiningTests {
  let quarters = TimeGrid(start: newYear2024, stepSeconds: 900, count: 8)

  @Test("a finer step is averaged, a coarser one held, an offset one weighed") func steps() throws {
    // Load every 5 min (1, 2, 3 | 4, 4, 4 | -, 6, 6 | -, -, 7), price hourly, ambient at 00:10 every 30 min.
    let fine = try ScratchFile(
      "time,load_kw\n"
        + ["1", "2", "3", "4", "4", "4", "", "6", "6", "", "", "7"].enumerated().map {
          "\(newYear2024 + $0.offset * 300),\($0.element)"
        }.joined(separator: "\n"))
    let prices = try ScratchFile(
      "time,p\n2024-01-01T00:00Z,40\n2024-01-01T01:00Z,-20\n")
    let air = try ScratchFile(
      "time,t\n2023-12-31T23:40Z,0\n2024-01-01T00:10Z,6\n2024-01-01T00:40Z,12\n")
    let (history, report) = try readHistory(
      [
        CSVSource(
          path: fine.path, timeColumn: "time",
          columns: [ColumnMapping(column: "load_kw", quantity: .load)]),
        CSVSource(
          path: prices.path, timeColumn: "time",
          columns: [ColumnMapping(column: "p", quantity: .price, unit: "EUR/MWh")]),
        CSVSource(
          path: air.path, timeColumn: "time",
          columns: [ColumnMapping(column: "t", quantity: .ambient, unit: "°C")]),
      ], grid: quarters, zone: .utc)
    // Means of three; two of three are enough, one of three is not.
    #expect(column(history[.load]) == ["2.0", "4.0", "6.0", "-", "-", "-", "-", "-"])
    #expect(
      column(history[.price])
        == ["0.04", "0.04", "0.04", "0.04", "-0.02", "-0.02", "-0.02", "-0.02"])
    // 10 min at 0 and 5 min at 6 make 2; then 6; 10 min at 6 and 5 min at 12 make 8; 12; 10 min at 12.
    #expect(column(history[.ambient]) == ["2.0", "6.0", "8.0", "12.0", "12.0", "-", "-", "-"])
    #expect(report.slots[.load]?.gap == 5)
    #expect(report.slots[.price]?.ok == 8)
    #expect(report.rowsIn == 17 && report.rowsKept == 17)
  }

  @Test("a label at the end of the interval moves back by a step") func labels() throws {
    let file = try ScratchFile(
      "REGION,SETTLEMENTDATE,RRP\nVIC1,2024/01/01 10:30:00,57.13\nVIC1,2024/01/01 11:00:00,38.39\n")
    let source = CSVSource(
      path: file.path, timeColumn: "SETTLEMENTDATE", zone: try Zone("Australia/Brisbane"),
      label: .end, filters: [RowFilter(column: "REGION", equals: "VIC1")],
      columns: [ColumnMapping(column: "RRP", quantity: .price, unit: "$/MWh")])
    let grid = TimeGrid(start: newYear2024, stepSeconds: 1800, count: 2)
    let (history, _) = try readHistory(
      [source], grid: grid, zone: try Zone("Australia/Melbourne"))
    #expect(column(history[.price]) == ["0.05713", "0.03839"])
  }

  @Test("the repeated hour is told apart by its order, the skipped one refused") func clockChanges()
    throws
  {
    let berlin = try Zone("Europe/Berlin")
    // 2024-10-27 has 25 hours, from 2024-10-26T22:00Z.
    let labels = ["00", "01", "02", "02", "03", "04"]
    let autumn = try ScratchFile(
      "time,load_kw\n"
        + labels.enumerated().map { "2024-10-27 \($0.element):00,\($0.offset)" }
        .joined(separator: "\n"))
    let source = CSVSource(
      path: autumn.path, timeColumn: "time",
      columns: [ColumnMapping(column: "load_kw", quantity: .load)])
    let grid = TimeGrid(start: 1_729_980_000, stepSeconds: 3600, count: 6)
    let (history, report) = try readHistory([source], grid: grid, zone: berlin)
    #expect(column(history[.load]) == ["0.0", "1.0", "2.0", "3.0", "4.0", "5.0"])
    #expect(report.ambiguousTimes == 2)
    #expect(report.findings.isEmpty)

    let spring = try ScratchFile(
      "time,load_kw\n2024-03-31 01:00,1\n2024-03-31 02:00,2\n2024-03-31 03:00,3\n")
    var skipping = CSVSource(
      path: spring.path, timeColumn: "time", stepSeconds: 3600,
      columns: [ColumnMapping(column: "load_kw", quantity: .load)])
    let march = TimeGrid(start: 1_711_843_200, stepSeconds: 3600, count: 2)
    let error = #expect(throws: InputError.self) {
      try readHistory([skipping], grid: march, zone: berlin)
    }
    #expect(
      error?.diagnostics.first?.description
        == "\(spring.path):3:1: error: 2024-03-31T02:00 does not exist in Europe/Berlin")
    skipping.skipsNonexistentTimes = true
    let (kept, warned) = try readHistory([skipping], grid: march, zone: berlin)
    #expect(column(kept[.load]) == ["1.0", "3.0"])
    #expect(warned.rowsReported == 1 && warned.findings.map(\.kind) == [.nonexistentTime])
  }

  @Test("files that follow each other join, and those that overlap are noticed") func following()
    throws
  {
    let first = try ScratchFile("time,l\n2024-01-01T00:00Z,1\n2024-01-01T01:00Z,2\n")
    let second = try ScratchFile("time,l\n2024-01-01T01:00Z,9\n2024-01-01T02:00Z,3\n")
    let sources = [first, second].map {
      CSVSource(
        path: $0.path, timeColumn: "time",
        columns: [ColumnMapping(column: "l", quantity: .load, unit: "kW")])
    }
    let grid = TimeGrid(start: newYear2024, stepSeconds: 3600, count: 3)
    let (history, report) = try readHistory(sources, grid: grid, zone: .utc)
    #expect(column(history[.load]) == ["1.0", "2.0", "3.0"])
    #expect(report.findings.map(\.kind) == [.overlap])
    #expect(try HistoryReader(sources, zone: .utc).extent() == grid)
    var adding = sources
    adding[1].columns[0].combination = .sum
    let (sum, _) = try readHistory(adding, grid: grid, zone: .utc)
    #expect(column(sum[.load]) == ["-", "11.0", "-"])
  }

  @Test("a state holds until the next change, but not for ever") func held() throws {
    let file = try ScratchFile(
      """
      entity_id,state,last_changed
      sensor.load,1000,2024-01-01T00:00:00.000Z
      sensor.other,77,2024-01-01T00:01:00.000Z
      sensor.load,4000,2024-01-01T00:05:00.000Z
      sensor.load,unavailable,2024-01-01T00:30:00.000Z
      sensor.load,2000,2024-01-01T00:45:00.000Z
      """)
    let source = CSVSource(
      path: file.path, timeColumn: "last_changed", sampling: .held(maxAgeSeconds: 2700),
      filters: [RowFilter(column: "entity_id", equals: "sensor.load")],
      columns: [ColumnMapping(column: "state", quantity: .load, unit: "W")])
    let (history, report) = try readHistory([source], grid: quarters, zone: .utc)
    // 5 min at 1 and 10 min at 4 make 3; 4; nothing; 2 for 45 min; then too old.
    #expect(column(history[.load]) == ["3.0", "4.0", "-", "2.0", "2.0", "2.0", "-", "-"])
    #expect(report.cellsMissing == 1)
  }

  @Test("fill rules fill what they say and count it") func fills() throws {
    let text =
      "time,a\n"
      + ["1", "", "", "4", "", "", "", "8"].enumerated().map {
        "\(newYear2024 + $0.offset * 900),\($0.element)"
      }.joined(separator: "\n")
    let file = try ScratchFile(text)
    func filled(_ rule: FillRule, place: GeographicPosition? = nil) throws -> (
      [String], SlotCounts?
    ) {
      let source = CSVSource(
        path: file.path, timeColumn: "time",
        columns: [ColumnMapping(column: "a", quantity: .pv, unit: "kW", fill: rule)])
      let (history, report) = try readHistory([source], grid: quarters, zone: .utc, place: place)
      return (column(history[.pv]), report.slots[.pv])
    }
    let none = try filled(.none)
    #expect(none.0 == ["1.0", "-", "-", "4.0", "-", "-", "-", "8.0"])
    #expect(none.1?.gap == 5 && none.1?.filled == 0)
    let straight = try filled(.interpolate(maxGapSeconds: 1800))
    #expect(straight.0 == ["1.0", "2.0", "3.0", "4.0", "-", "-", "-", "8.0"])
    #expect(straight.1?.filled == 2 && straight.1?.gap == 3)
    let held = try filled(.hold(maxAgeSeconds: 900))
    #expect(held.0 == ["1.0", "1.0", "-", "4.0", "4.0", "-", "-", "8.0"])
    let zero = try filled(.zero)
    #expect(zero.0 == ["1.0", "0.0", "0.0", "4.0", "0.0", "0.0", "0.0", "8.0"])
    // 00:15 to 01:45 UTC on 1 January: night in Paris, late morning in Melbourne.
    let paris = GeographicPosition(latitudeDeg: 48.9, longitudeDeg: 2.3)
    let melbourne = GeographicPosition(latitudeDeg: -37.8, longitudeDeg: 145)
    #expect(try filled(.zeroAtNight(maxElevationDeg: 0), place: paris).0 == zero.0)
    #expect(try filled(.zeroAtNight(maxElevationDeg: 0), place: melbourne).0 == none.0)
    let placeless = #expect(throws: InputError.self) {
      _ = try filled(.zeroAtNight(maxElevationDeg: 0))
    }
    #expect(
      placeless?.diagnostics.first?.message
        == "filling 'pv' with zero at night needs the site's latitude and longitude")
  }

  @Test("a period without rows is an error") func emptyPeriod() throws {
    let file = try ScratchFile("time,l\n2020-01-01T00:00Z,1\n2020-01-01T01:00Z,2\n")
    let source = CSVSource(
      path: file.path, timeColumn: "time",
      columns: [ColumnMapping(column: "l", quantity: .load, unit: "kW")])
    let error = #expect(throws: InputError.self) {
      try readHistory([source], grid: quarters, zone: .utc)
    }
    #expect(
      error?.diagnostics.first?.message
        == "no row lies between 2024-01-01T00:00:00Z and 2024-01-01T02:00:00Z")
  }

  // load = import + production − export, where the export would be negative alone; 1 + 0.5 − 2 < 0.
  @Test("a load is put together from import, production and export") func balance() throws {
    let file = try ScratchFile(
      "time,import_kw,export_kw,pv_kw\n2024-01-01T00:00Z,1,0,0.5\n2024-01-01T01:00Z,0,2,3\n"
        + "2024-01-01T02:00Z,1,2,0.5\n2024-01-01T03:00Z,1,,1\n")
    let parts = [("import_kw", 1.0), ("export_kw", -1), ("pv_kw", 1)].map {
      ColumnMapping(column: $0.0, quantity: .load, factor: $0.1, combination: .sum)
    }
    let source = CSVSource(path: file.path, columns: parts)
    let grid = TimeGrid(start: newYear2024, stepSeconds: 3600, count: 4)
    let (history, report) = try readHistory([source], grid: grid, zone: .utc)
    #expect(column(history[.load]) == ["1.5", "1.0", "0.0", "-"])
    #expect(report.slots[.load]?.clamped == 1 && report.slots[.load]?.gap == 1)
    #expect(report.findings.map(\.kind) == [.clamped, .gap])
  }
}
