import Diagnostics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

/// 2024-01-01T00:00:00Z.
let newYear2024 = 1_704_067_200

/// Values as text, to twelve decimals; a dash where one is missing.
func column(_ values: [Double]?) -> [String] {
  (values ?? []).map { $0.isNaN ? "-" : "\(($0 * 1e12).rounded() / 1e12)" }
}

@Suite("CSV reading") struct CSVReadingTests {
  let hours = TimeGrid(start: newYear2024, stepSeconds: 3600, count: 3)

  func read(
    _ text: String, _ mapping: ColumnMapping, time: String = "time",
    adjust: (inout CSVSource) -> Void = { _ in }, grid: TimeGrid? = nil, zone: Zone = .utc,
    policy: FindingPolicy = .refuse
  ) throws -> (values: [Double]?, report: IngestReport) {
    let file = try ScratchFile(text)
    var source = CSVSource(
      path: file.path, timeColumn: time, stepSeconds: 3600, columns: [mapping])
    adjust(&source)
    let (history, report) = try HistoryReader([source], zone: zone, policy: policy)
      .read(grid: grid ?? hours)
    return (history[mapping.quantity], report)
  }

  struct Dialect: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String
    var column = "load"
    var unit: String? = "kW"
  }

  // Every text says 1.5, missing, 1250 kW in the first three hours of 2024.
  @Test(
    "says the same in every dialect",
    arguments: [
      Dialect(
        testDescription: "plain",
        text: "time,load\n2024-01-01T00:00:00Z,1.5\n2024-01-01T01:00Z,\n2024-01-01T02:00Z,1250\n"),
      Dialect(
        testDescription: "byte order mark, sep line, CRLF, no last line break",
        text: "\u{FEFF}sep=;\r\n\"time\";\"load\"\r\n2024-01-01 00:00:00;1.5\r\n"
          + "2024-01-01 01:00:00;\r\n2024-01-01 02:00:00;1.25e3"),
      Dialect(
        testDescription: "decimal comma with thousands",
        text: "time;load\n01.01.2024 00:00;1,5\n01.01.2024 01:00;-\n01.01.2024 02:00;1.250,0\n"),
      Dialect(
        testDescription: "tabs and unit in the header",
        text: "time\tload [W]\n2024/01/01 00:00:00\t1500\n2024/01/01 01:00:00\tunknown\n"
          + "2024/01/01 02:00:00\t1.25E+6\n", unit: nil),
      Dialect(
        testDescription: "quotes, epoch seconds and units in cells",
        text: "time,load\n\"1704067200\",\"1.5 kW\"\n1704070800,\"\"\n1704074400,1250000 Watts\n",
        unit: nil),
      Dialect(
        testDescription: "epoch milliseconds and an offset from UTC",
        text: "time,load\n1704067200000,1.5\n2024-01-01T02:00:00+01:00,null\n"
          + "2023-12-31T21:00:00-0500,1250\n"),
      Dialect(
        testDescription: "unit as the end of the name",
        text: "time,load_wh\n2024-01-01T00:00:00Z,1500\n2024-01-01T01:00Z,\n"
          + "2024-01-01T02:00Z,1250000\n", column: "load_wh", unit: nil),
    ])
  func dialects(dialect: Dialect) throws {
    let mapping = ColumnMapping(column: dialect.column, quantity: .load, unit: dialect.unit)
    let result = try read(dialect.text, mapping)
    #expect(column(result.values) == ["1.5", "-", "1250.0"])
    #expect(result.report.rowsIn == 3)
    #expect(result.report.rowsKept == 3)
    #expect(result.report.cellsMissing == 1)
    #expect(result.report.slots[.load]?.ok == 2)
    #expect(result.report.slots[.load]?.gap == 1)
  }

  // W → kW: ÷1000. Wh in a 15 min slot → kW: ÷1000 ÷0.25 h. EUR/MWh → EUR/kWh: ÷1000.
  // °F → °C: (50 − 32)·5/9. ct/kWh → ÷100. W per kW of 4 kW: ÷1000·4.
  @Test(
    "converts units",
    arguments: [
      ("W", Quantity.load, 500.0, 1.0, 0.5), ("Wh", .load, 500, 1, 2),
      ("kWh", .pv, 0.5, 1, 2), ("EUR/MWh", .price, -43.38, 1, -0.04338),
      ("ct/kWh", .price, 31.5, 1, 0.315), ("$/MWh", .price, 120, 1, 0.12),
      ("°F", .ambient, 50, 1, 10), ("K", .ambient, 273.15, 1, 0),
      ("%", .cloudCover, 40, 1, 0.4), ("km/h", .windSpeed, 36, 1, 10),
      ("Wh/m²", .irradiance, 100, 1, 400), ("W/kW", .pv, 250, 4, 1),
      ("kW", .batteryPower, 5, -1, -5), ("MW", .load, 0.25, 1, 250),
    ])
  func units(unit: String, quantity: Quantity, written: Double, factor: Double, kept: Double)
    throws
  {
    let grid = TimeGrid(start: newYear2024, stepSeconds: 900, count: 1)
    let mapping = ColumnMapping(column: "x", quantity: quantity, unit: unit, factor: factor)
    let text = "time,x\n2024-01-01T00:00:00Z,\(written)\n"
    let result = try read(text, mapping, adjust: { $0.stepSeconds = 900 }, grid: grid)
    let value = try #require(result.values?.first)
    #expect(isClose(value, kept, absolute: 1e-12))
  }

  struct Mistake: CustomTestStringConvertible, Sendable {
    var testDescription: String { message }
    let text: String
    var mapping = ColumnMapping(column: "load", quantity: .load, unit: "kW")
    let place: String
    let message: String
  }

  @Test(
    "names file, line and column of a mistake",
    arguments: [
      Mistake(
        text: "time,load\n2024-01-01T00:00:00Z,1\n2024-01-01T01:00:00Z, abc\n", place: ":3:23",
        message: "'abc' is not a number for 'load'"),
      Mistake(
        text: "time,load\n2024-01-01T00:00:00Z,NaN\n", place: ":2:22",
        message:
          "'NaN' is not a number for 'load'; leave the cell empty when it is missing"),
      Mistake(
        text: "time,load\n2024-01-01T00:00:00Z,1,5\n", place: ":2:24",
        message:
          "the row has 3 cells, the header has 2; a decimal comma needs another separator of "
          + "cells or quotes"),
      Mistake(
        text: "time,load\n2024-02-30T00:00:00Z,1\n", place: ":2:1",
        message: "'2024-02-30T00:00:00Z' is not a time stamp"),
      Mistake(
        text: "time,load\n2024-01-01T00:00:00Z,48.2 V\n", place: ":2:22",
        message: "unit 'V' measures voltage and cannot be used for 'load'"),
      Mistake(
        text: "time,load\n2024-01-01T00:00:00Z,48.2 furlong\n", place: ":2:22",
        message: "unknown unit 'furlong' in '48.2 furlong'"),
      Mistake(
        text: "time,load\n2024-01-01T00:00:00Z,1\n",
        mapping: ColumnMapping(column: "laod", quantity: .load, unit: "kW"), place: ":1:1",
        message: "there is no column 'laod'; did you mean 'load'?"),
      Mistake(
        text: "time,load\n2024-01-01T00:00:00Z,1\n",
        mapping: ColumnMapping(column: "load", quantity: .load, unit: "kv"), place: ":1:1",
        message: "unknown unit 'kv' for 'load'; did you mean 'kV'?; use kW, W, kWh or Wh"),
      Mistake(
        text: "time,load\n2024-01-01T00:00:00Z,1\n",
        mapping: ColumnMapping(column: "load", quantity: .load, unit: "°C"), place: ":1:1",
        message:
          "unit '°C' measures temperature and cannot be used for 'load'; use kW, W, kWh or Wh"),
      Mistake(
        text: "time,load_w\n2024-01-01T00:00:00Z,1\n",
        mapping: ColumnMapping(column: "load_w", quantity: .load, unit: "kW"), place: ":1:1",
        message: "column 'load_w' carries the unit 'W', but its mapping says 'kW'"),
      Mistake(
        text: "time,load\n2024-01-01T00:00:00Z,1\n",
        mapping: ColumnMapping(column: "load", quantity: .load), place: ":2:22",
        message: "neither the mapping, the header nor the cell names a unit for 'load'"),
    ])
  func mistakes(mistake: Mistake) throws {
    let file = try ScratchFile(mistake.text)
    let source = CSVSource(
      path: file.path, timeColumn: "time", stepSeconds: 3600, columns: [mistake.mapping])
    let error = #expect(throws: InputError.self) {
      try readHistory([source], grid: hours, zone: .utc)
    }
    let first = try #require(error?.diagnostics.first)
    #expect(first.message == mistake.message)
    #expect(first.position?.description == file.path + mistake.place)
  }

  @Test("a missing file, a folder and an empty file are named") func missingFile() throws {
    let empty = try ScratchFile("")
    for (path, words) in [
      ("/nowhere/load.csv", "no such file"), ("/", "a folder, not a file"),
      (empty.path, "the file is empty"),
    ] {
      let source = CSVSource(
        path: path, timeColumn: "time",
        columns: [ColumnMapping(column: "load", quantity: .load, unit: "kW")])
      let error = #expect(throws: InputError.self) {
        try readHistory([source], grid: hours, zone: .utc)
      }
      #expect(error?.diagnostics.first?.message == words)
    }
  }

  @Test("reporting instead of refusing keeps every row in the count") func reporting() throws {
    let text = """
      time,load
      2024-01-01T00:00:00Z,1
      2024-01-01T02:00:00Z,3
      2024-01-01T01:00:00Z,x
      2024-01-01T02:00:00Z,4
      yesterday,5
      2025-01-01T00:00:00Z,6

      """
    let result = try read(
      text, ColumnMapping(column: "load", quantity: .load, unit: "kW"), policy: .report)
    #expect(column(result.values) == ["1.0", "-", "4.0"])
    let report = result.report
    #expect(report.rowsIn == 6)
    #expect(report.rowsKept == 3)
    #expect(report.rowsReported == 2)
    #expect(report.rowsOutside == 1)
    #expect(report.duplicates == 1)
    #expect(report.outOfOrder == 1)
    #expect(report.cellsFailed == 1)
    #expect(
      report.findings.map(\.kind) == [.outOfOrder, .badNumber, .badStamp, .duplicate, .gap])
  }

  @Test("a value outside its range is missing and counted") func ranges() throws {
    let text = "time,t\n2024-01-01T00:00Z,3.4e38\n2024-01-01T01:00Z,90\n2024-01-01T02:00Z,20\n"
    let result = try read(
      text, ColumnMapping(column: "t", quantity: .ambient, unit: "°C", maximum: 60))
    #expect(column(result.values) == ["-", "-", "20.0"])
    #expect(result.report.slots[.ambient]?.spike == 2)
    #expect(result.report.findings.first?.diagnostic.position?.column == 19)
    #expect(
      result.report.findings.last?.diagnostic.message
        == "90 °C of 'ambient' lies above 60")
  }

  @Test("stand-by power of a PV inverter is raised to zero and counted") func clamped() throws {
    let text = "time,pv_w\n2024-01-01T00:00Z,-3.3\n2024-01-01T01:00Z,0\n2024-01-01T02:00Z,20\n"
    let result = try read(text, ColumnMapping(column: "pv_w", quantity: .pv))
    #expect(column(result.values) == ["0.0", "0.0", "0.02"])
    #expect(result.report.slots[.pv]?.clamped == 1)
  }
}
