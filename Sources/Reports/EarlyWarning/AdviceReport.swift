import Diagnostics
package import Documents
package import EarlyWarning

/// What is worth measuring, and how often: sentences first, then the table.
package struct AdviceReport: Sendable {
  private let advice: TelemetryAdvice

  /// Takes an advice.
  package init(_ advice: TelemetryAdvice) { self.advice = advice }

  /// The sentences.
  package var verdict: String {
    [whole, signals, rates, delays].compactMap(\.self).joined(separator: " ")
  }

  private var whole: String {
    "With all of the telemetry \(advice.whole.kind.rawValue) errs by "
      + "\(kelvin(advice.whole.meanAbsoluteErrorK)) K in the change over "
      + "\(advice.study.data.task.leadSeconds) s."
  }

  private var signals: String? {
    let rows = advice.rows.filter { if case .without = $0.thinning { true } else { false } }
    guard !rows.isEmpty else { return nil }
    let costly = rows.filter { $0.verdict == .costs }
      .max { ($0.cost?.gainK ?? 0) < ($1.cost?.gainK ?? 0) }
    let spare = rows.filter(\.isSpare).map { String($0.thinning.words.dropFirst("without ".count)) }
    let spared = spare.isEmpty ? "" : " Nothing is lost without \(listed(spare, "and"))."
    guard let costly else {
      if rows.allSatisfy({ $0.verdict == nil }) {
        return "Too few blocks of data say what a signal is worth."
      }
      return spare.count == rows.count
        ? "No signal is worth its place."
        : "These data do not tell what a signal is worth.\(spared)"
    }
    return "Most is lost \(costly.thinning.words): \(costText(costly)).\(spared)"
  }

  private var rates: String? {
    sentence(
      advice.rows.compactMap { row in
        if case .every(let seconds) = row.thinning { (seconds, row) } else { nil }
      }, good: "A sample every SECONDS s does as well as every step",
      bad: "a sample every SECONDS s", none: "Every step is needed")
  }

  private var delays: String? {
    sentence(
      advice.rows.compactMap { row in
        if case .late(let seconds) = row.thinning { (seconds, row) } else { nil }
      }, good: "Telemetry may be known SECONDS s later",
      bad: "telemetry that comes SECONDS s later",
      none: "Telemetry is needed without delay")
  }

  /// The longest time up to which nothing is lost, and what the first that costs something costs.
  private func sentence(
    _ rows: [(seconds: Int, row: TelemetryAdvice.Row)], good: String, bad: String, none: String
  ) -> String? {
    guard rows.contains(where: { $0.row.verdict != nil }) else { return nil }
    func said(_ text: String, _ seconds: Int) -> String {
      text.replacing("SECONDS", with: "\(seconds)")
    }
    let spare = rows.prefix { $0.row.isSpare }
    let costly = rows.first { $0.row.verdict == .costs }
    let cost = costly.map { "\(said(bad, $0.seconds)) costs \(costText($0.row))" }
    if let last = spare.last {
      let rest = cost ?? (spare.count == rows.count ? "that is the longest that was tried" : untold)
      return "\(said(good, last.seconds)); \(rest)."
    }
    if rows.first?.row.verdict == .costs, let cost { return "\(none): \(cost)." }
    let shortest = rows.first.map { said(bad, $0.seconds) } ?? ""
    return "Whether \(shortest) would do these data do not tell" + (cost.map { "; \($0)." } ?? ".")
  }

  private let untold = "beyond that these data do not tell"

  private func costText(_ row: TelemetryAdvice.Row) -> String {
    "\(kelvin(row.cost?.gainK)) ± \(kelvin(row.cost?.halfWidthK)) K more, "
      + "\(kelvin(row.score.meanAbsoluteErrorK)) K"
  }

  private func kelvin(_ value: Double?) -> String { NumberText.fixed(value, decimals: 3) }

  private var facts: [String] {
    let study = advice.study
    var lines = [
      "\(study.scoredRows.count) rows scored, \(study.split.words); the same ones with every thinning.",
      "What comes true is of the whole telemetry; columns are computed from what is left. The model is fitted anew "
        + "each time.",
    ]
    if advice.rowsLeftOut > 0 {
      lines.append(
        "\(advice.rowsLeftOut) rows are left out that lie before the first value of late telemetry."
      )
    }
    for row in advice.rows {
      lines += row.remarks.map { "\(row.thinning.words): \($0)." }
    }
    return lines
  }

  /// The sentences, the table and the facts for a terminal.
  package var text: String {
    verdict + "\n\n" + TelemetryAdvice.Row.measures.table(advice.rows).text + "\n"
      + facts.joined(separator: "\n") + "\n"
  }

  /// The advice in the form of `wattif.thermal/1`.
  package var json: JSONValue {
    LabelReport(advice.study.data).balance.adding([
      "schema": "wattif.thermal/1", "action": "advise", "verdict": .string(verdict),
      "split": .string(advice.study.split.words),
      "model": .string(advice.whole.kind.rawValue),
      "mae_k": .number(advice.whole.meanAbsoluteErrorK),
      "rows_left_out": .integer(advice.rowsLeftOut),
      "advice": TelemetryAdvice.Row.measures.list(advice.rows),
      "facts": .array(facts.map { .string($0) }),
    ])
  }

  /// The table as `advice.csv`.
  package var csv: String { TelemetryAdvice.Row.measures.csv(advice.rows) }
}
