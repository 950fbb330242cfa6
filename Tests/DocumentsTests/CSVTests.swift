import Diagnostics
import Documents
import Testing

@Suite("CSV rows") struct CSVRowsTests {
  private func rows(_ text: String) throws -> [[String]] {
    var rows = try CSVRows(try document(text))
    var result = [rows.names]
    while rows.next() { result.append(rows.texts) }
    return result
  }

  @Test(
    "separators are told from header and first row",
    arguments: [
      "a,b\n1,2\n", "a;b\n1;2\n", "a\tb\n1\t2\n", "a|b\n1|2\n", "sep=;\na;b\n1;2\n",
      "\u{FEFF}sep=,\r\na,b\r\n1,2\r\n", "\n\na;b\n\n1;2", "\"a\",\"b\"\n\"1\",2",
    ])
  func separators(text: String) throws {
    #expect(try rows(text) == [["a", "b"], ["1", "2"]])
  }

  @Test("a comma in a name does not make it the separator") func commaInName() throws {
    #expect(
      try rows("time;load (kW, mean)\n1;2\n") == [["time", "load (kW, mean)"], ["1", "2"]])
  }

  @Test("quotes hold separators, quotes and line ends, with blanks in front of them")
  func quotes() throws {
    let found = try rows("a,b\n\"x, \"\"y\"\"\", \"1\n2\"\n3,\"4\" \n")
    // Quotes at the ends of a cell are marks, not text.
    #expect(found == [["a", "b"], ["x, \"y", "1\n2"], ["3", "4"]])
  }

  @Test(
    "numbers are read in the way of the file, or not at all",
    arguments: [
      ("a,b\n\"0,75\",x\n", 0.75), ("a;b\n1,5;x\n", 1.5), ("a;b\n1.234,5;x\n", 1234.5),
      ("a,b\n 1.5 ,x\n", 1.5), ("a,b\n-1e-3,x\n", -0.001), ("a\tb\n+2\tx\n", 2),
      ("a,b\n\"1234,5\",x\n\"0,25\",x\n", 1234.5),
      // Beside numbers with a point a comma is no decimal mark, and alone it may mark thousands.
      ("a,b\n\"1,5\",x\n2.5,x\n", nil), ("a,b\n\"1,234\",x\n", nil),
      ("a,b\n0x10,x\n", nil), ("a,b\nnan,x\n", nil), ("a,b\ninf,x\n", nil), ("a,b\n1e999,x\n", nil),
      ("a,b\n1 2,x\n", nil), ("a,b\n,x\n", nil), ("a,b\n\"1\"5,x\n", nil), ("a,b\n1_000,x\n", nil),
      ("a;b\n1.23.4,5;x\n", nil), ("a;b\n1234.567,5;x\n", nil), ("a,b\n１,x\n", nil),
    ] as [(String, Double?)])
  func numbers(text: String, expected: Double?) throws {
    var rows = try CSVRows(try document(text))
    _ = rows.next()
    #expect(rows.number(0) == expected)
  }

  @Test(
    "the header is found below lines of another kind",
    arguments: [
      "Report of June\na,b,c\nx,1,2\ny,3,4\n", "Name,Jane\nNumber,7\n\na,b,c\nx,1,2\ny,3,4\n",
      "Meter;17;kWh;W;x;y\n0;1;2;3;4;5\n\na,b,c\nx,1,2\ny,3,4\nz,5,6\nz,7,8\nz,9,9\n",
      "Title,,\n,,\na,b,c\nx,1,2\ny,3,4\n", "a,b,c\n[-],[kW],[W]\nx,1,2\ny,3,4\n",
      "a,b,c\nx,unknown,2\ny,3,4\nz,5,6\n", "a,b,c\n",
    ])
  func preamble(text: String) throws {
    var rows = try CSVRows(try document(text))
    #expect(rows.names == ["a", "b", "c"])
    if rows.next(), rows.text(0) == "x" { #expect(rows.text(2) == "2") }
  }

  @Test("a first row of numbers is no header below a preamble") func numbersAlone() throws {
    #expect(try CSVRows(try document("x\n1,2\n3,4\n5,6\n")).names == ["x"])
  }

  @Test(
    "thousands in groups are read where the file shows what they are",
    arguments: [
      ("a;b\n1'234.5;x\n", 1234.5), ("a;b\n1 234,5;x\n", 1234.5),
      ("a;b\n\"1,457.38\";x\n", 1457.38),
      ("a,b\n\"1,234,567\",x\n", 1_234_567), ("a;b\n1.234.567;x\n", 1_234_567),
      ("a;b\n1'23;x\n", nil), ("a;b\n12'3456;x\n", nil), ("a;b\n1 2;x\n", nil),
    ] as [(String, Double?)])
  func groups(text: String, expected: Double?) throws {
    var rows = try CSVRows(try document(text))
    _ = rows.next()
    #expect(rows.number(0) == expected)
  }

  @Test("places are lines and characters") func places() throws {
    var rows = try CSVRows(try document("ä,b,c\nö,\"x\ny\",3\nü,7\n"))
    #expect(rows.headerPosition(1).description == "a.csv:1:3")
    _ = rows.next()
    #expect(rows.position(1).description == "a.csv:2:4")
    #expect(rows.position(2).description == "a.csv:3:4")
    _ = rows.next()
    #expect(rows.position.description == "a.csv:4:1")
    // The row ends before its third cell.
    #expect(rows.position(2).description == "a.csv:4:4")
    #expect(rows.text(2) == "" && rows.number(2) == nil)
  }

  @Test("more cells than the header has are a mistake, a separator at the end is none")
  func surplus() throws {
    var rows = try CSVRows(try document("a,b\n1,2,\n1,5,2\n"))
    _ = rows.next()
    #expect(rows.surplus() == nil)
    _ = rows.next()
    #expect(
      rows.surplus()?.description
        == "a.csv:3:5: error: the row has 3 cells, the header has 2; a decimal comma needs another "
        + "separator of cells or quotes")
  }

  @Test("a quote without its end and an empty file are named") func mistakes() throws {
    var rows = try CSVRows(try document("a,b\n1,\"2\n3,4\n"))
    while rows.next() {}
    #expect(
      rows.openQuote?.description
        == "a.csv:2:1: error: a quote is opened in this row and never closed")
    let error = #expect(throws: InputError.self) { try CSVRows(try document("\n\n")) }
    #expect(error?.description == "a.csv: error: the file is empty")
  }

  @Test("a text that a spreadsheet would run gets an apostrophe, a number does not")
  func formulas() {
    for text in ["=1+1", "+cmd|'/C calc'!A0", "-2+3", "@SUM(A1)", "\tx"] {
      #expect(CSVWriter.cell(text) == "\"'\(text)\"")
    }
    for text in ["-2.5", "+3", "1e-3", "a=b", "naive-day", ""] {
      #expect(CSVWriter.cell(text) == text)
    }
  }

  @Test("what is written is read back") func roundTrip() throws {
    var text = CSVWriter(header: ["name", "value;x"])
    for (name, value) in [("a,b", 0.1), ("say \"c\"", nil), ("d\ne", 1e-300), ("", 2)] {
      text.add(name)
      text.add(value)
      text.endRow()
    }
    text.add(7)
    text.add(Double.nan)
    text.endRow()
    #expect(
      text.text
        == "name,\"value;x\"\n\"a,b\",0.1\n\"say \"\"c\"\"\",\n\"d\ne\",1e-300\n,2\n7,\n")
    var rows = try CSVRows(try document(text.text))
    var numbers: [Double?] = []
    while rows.next() { numbers.append(rows.number(1)) }
    #expect(rows.names == ["name", "value;x"])
    #expect(numbers == [0.1, nil, 1e-300, 2, nil])
  }
}
