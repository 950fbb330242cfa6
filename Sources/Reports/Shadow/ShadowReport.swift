import Diagnostics
package import Documents
import Replay
package import Studies

/// What a shadow found: whether the version that plans should change, and why.
package struct ShadowReport: Sendable {
  /// What was kept of forecasts that the planner overwrites.
  package struct Kept: Sendable {
    /// What is held.
    package var held: IssueArchive.Count
    /// What was added.
    package var added: IssueArchive.Count
    /// Rows of slots that had begun when they were written.
    package var leftOut: Int

    /// Counts what was kept.
    package init(held: IssueArchive.Count, added: IssueArchive.Count, leftOut: Int) {
      self.held = held
      self.added = added
      self.leftOut = leftOut
    }
  }

  private let name: String
  private let currency: String
  private let kept: Kept
  private let notes: [String]
  private let found: ShadowVerdict
  private let newest: Int
  /// What is known from day to day, this one included.
  package let state: ShadowState

  /// Prepares the report.
  ///
  /// - Parameters:
  ///   - name: Name of the scenario.
  ///   - currency: Currency of its money.
  ///   - kept: What was kept.
  ///   - verdict: What was found.
  ///   - newest: How many of the newest months count.
  ///   - state: What was known before, with the ledger as it is now.
  ///   - notes: What is worth knowing.
  package init(
    name: String, currency: String, kept: Kept, verdict: ShadowVerdict, newest: Int,
    state: ShadowState, notes: [String]
  ) {
    self.name = name
    self.currency = currency
    self.kept = kept
    self.notes = notes
    self.newest = newest
    found = verdict
    var state = state
    if state.recommended != verdict.recommended || state.since == nil {
      state.recommended = verdict.recommended
      state.since = state.ledger.lastDay.map(dayText)
    }
    self.state = state
  }

  /// The sentence that says what to do.
  package var verdict: String {
    guard let pair = found.decisive else {
      return "Keep '\(found.active)': there is no other version to hold it against."
    }
    let amount = money(abs(pair.savedPerDay))
    let interval = pair.total.halfWidth.map { half in
      let days = Double(pair.days)
      return " (\(NumberText.percent(pair.level, decimals: 0)) interval "
        + "\(NumberText.fixed((pair.total.difference - half) / days, decimals: 2)) to "
        + "\(NumberText.fixed((pair.total.difference + half) / days, decimals: 2)))"
    }
    let over = "over \(pair.days) days"
    if found.isChangeDue {
      return "Change from '\(found.active)' to '\(pair.b)': \(over) it costs \(amount) a day less"
        + "\(interval ?? "")."
    }
    let cheapest =
      pair.savedPerDay > 0
      ? "the cheapest other, '\(pair.b)', costs \(amount) a day less"
      : "the cheapest other, '\(pair.b)', costs \(amount) a day more"
    if let reason = pair.undecidedReason {
      return "Keep '\(found.active)' for now: \(reason); \(over) \(cheapest)."
    }
    return
      "Keep '\(found.active)': no version is cheaper beyond luck; \(over) \(cheapest)\(interval ?? "")."
  }

  private func money(_ amount: Double) -> String {
    "\(NumberText.fixed(amount, decimals: 2)) \(currency)"
  }

  /// Costs of a version over the newest months.
  private struct Row {
    let version: String
    let days: Int
    let cost: Double
    let lastDay: Double?
  }

  private var rows: [Row] {
    let months = state.ledger.months.suffix(newest)
    let names = Set(months.flatMap(\.costs.keys))
    return names.map { name in
      let costs = months.compactMap { $0.costs[name] }
      return Row(
        version: name, days: costs.reduce(0) { $0 + $1.energyByDay.count },
        cost: costs.reduce(0) { $0 + $1.energyByDay.reduce(0, +) + $1.demand },
        lastDay: months.last?.costs[name]?.energyByDay.last)
    }.sorted {
      ($0.cost / Double(max(1, $0.days)), $0.version) < (
        $1.cost / Double(max(1, $1.days)), $1.version
      )
    }
  }

  /// Verdict, versions, and what was kept.
  package var text: String {
    var text = "\(name), \(state.ledger.lastDay.map(dayText) ?? "no day yet")\n\(verdict)\n\n"
    var table = TextTable([
      ("version", .left), ("days", .right), ("cost \(currency)", .right), ("a day", .right),
      ("last day", .right), ("active − it, a day", .right), ("±", .right), ("verdict", .left),
    ])
    for row in rows {
      let pair = found.pairs.first { $0.b == row.version }
      let days = pair.map { Double($0.days) } ?? 1
      func number(_ value: Double?) -> String { NumberText.fixed(value, decimals: 2) }
      table.add([
        row.version, "\(row.days)", number(row.cost), number(row.cost / Double(max(1, row.days))),
        number(row.lastDay), number(pair?.savedPerDay),
        number(pair?.total.halfWidth.map { $0 / days }),
        row.version == found.active ? "active" : pair.map(words) ?? "",
      ])
    }
    text += table.text
    text +=
      "Kept \(kept.added.issues) new issues with \(kept.added.rows) rows; there are "
      + "\(kept.held.issues) with \(kept.held.rows).\n"
    if kept.leftOut > 0 {
      text +=
        "\(kept.leftOut) rows were written after their slot had begun, or at an unknown time, and are no forecasts.\n"
    }
    text += TextLayout.current.notes(notes)
    return text
  }

  /// What the comparison says of the other version.
  private func words(_ pair: PairedInterval) -> String {
    switch pair.verdict {
    case .moreExpensive: "cheaper"
    case .cheaper: "more expensive"
    case .noDifference, .undecided: pair.verdictWord
    }
  }

  /// The state that other programs read, and that the next day starts from.
  package var json: JSONValue {
    [
      "schema": .string(ShadowState.schema), "verdict": .string(verdict), "scenario": .string(name),
      "currency": .string(currency),
      "day": state.ledger.lastDay.map { .string(dayText($0)) } ?? .null,
      "active": .string(found.active), "recommended": .string(found.recommended),
      "labelled": .array(state.labelled.sorted().map { .string($0) }),
      "change": .boolean(found.isChangeDue), "since": .optional(state.since),
      "versions": .array(
        rows.map {
          [
            "version": .string($0.version), "days": .integer($0.days), "cost": .number($0.cost),
            "last_day_cost": .optional($0.lastDay),
          ]
        }),
      "pairs": PairedInterval.measures.list(found.pairs),
      "kept": [
        "issues": .integer(kept.held.issues), "rows": .integer(kept.held.rows),
        "new_issues": .integer(kept.added.issues), "new_rows": .integer(kept.added.rows),
        "left_out_rows": .integer(kept.leftOut),
      ],
      "notes": .array(notes.map { .string($0) }), "months": state.months,
    ]
  }
}
