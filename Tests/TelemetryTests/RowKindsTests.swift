import Diagnostics
import TestSupport
import Testing
import TimeSeries

@testable import Telemetry

/// Exports of meters often have one row per register and quarter-hour.
@Suite("Several rows of one stamp") struct RowKindsTests {
  private let registers =
    "begin;register;volume\n01.07.2024 00:00;Afname Dag;0,5\n01.07.2024 00:00;Injectie Dag;0,25\n"
    + "01.07.2024 00:15;Afname Dag;0\n01.07.2024 00:15;Afname Nacht;1\n"
    + "01.07.2024 00:15;Injectie Dag;0\n01.07.2024 00:30;Afname Nacht;1,5\n"
    + "01.07.2024 00:30;Injectie Nacht;0\n"

  private func mapping(_ column: String, _ quantity: Quantity = .load) -> ColumnMapping {
    ColumnMapping(column: column, quantity: quantity, unit: "kWh")
  }

  @Test("named rows add up, by a pattern or by their names") func selected() throws {
    for pattern in ["Afname*", "Afname Dag|Afname Nacht"] {
      let (history, report) = try readAlone(
        registers, time: "begin", mapping("volume[register=\(pattern)]"),
        mapping("volume[register=Inj*]", .pv))
      // 0.5, 0 + 1 and 1.5 kWh in a quarter of an hour are 2, 4 and 6 kW.
      #expect(column(history[.load]) == ["2.0", "4.0", "6.0"])
      #expect(column(history[.pv]) == ["1.0", "0.0", "0.0"])
      #expect(report.rowsIn == 7 && report.rowsKept == 7)
    }
  }

  @Test("a load takes what is imported, a net both with their signs, and the file is told")
  func directions() throws {
    let (load, report) = try readAlone(registers, time: "begin", mapping("volume"))
    #expect(column(load[.load]) == ["2.0", "4.0", "6.0"])
    #expect(
      report.findings.first?.diagnostic.message
        == "rows of one stamp are told apart by 'register': 'load' takes 'Afname Dag', 'Afname Nacht' "
        + "and leaves out 'Injectie Dag', 'Injectie Nacht'")
    let (net, _) = try readAlone(registers, time: "begin", mapping("volume", .net))
    #expect(column(net[.net]) == ["1.0", "4.0", "6.0"])
  }

  @Test("kinds that say nothing of the direction are asked for") func unknown() throws {
    let text =
      "time,meter,kwh\n2024-01-01 00:00,A7,1\n2024-01-01 00:00,B9,2\n"
      + "2024-01-01 01:00,A7,3\n2024-01-01 01:00,B9,4\n"
    let error = #expect(throws: InputError.self) { try readAlone(text, mapping("kwh")) }
    #expect(
      error?.diagnostics.first?.message
        == "several rows have the same stamp and are told apart by 'meter': name the ones that count for "
        + "'load', such as 'kwh[meter=A7]'")
    #expect(column(try readAlone(text, mapping("kwh[meter=B9]")).history[.load]) == ["2.0", "4.0"])
  }

  @Test("a column of which nothing can be read is refused, whatever the policy") func unreadable() {
    let text = "time,load\n2024-01-01 00:00,a\n2024-01-01 01:00,b\n"
    let error = #expect(throws: InputError.self) {
      try readAlone(text, mapping("load"), policy: .report)
    }
    #expect(
      error?.diagnostics.last?.message == "no value of column 'load' could be read for 'load'")
    let same =
      "day,load,x\n2024-01-01,1,a\n2024-01-01,2,a\n2024-01-01,3,a\n2024-01-01,4,a\n2024-01-02,5,a\n"
    let replaced = #expect(throws: InputError.self) {
      try readAlone(same, time: "day", mapping("load"), policy: .report)
    }
    #expect(
      replaced?.diagnostics.last?.message
        == "most rows have the stamp of another row: 3 were replaced and 2 are left; look for a column with "
        + "the time of day, or one that tells such rows apart")
  }
}

@Suite("Units and numbers of columns") struct ColumnUnitTests {
  @Test(
    "units stand anywhere in a header",
    arguments: [
      ("Energiemenge in kWh", Quantity.load, "kWh"), ("Import T1 kWh", .load, "kWh"),
      ("Usage, kWh", .load, "kWh"), ("Price [EUR/MWh] raw", .price, "EUR/MWh"),
      ("price_ct_kwh", .price, "ct/kWh"), ("DKK/kWh", .price, "DKK/kWh"),
      ("spot_sek_mwh", .price, "SEK/MWh"), ("Spot price EUR per MWh", .price, "EUR/MWh"),
      ("L1 max W", .load, "W"), ("Verbrauch (kWh) gesamt", .load, "kWh"),
      ("usage KWH", .load, "kWh"),
    ] as [(String, Quantity, String)])
  func headers(header: String, quantity: Quantity, unit: String) {
    let found = CSVHeader.unit(of: header, for: quantity)
    #expect(found?.factor == MeasurementUnit(unit)?.factor)
    #expect(found?.dimension == MeasurementUnit(unit)?.dimension)
  }

  @Test(
    "words that are no unit of the quantity are none",
    arguments: ["Register A", "load 1", "kvarh", "Phase C"])
  func others(header: String) { #expect(CSVHeader.unit(of: header, for: .load) == nil) }

  @Test("a row of units and a column of units count") func rowsAndColumns() throws {
    let row =
      "Datum;Verbrauch;PV\n[dd.MM.yyyy HH:mm];[Wh];[kWh]\n01.07.2024 00:00;500;1\n"
      + "01.07.2024 01:00;1500;2\n"
    let (history, _) = try readAlone(
      row, time: "Datum", ColumnMapping(column: "Verbrauch", quantity: .load),
      ColumnMapping(column: "PV", quantity: .pv))
    #expect(column(history[.load]) == ["0.5", "1.5"] && column(history[.pv]) == ["1.0", "2.0"])
    let cells = "time;value;Einheit\n2024-07-01 00:00;500;Wh\n2024-07-01 01:00;1500;Wh\n"
    #expect(
      column(
        try readAlone(cells, ColumnMapping(column: "value", quantity: .load)).history[.load])
        == ["0.5", "1.5"])
  }

  // 1 234.5 kWh in an hour.
  @Test(
    "thousands in groups",
    arguments: [
      "1'234.5", "1’234.5", "\"1,234.5\"", "1 234.5", "1\u{A0}234.5", "1\u{202F}234.5",
    ])
  func groups(cell: String) throws {
    let text = "time;kwh\n2024-01-01 00:00;\(cell)\n2024-01-01 01:00;7.25\n"
    let (history, _) = try readAlone(text, ColumnMapping(column: "kwh", quantity: .load))
    #expect(column(history[.load]) == ["1234.5", "7.25"])
  }

  @Test("a mark before three digits beside numbers without one is named") func doubt() throws {
    let text = "time;kwh\n2024-01-01 00:00;1.234\n2024-01-01 01:00;987\n"
    let kwh = ColumnMapping(column: "kwh", quantity: .load)
    let (history, report) = try readAlone(text, kwh)
    #expect(column(history[.load]) == ["1.234", "987.0"])
    #expect(
      report.findings.first?.diagnostic.message
        == "'1.234' beside '987' in column 'kwh' is ambiguous: the mark may be that of a fraction or of "
        + "thousands; it is read as 1.234")
    let (stated, quiet) = try readAlone(text, kwh, adjust: { $0.decimalMark = "," })
    #expect(column(stated[.load]) == ["1234.0", "987.0"] && quiet.findings.isEmpty)
  }

  @Test("codes for no value are no values") func codes() throws {
    let text =
      "time,t,ghi,w\n"
      + (0..<6).map { k in
        "2024-01-01 0\(k):00,\(k == 2 ? "-999" : "5"),\(k == 3 ? "-9999" : "100"),\(k == 4 ? "9999" : "4")"
      }.joined(separator: "\n")
    let (history, report) = try readAlone(
      text, ColumnMapping(column: "t", quantity: .ambient, unit: "°C"),
      ColumnMapping(column: "ghi", quantity: .irradiance, unit: "W/m2"),
      ColumnMapping(column: "w", quantity: .load, unit: "kW"))
    #expect(column(history[.ambient])[2] == "-" && column(history[.irradiance])[3] == "-")
    #expect(column(history[.load])[4] == "-")
    #expect(report.findings.count { $0.kind == .spike } == 3)
    // 9999 W beside 8000 W is a load like any other, and a stated range decides by itself.
    let watts = "time,w\n2024-01-01 00:00,9999\n2024-01-01 01:00,8000\n"
    #expect(
      column(
        try readAlone(watts, ColumnMapping(column: "w", quantity: .load, unit: "W")).history[.load])
        == ["9.999", "8.0"])
    let hot = "time,t\n2024-01-01 00:00,95\n2024-01-01 01:00,20\n"
    #expect(
      column(
        try readAlone(hot, ColumnMapping(column: "t", quantity: .ambient, unit: "C")).history[
          .ambient])
        == ["-", "20.0"])
    #expect(
      column(
        try readAlone(
          hot, ColumnMapping(column: "t", quantity: .ambient, unit: "C", maximum: 120)
        ).history[.ambient]) == ["95.0", "20.0"])
  }
}
