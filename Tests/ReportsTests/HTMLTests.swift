import Foundation
import Testing
import TimeSeries

@testable import Reports

@Suite("Pages") struct HTMLTests {
  @Test(
    "characters that mean something in HTML are written out",
    arguments: [
      ("a < b > c & \"d\"", "a &lt; b &gt; c &amp; &quot;d&quot;"), ("&amp;", "&amp;amp;"),
      ("5 °C – ∆", "5 °C – ∆"), ("", ""),
    ])
  func escapes(text: String, expected: String) { #expect(HTML.escaped(text) == expected) }

  @Test("a table escapes its cells, and its headings say what they mean")
  func table() {
    let table = PageTable(header: ["", "<kW>"], rows: [["a&b", "1.0"]]).html
    #expect(table.contains("<thead><tr><th class=\"w\"></th><th>&lt;kW&gt;</th></tr></thead>"))
    #expect(table.contains("<tr><td class=\"w\">a&amp;b</td><td>1.0</td></tr>"))
    let meant = PageTable([PageTable.Column("x", meaning: "a \"b\"")], rows: [["1"]]).html
    #expect(meant.contains("<th title=\"a &quot;b&quot;\">x</th>"))
  }

  // Each number takes 10 + 2 of the 92 characters, the name 4 + 2: seven columns beside the name are 90.
  @Test("a table too wide for paper is set in parts that lose no column and repeat the first")
  func parts() {
    let header = ["name"] + (1...20).map { "c\($0)" }
    let table = PageTable(
      header: header, rows: [["abcd"] + (1...20).map { _ in "1234567.89" }])
    #expect(table.parts.map(\.count) == [8, 8, 7])
    #expect(table.parts.allSatisfy { $0[0] == 0 })
    #expect(table.parts.flatMap { $0.dropFirst() } == Array(1...20))
    #expect(table.html.components(separatedBy: "<td class=\"w\">abcd</td>").count - 1 == 3)
  }

  // Seven of ten columns would fit into the first part; five in each read better.
  @Test("parts of a table are even, and repeat the words that tell its rows apart")
  func evenParts() {
    let ten = PageTable(
      header: ["name"] + (1...10).map { "c\($0)" },
      rows: [["abcd"] + (1...10).map { _ in "1234567.89" }])
    #expect(ten.parts == [[0, 1, 2, 3, 4, 5], [0, 6, 7, 8, 9, 10]])

    let columns =
      [PageTable.Column("policy", isWords: true), PageTable.Column("fault", isWords: true)]
      + (1...10).map { PageTable.Column("c\($0)") }
    func row(_ words: [String]) -> [String] { words + (1...10).map { _ in "1234567.89" } }
    let cases = PageTable(columns, rows: [row(["late", "none"]), row(["late", "fan"])])
    #expect(cases.parts.count == 2 && cases.parts.allSatisfy { $0.prefix(2) == [0, 1] })
    // One name tells these apart.
    let single = PageTable(columns, rows: [row(["late", "none"]), row(["soon", "none"])])
    #expect(single.parts.count == 2 && single.parts[1][0] == 0 && single.parts[1][1] > 1)
  }

  // The name takes 6 of the 92 characters, six columns of figures 14 each, together 90; the other four have 9 each.
  @Test("columns that say nothing are named where they would make a further part") func silent() {
    let (figure, none) = ("123456789.12", ["0.00", "–", "0.0 %"])
    let row = [figure, none[0], figure, none[1], figure, figure, none[2], figure, none[0], figure]
    let table = PageTable(
      header: ["name"] + (1...10).map { "column\($0)" }, rows: [["abcd"] + row])
    #expect(table.parts.count == 2)
    #expect(table.html.components(separatedBy: "<table>").count == 2)
    #expect(
      table.html.contains("Zero or nothing in every row: column2, column4, column7 and column9."))
    #expect(!table.html.contains("<th>column4"))
  }

  @Test("a page has its parts in the order of reading, and leaves empty ones out")
  func order() throws {
    var page = Page(
      title: "A & B", verdict: "It < pays.", facts: ["two days"],
      figures: [KeyFigure("cost", "1.00 EUR", "± 0.1")], run: [PageFact("Seed", "7")],
      warnings: ["3 slots filled."])
    page.sections = [
      PageSection(
        "Charts",
        [
          .chart(
            BarChart(
              title: "Bars", unit: "EUR", series: ["s"],
              groups: [
                BarChart.Group(name: "g", values: [1])
              ]))
        ]),
      PageSection("Nothing", [.list([]), .text(""), .table(PageTable(header: ["a"], rows: []))]),
      PageSection("Table", [.table(PageTable(header: ["a"], rows: [["b"]]))]),
    ]
    let html = page.html
    var last = html.startIndex
    for piece in [
      "<title>A &amp; B</title>", "<h1>A &amp; B</h1>", "<p class=\"verdict\">It &lt; pays.</p>",
      "two days", "class=\"figures\"", "± 0.1", "<h2>Charts</h2>", "<figcaption>Bars",
      "<h2>Table</h2>", "<h2>What the run was</h2>", "<dt>Seed</dt><dd>7</dd>", "3 slots filled.",
      "<h2>Data of the charts</h2>", "id=\"data-1\"",
    ] {
      let place = try #require(html.range(of: piece), "\(piece)")
      #expect(place.lowerBound >= last, "\(piece)")
      last = place.lowerBound
    }
    #expect(!html.contains("Nothing"))
    #expect(html.contains("href=\"#data-1\""))
  }

  @Test(
    "contents to choose from are folded without a script, and charts tell it where their rows stand"
  )
  func script() throws {
    var page = Page(title: "t", verdict: "v")
    let chart = LineChart(
      title: "Power, kW", places: .numbers([0, 5, 10], title: "h"),
      panels: [
        LineChart.Panel(title: "kW", lines: [LineChart.Line(name: "a", values: [1, 2, 3])])
      ])
    page.sections = [
      PageSection(
        "Days", [.choice("Day", [PageChoice("first", [.chart(chart)]), PageChoice("second", [])])])
    ]
    let html = page.html
    #expect(html.contains("<div class=\"choice\" data-label=\"Day\">"))
    #expect(html.components(separatedBy: "<details class=\"fold\"><summary>").count - 1 == 2)
    #expect(html.contains("<tr data-x=\"0.5\"><td class=\"w\">5</td><td>2.000</td></tr>"))
    #expect(html.components(separatedBy: "data-left=\"").count - 1 == 2)
  }
}
