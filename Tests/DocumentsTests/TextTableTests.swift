import Diagnostics
import Documents
import Testing

@Suite("Tables for a terminal") struct TextTableTests {
  private static func table(verdict: Bool) -> TextTable {
    var table = TextTable(
      [
        ("version", .left), ("cost EUR", .right), ("heat h", .right), ("cycles", .right),
      ] + (verdict ? [("verdict", .left)] : []))
    table.add(["ridge", "10 085.83", "0.0", "12.5"] + (verdict ? ["may be luck"] : []))
    table.add(["naive_day", "9 085.83", "–", "3.5"] + (verdict ? ["cheaper"] : []))
    return table
  }

  @Test("a table that fits stands as it is") func fitting() {
    #expect(
      Self.table(verdict: false).text(in: TextLayout(width: 42))
        == Self.table(verdict: false).text(in: TextLayout(width: nil)))
  }

  @Test("headings take several lines before a column is left out") func headings() {
    #expect(
      Self.table(verdict: false).text(in: TextLayout(width: 34)) == """
        version     cost EUR  heat  cycles
                                 h
        ──────────────────────────────────
        ridge      10 085.83   0.0    12.5
        naive_day   9 085.83     –     3.5

        """)
  }

  @Test("a column without a figure goes first, then the last one; the verdict stays") func leaving()
  {
    #expect(
      Self.table(verdict: true).text(in: TextLayout(width: 42)) == """
        version     cost EUR  cycles  verdict
        ─────────────────────────────────────────
        ridge      10 085.83    12.5  may be luck
        naive_day   9 085.83     3.5  cheaper
        More columns (--wide): heat h.

        """)
    #expect(
      Self.table(verdict: true).text(in: TextLayout(width: 33)) == """
        version     cost EUR  verdict
        ─────────────────────────────────
        ridge      10 085.83  may be luck
        naive_day   9 085.83  cheaper
        More columns (--wide): heat h,
          cycles.

        """)
  }

  @Test("long words are folded, and no line is wider than the width", arguments: [40, 80, 120])
  func words(width: Int) {
    var table = TextTable([("name", .left), ("what it says", .left), ("n", .right)])
    table.add(["one", "a sentence that goes on for more columns than a narrow table has", "1"])
    table.addRule()
    table.add(["two", "short", "2"])
    let lines = table.text(in: TextLayout(width: width)).split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= width }, "\(lines)")
    #expect(lines.joined(separator: " ").contains("goes"))
  }
}
