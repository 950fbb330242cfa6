import Diagnostics
import Testing

@Suite("Layout of texts for people") struct TextLayoutTests {
  private let narrow = TextLayout(width: 30)

  @Test("long lines are folded at spaces, and what follows stands further in") func folding() {
    #expect(
      narrow.folded("short\n  a line of more than thirty columns in all\n")
        == "short\n  a line of more than thirty\n    columns in all\n")
  }

  @Test("a label keeps its column") func labels() {
    #expect(
      narrow.folded("period    the first of January to the last")
        == "period    the first of January\n          to the last")
  }

  @Test("numbers of several groups and percentages stay whole") func numbers() {
    #expect(
      wrapped("a saving of 10 085.83 EUR is 45.3 % of it", width: 14)
        == ["a saving of", "10 085.83 EUR", "is 45.3 % of", "it"])
  }

  @Test("without a width nothing changes") func wide() {
    let text = "a line of more than thirty columns in all\n"
    let layout = TextLayout(width: nil)
    #expect(layout.folded(text) == text)
    #expect(
      layout.notes(["one: 5 of them", "two: 6 of them"]) == "one: 5 of them\ntwo: 6 of them\n")
  }

  @Test("notes that say the same of several subjects stand once with their number") func alike() {
    let text = TextLayout(width: 60).notes([
      "ridge: 12 slots were clamped.", "'ridge' is first.", "naive_day: 4 slots were clamped.",
      "a − b: 11 slots were clamped.", "Nothing else.",
    ])
    #expect(
      text == """
        ridge: 12 slots were clamped. (and 2 more like it)
        'ridge' is first.
        Nothing else.
        Notes in full: see the report (--output DIR), or --wide.

        """)
  }

  @Test("a long note takes two lines and ends in dots") func long() {
    let note = "first: " + Array(repeating: "words", count: 30).joined(separator: " ")
    let lines = TextLayout(width: 40).notes([note]).split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[1].hasSuffix(" …"))
    #expect(lines.allSatisfy { $0.count <= 40 })
    #expect(lines[2...].joined().contains("--wide"))
  }

  @Test("notes that fit say nothing of a report") func fitting() {
    #expect(narrow.notes(["One note."]) == "One note.\n")
    #expect(narrow.notes([]) == "")
  }

  @Test("of several lists the last one tells where notes stand in full") func pointer() {
    let layout = TextLayout(width: 80)
    let list = layout.notes(["a: 1 found", "b: 2 found"])
    let lines = layout.folded(list + "table\n" + list).split(separator: "\n")
    #expect(lines.count { $0.hasPrefix("Notes in full") } == 1)
    #expect(lines.last?.hasPrefix("Notes in full") == true)
  }

  @Test("equal texts are counted") func counting() {
    #expect(
      countedOnce(["raised to 3.", "other", "raised to 3.", "raised to 3."])
        == ["raised to 3 (3 times).", "other"])
  }
}
