import Diagnostics
import Documents
import Replay
import Studies
import Testing
import TimeSeries

@testable import Reports

@Suite("Report of a shadow") struct ShadowReportTests {
  private let day = CivilCalendar.days(year: 2024, month: 2, day: 1)

  private func ledger(days: Int, saved: Double) -> ShadowLedger {
    func costs(_ value: @escaping (Int) -> Double) -> MonthCosts {
      MonthCosts(
        label: "2024-02", month: 2, energyByDay: (0..<days).map(value),
        wearByDay: (0..<days).map { _ in 0.25 }, demand: 0, peakKW: 7.5,
        peakStart: day * 86_400 + 900)
    }
    return ShadowLedger(months: [
      ShadowLedger.Month(
        label: "2024-02", firstDay: day, lastDay: day + days - 1,
        costs: [
          "aurora": costs { _ in 10 }, "ridge": costs { 10 - saved + ($0 % 2 == 0 ? 0.1 : -0.1) },
        ])
    ])
  }

  private func report(_ ledger: ShadowLedger, before: ShadowState = ShadowState()) -> ShadowReport {
    var state = before
    state.ledger = ledger
    return ShadowReport(
      name: "Home", currency: "SEK",
      kept: ShadowReport.Kept(
        held: .init(issues: 9, rows: 900), added: .init(issues: 2, rows: 200), leftOut: 3),
      verdict: ShadowVerdict(ledger, active: "aurora", labelled: [], newest: 12), newest: 12,
      state: state, notes: ["A note."])
  }

  @Test("the first sentence says whether to change, to what, and how sure that is") func verdicts()
  {
    let change = report(ledger(days: 28, saved: 0.5)).verdict
    #expect(
      change.hasPrefix(
        "Change from 'aurora' to 'ridge': over 28 days it costs 0.50 SEK a day less (95 % interval 0."
      ))
    #expect(
      report(ledger(days: 28, saved: 0)).verdict.hasPrefix(
        "Keep 'aurora': no version is cheaper beyond luck; over 28 days the cheapest other, 'ridge', costs 0.00 SEK"
      ))
    #expect(
      report(ledger(days: 8, saved: 0.5)).verdict
        == "Keep 'aurora' for now: 8 days are too few for an interval; over 8 days the cheapest other, 'ridge', costs "
        + "0.50 SEK a day less.")
  }

  @Test("the table has each version by its cost a day") func table() {
    let text = report(ledger(days: 28, saved: 0.5)).text
    #expect(text.hasPrefix("Home, 2024-02-28\nChange from"))
    let lines = text.split(separator: "\n").map(String.init)
    // 28 days at 9.50 and at 10.
    #expect(lines.contains { $0.hasPrefix("ridge      28    266.00   9.50") }, "\(text)")
    #expect(lines.contains { $0.hasPrefix("aurora     28    280.00  10.00") }, "\(text)")
    #expect(
      text.contains(
        "Kept 2 new issues with 200 rows; there are 9 with 900.\n3 rows were written after"))
    #expect(text.hasSuffix("A note.\n"))
  }

  @Test("the state is read back as it was, with the day that a recommendation dates from")
  func state() throws {
    let first = report(ledger(days: 28, saved: 0.5))
    let written = try TextFile(Array(first.json.text().utf8), path: "shadow.json")
    let read = try ShadowState(written)
    #expect(read == first.state)
    #expect(read.since == "2024-02-28" && read.recommended == "ridge")
    // A day on the recommendation stands since the day before; another one starts anew.
    #expect(report(ledger(days: 29, saved: 0.5), before: read).state.since == "2024-02-28")
    #expect(report(ledger(days: 29, saved: 0), before: read).state.since == "2024-02-29")
  }

  @Test("what is no state is refused") func refusals() {
    for text in [
      "{}", "{\"schema\":\"wattif.shadow/2\",\"months\":[]}",
      "{\"schema\":\"wattif.shadow/1\",\"months\":[{\"month\":\"2024-02\",\"from\":\"x\"}]}", "[",
    ] {
      #expect(throws: InputError.self) {
        try ShadowState(try TextFile(Array(text.utf8), path: "shadow.json"))
      }
    }
  }
}
