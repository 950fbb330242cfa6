import Diagnostics
import Testing

@Suite("Findings in words") struct DiagnosticTests {
  @Test("a finding reads file, line, column, severity, message")
  func wording() {
    let finding = Diagnostic.error(
      "'power_kw' must be positive, found '-50'",
      at: SourcePosition(file: "site.yaml", line: 14, column: 13))
    #expect(
      finding.description == "site.yaml:14:13: error: 'power_kw' must be positive, found '-50'")
  }

  @Test("what would steer a terminal is spelled out, other signs of all scripts stay")
  func controls() {
    let finding = Diagnostic.error(
      "found 'a\u{1B}[31mb\nerror: x\u{9B}\u{202E}'", at: SourcePosition(file: "a\u{7}.csv"))
    #expect(
      finding.description
        == "a\\u0007.csv: error: found 'a\\u001b[31mb\\nerror: x\\u009b\\u202e'")
    for text in ["€/kWh µ° – “ж” 電", "", "plain"] {
      #expect(PrintableText.line(text) == text)
    }
    #expect(PrintableText.lines("a\tb\nc\r") == "a\tb\nc\\u000d")
  }

  @Test("twenty of a kind are shown, the rest is counted, other kinds stay")
  func capping() {
    func finding(_ line: Int) -> Diagnostic {
      .error("'x\(line)' is not a number", at: SourcePosition(file: "a.csv", line: line))
    }
    let other = Diagnostic.warning("the file is not UTF-8", at: SourcePosition(file: "a.csv"))
    let all = (1...1000).map(finding) + [other]
    let shown = Diagnostic.capped(all)
    #expect(shown.prefix(20) == all.prefix(20))
    #expect(shown[20] == other)
    #expect(shown.count == 22)
    #expect(
      shown[21].description == "a.csv: error: 980 more of the kind: 'x1' is not a number")
    #expect(Diagnostic.capped(Array(all.suffix(20))) == Array(all.suffix(20)))
  }

  @Test("all findings are thrown together")
  func together() {
    var findings = Findings()
    findings.warning("first")
    findings.error("second")
    findings.error("third")
    #expect {
      try findings.throwIfErrors()
    } throws: {
      ($0 as? InputError)?.diagnostics.map(\.message) == ["first", "second", "third"]
    }
  }

  @Test("warnings alone do not throw")
  func warningsOnly() throws {
    var findings = Findings()
    findings.warning("first")
    try findings.throwIfErrors()
    #expect(findings.all.count == 1)
  }

  @Test(
    "a mistyped word gets the word it meant",
    arguments: [
      ("pirce_per_kwh", "price_per_kwh"), ("lod", "load"), ("Load", "load"), ("banana", nil),
      // No word means itself.
      ("load", nil),
    ])
  func suggestions(word: String, expected: String?) {
    #expect(suggestion(for: word, among: ["load", "price_per_kwh", "power_kw"]) == expected)
  }
}
