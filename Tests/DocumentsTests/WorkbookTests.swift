import Diagnostics
import TestSupport
import Testing

@testable import Documents

@Suite("Workbooks") struct WorkbookTests {
  private func text(_ bytes: [UInt8]) throws -> String {
    String(decoding: try TextFile(bytes, path: "book.xlsx").bytes, as: UTF8.self)
  }

  private func message(_ bytes: [UInt8]) -> String {
    let error = #expect(throws: InputError.self) { try TextFile(bytes, path: "book.xlsx") }
    return error?.diagnostics.first?.message ?? ""
  }

  /// Two styles: a plain number, and the format 22 of every workbook, day and time.
  private let styles =
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/></cellXfs>"

  @Test(
    "texts, dates, numbers and words of a sheet as CSV, packed or not", arguments: [false, true])
  func sheet(packs: Bool) throws {
    // 45292 is 2024-01-01; 45292.010416666664 is 00:15 of it; 45292.75 is 18:00.
    let rows = """
      <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>load </t><r><t>[kW]</t></r></is></c>\
      <c r="C1" t="s"><v>1</v></c></row>
      <row r="3"><c r="A3" s="1"><v>45292</v></c><c r="B3"><v>1.25</v></c><c r="C3" t="str"><v>a, "b"</v></c></row>
      <row r="4"><c r="A4" s="1"><v>45292.010416666664</v></c><c r="B4"><v>-2E-3</v></c></row>
      <row r="5"><c s="1"><v>45292.75</v></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c></row>
      """
    let book = BookBytes(
      BookBytes.parts(
        sheets: [("Data", "visible", rows)],
        texts: "<si><t>time</t></si><si><r><t>no</t></r><r><t>te</t></r><rPh><t>x</t></rPh></si>",
        styles: styles), packs: packs)
    #expect(
      try text(book.archive) == """
        time,load [kW],note

        2024-01-01T00:00:00,1.25,"a, ""b\"""
        2024-01-01T00:15:00,-2E-3,
        2024-01-01T18:00:00,#N/A,TRUE

        """)
  }

  @Test("formats tell days and times; colours, words and units do not") func formats() {
    func kind(_ code: String) -> String {
      let format = CellFormat(code: code)
      return (format.hasDay ? "day" : "") + (format.hasTime ? "time" : "")
    }
    #expect(kind("dd.mm.yyyy") == "day" && kind("yyyy\\-mm\\-dd") == "day" && kind("mmm") == "day")
    #expect(
      kind("dd/mm/yyyy hh:mm:ss") == "daytime" && kind("[$-409]d\\-mmm h:mm AM/PM") == "daytime")
    #expect(kind("hh:mm") == "time" && kind("[h]:mm") == "time" && kind("mm:ss.0") == "time")
    #expect(kind("0.00") == "" && kind("General") == "" && kind("#,##0.0 \"days\"") == "")
    #expect(kind("[Red]0.0\\ \\k\\W\\h;[Blue]-0.0") == "" && kind("0.00E+00") == "")
    #expect(kind("0;d") == "")
  }

  @Test("dates of both calendars, times alone and the day that never was") func dates() {
    let both = CellFormat(number: 22)
    let day = CellFormat(number: 14)
    let time = CellFormat(number: 20)
    // 1900-01-01 is day 1; 59 is 1900-02-28, 61 is 1900-03-01.
    #expect(day.text(1, countsFrom1904: false) == "1900-01-01")
    #expect(day.text(59, countsFrom1904: false) == "1900-02-28")
    #expect(day.text(61, countsFrom1904: false) == "1900-03-01")
    // 1904-01-01 is day 0; 43830 days later is 2024-01-01, as 45292 − 1462.
    #expect(day.text(43_830, countsFrom1904: true) == "2024-01-01")
    #expect(day.text(45_292.5, countsFrom1904: false) == "2024-01-01T12:00:00")
    #expect(both.text(45_292.999_999_5, countsFrom1904: false) == "2024-01-01T23:59:59.957")
    #expect(time.text(0.75, countsFrom1904: false) == "18:00:00")
    #expect(time.text(1, countsFrom1904: false) == "24:00:00")
    #expect(
      both.text(-1, countsFrom1904: false) == nil && both.text(1e300, countsFrom1904: false) == nil)
    #expect(both.text(.nan, countsFrom1904: false) == nil)
    #expect(CellFormat(number: 2).text(5, countsFrom1904: false) == nil)
  }

  @Test("the first sheet that is shown is read, and the others are named") func sheets() throws {
    let row = "<row><c><v>1</v></c><c><v>2</v></c></row>"
    let book = BookBytes(
      BookBytes.parts(sheets: [
        ("Help", "hidden", row), ("Load", "visible", row + "<row><c><v>3</v></c></row>"),
        ("Prices", "visible", row),
      ]))
    let file = try TextFile(book.archive, path: "book.xlsx")
    #expect(String(decoding: file.bytes, as: UTF8.self) == "1,2\n3,\n")
    #expect(
      file.warnings.map(\.message) == [
        "the workbook has 2 sheets; 'Load' is read, not 'Prices'"
      ])
  }

  @Test("what is damaged, locked or empty is said with what to do") func refused() {
    let row = "<row><c><v>1</v></c></row>"
    func parts(_ rows: String) -> [(name: String, text: String)] {
      BookBytes.parts(sheets: [("S", "visible", rows)])
    }
    let sound = BookBytes(parts(row)).archive
    let end = "; save the sheet as 'CSV UTF-8' and use that file"
    func reason(_ bytes: [UInt8]) -> String {
      let message = message(bytes)
      #expect(message.hasSuffix(end))
      return message.replacing("the file is an Excel workbook that cannot be read: ", with: "")
        .replacing(end, with: "")
    }
    #expect(
      reason(Array(sound.dropLast(30))) == "it has no list of its parts; it may have been cut")
    #expect(reason(BookBytes(parts(row), locks: true).archive) == "it is locked by a password")
    #expect(reason(BookBytes(parts("")).archive) == "its sheet 'S' is empty")
    #expect(
      reason(BookBytes(parts("<row r=\"2\"/><row r=\"1\"><c><v>1</v></c></row>")).archive)
        == "its rows are not in order")
    #expect(
      reason(BookBytes(parts("<row><c t=\"s\"><v>7</v></c></row>")).archive)
        == "row 1 refers to a text that it does not have")
    #expect(
      reason(BookBytes(parts("<row><c>")).archive)
        == "its part 'xl/worksheets/s1.xml' is no XML")
    // Column XFD is the 16,384th; filling up 2,000 rows to it takes 33 million commas.
    let narrow = (1...2000).map { "<row r=\"\($0)\"><c r=\"A\($0)\"><v>1</v></c></row>" }.joined()
    #expect(
      reason(
        BookBytes(parts(narrow + "<row r=\"2001\"><c r=\"XFD2001\"><v>1</v></c></row>")).archive)
        == "row 2001 has a cell in column 16384, far beyond those of the others")
    // The size of the first part in the list, 24 bytes behind its mark, becomes a gigabyte.
    var boastful = BookBytes(parts(row), packs: true).archive
    if let place = boastful.firstRange(of: [0x50, 0x4B, 1, 2]) {
      boastful.replaceSubrange(
        place.lowerBound + 24..<place.lowerBound + 28, with: [0, 0, 0, 0x40])
    }
    let first = parts(row)[0].name
    #expect(
      message(boastful).contains(
        "its part '\(first)' says that it has more than its bytes can hold"))
    // One byte of a part is another one.
    var damaged = sound
    if let place = damaged.firstRange(of: Array("<v>1".utf8)) {
      damaged[place.lowerBound + 3] = 0x32
    }
    #expect(reason(damaged) == "its part 'xl/worksheets/s1.xml' is damaged")
    #expect(
      reason(BookBytes([("xl/other.xml", "<a/>")]).archive) == "it has no part 'xl/workbook.xml'")
    // JSON and YAML are no sheets.
    let error = #expect(throws: InputError.self) {
      try TextFile(sound, path: "book.xlsx", isUnicode: true)
    }
    #expect(error?.diagnostics.first?.message.hasPrefix("the file is an Excel workbook; ") == true)
  }
}
