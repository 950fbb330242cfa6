import Diagnostics
import TestSupport
import Testing

@Suite("Page of Diagnostics") struct DiagnosticsPageTests {
  func checkedPower(_ powerKW: Double, at place: SourcePosition) throws(InputError) -> Double {
    var findings = Findings()
    if !(powerKW > 0) {
      findings.error("'power_kw' must be positive, found '\(powerKW)'", at: place)
    }
    try findings.throwIfErrors()
    return powerKW
  }

  @Test("the page shows this code and this message")
  func example() throws {
    #expect(try PageExample(room: "Diagnostics").isCode())
    let place = SourcePosition(file: "site.yaml", line: 14, column: 13)
    #expect(try checkedPower(3, at: place) == 3)
    let error = #expect(throws: InputError.self) { try checkedPower(-50, at: place) }
    #expect(
      error?.description == "site.yaml:14:13: error: 'power_kw' must be positive, found '-50.0'")
  }
}
