import Testing

@testable import Reports

@Suite("Pieces of a page") struct HTMLTests {
  @Test(
    "characters that mean something in HTML are written out",
    arguments: [
      ("a < b > c & \"d\"", "a &lt; b &gt; c &amp; &quot;d&quot;"), ("&amp;", "&amp;amp;"),
      ("5 °C – ∆", "5 °C – ∆"), ("", ""),
    ])
  func escapes(text: String, expected: String) { #expect(HTML.escaped(text) == expected) }

  @Test("a table escapes its cells")
  func table() {
    let table = HTML.table(header: ["", "<kW>"], rows: [["a&b", "1.0"]])
    #expect(table.contains("<thead><tr><th></th><th>&lt;kW&gt;</th></tr></thead>"))
    #expect(table.contains("<tr><td>a&amp;b</td><td>1.0</td></tr>"))
  }
}
