import Numerics
import Replay
import Store
import Testing
import TimeSeries

@testable import Studies

@Suite("Shadow of a running planner") struct ShadowTests {
  private let start = 1_704_067_200

  private func issue(at issuedAt: Int) -> ForecastIssue {
    ForecastIssue(site: "", version: "aurora", quantity: .load, issuedAt: issuedAt)
  }

  private func values(_ slots: Range<Int>, of power: Double) -> [ForecastValue] {
    slots.map { ForecastValue(slotStart: start + $0 * 900, value: power) }
  }

  @Test("an issue is kept as it was first seen whole, whatever is left of it later") func keeping()
    throws
  {
    let store = try ProjectStore(path: ":memory:")
    let archive = IssueArchive(store, site: "shadow")
    let whole = (issue: issue(at: start), values: values(0..<8, of: 1))
    #expect(try archive.keep([whole], within: 600) == .init(issues: 1, rows: 8))
    #expect(try archive.keep([whole], within: 600) == .init(issues: 0, rows: 0))
    // Later only three rows are left, the last written 20 s earlier.
    let rest = (issue: issue(at: start - 20), values: values(0..<3, of: 1))
    #expect(try archive.keep([rest], within: 600) == .init(issues: 0, rows: 0))
    // Six hours on there is another issue, first seen while it was being written.
    let next = start + 21_600
    #expect(
      try archive.keep([(issue(at: next), values(24..<26, of: 2))], within: 600)
        == .init(issues: 1, rows: 2))
    #expect(
      try archive.keep([(issue(at: next + 30), values(24..<32, of: 2))], within: 600)
        == .init(issues: 0, rows: 6))
    #expect(try archive.count() == .init(issues: 2, rows: 16))
    #expect(try archive.firstIssues() == ["aurora": start])
    let known = try store.forecast(
      site: "shadow", quantity: .load, version: "aurora", asOf: start + 600)
    #expect(known?.values.map(\.value) == [Double](repeating: 1, count: 8))
  }

  private func month(
    _ number: Int, days: Int, _ costs: [String: (Int) -> Double], demand: [String: Double] = [:]
  ) -> ShadowLedger.Month {
    let first = CivilCalendar.days(year: 2024, month: number, day: 1)
    let label = "2024-\(number < 10 ? "0" : "")\(number)"
    return ShadowLedger.Month(
      label: label, firstDay: first, lastDay: first + days - 1,
      costs: costs.reduce(into: [:]) { all, entry in
        all[entry.key] = MonthCosts(
          label: label, month: number, energyByDay: (0..<days).map(entry.value),
          demand: demand[entry.key] ?? 0)
      })
  }

  /// A ripple without a mean over even numbers of days.
  private func ripple(_ day: Int) -> Double { day % 2 == 0 ? 0.2 : -0.2 }

  @Test("a version that is cheaper beyond luck is due, the one that saves most a day") func due() {
    var ledger = ShadowLedger()
    for number in [1, 2] {
      ledger.take(
        month(
          number, days: 28,
          [
            "aurora": { _ in 10 }, "ridge": { 9 + ripple($0) }, "blend": { 9.5 + ripple($0) },
            "worse": { 11 + ripple($0) }, "oracle-like": { _ in 1 },
          ]))
    }
    let verdict = ShadowVerdict(ledger, active: "aurora", labelled: ["oracle-like"], newest: 12)
    #expect(verdict.recommended == "ridge" && verdict.isChangeDue)
    // By hand: 10 less 9 a day, the ripple cancels over 56 days.
    #expect(abs((verdict.decisive?.savedPerDay ?? 0) - 1) < 1e-12)
    #expect(verdict.decisive?.days == 56)
    #expect(
      ShadowVerdict(ledger, active: "ridge", labelled: [], newest: 12).recommended == "oracle-like")
    #expect(
      !ShadowVerdict(ledger, active: "ridge", labelled: ["oracle-like"], newest: 12).isChangeDue)
  }

  @Test("nothing is due by luck, nor from too few days") func luck() {
    var ledger = ShadowLedger()
    ledger.take(
      month(1, days: 30, ["a": { _ in 10 }, "b": { 9.99 + ripple($0) * 10 }]))
    #expect(!ShadowVerdict(ledger, active: "a", labelled: [], newest: 12).isChangeDue)
    var short = ShadowLedger()
    short.take(month(1, days: 14, ["a": { _ in 10 }, "b": { 9 + ripple($0) }]))
    let verdict = ShadowVerdict(short, active: "a", labelled: [], newest: 12)
    #expect(!verdict.isChangeDue && verdict.decisive?.undecidedReason != nil)
    #expect(ShadowVerdict(ShadowLedger(), active: "a", labelled: [], newest: 12).decisive == nil)
  }

  @Test("only the newest months count, and a month that grows takes its own place") func months() {
    var ledger = ShadowLedger()
    // Dear in January, cheap since.
    ledger.take(month(1, days: 31, ["a": { _ in 10 }, "b": { 30 + ripple($0) }]))
    ledger.take(month(2, days: 10, ["a": { _ in 10 }, "b": { 9 + ripple($0) }]))
    ledger.take(month(2, days: 29, ["a": { _ in 10 }, "b": { 9 + ripple($0) }]))
    ledger.take(month(3, days: 31, ["a": { _ in 10 }, "b": { 9 + ripple($0) }]))
    #expect(ledger.months.map(\.days) == [31, 29, 31])
    #expect(ShadowVerdict(ledger, active: "a", labelled: [], newest: 2).recommended == "b")
    #expect(ShadowVerdict(ledger, active: "a", labelled: [], newest: 12).recommended == "a")
    // A version of the last month only is held against the active one over that month.
    ledger.take(month(3, days: 31, ["a": { _ in 10 }, "c": { 8 + ripple($0) }]))
    let pairs = ledger.pairs(active: "a", newest: 12)
    #expect(pairs.map(\.b) == ["b", "c"] && pairs.map(\.days) == [60, 31])
  }
}
