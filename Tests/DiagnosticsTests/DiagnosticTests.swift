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
