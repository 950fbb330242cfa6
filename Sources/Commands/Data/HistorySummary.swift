import Diagnostics
import Documents
import Scenarios
import Telemetry
import TimeSeries

/// What reading a history did, for people and for programs.
struct HistorySummary {
  let scenario: Scenario
  let loaded: LoadedHistory

  /// Findings of the document and of the files, none of which stopped the reading.
  var findings: [Diagnostic] {
    loaded.warnings + scenario.warnings + (loaded.report?.diagnostics ?? [])
  }

  private func counts(_ quantity: Quantity) -> SlotCounts {
    if let counts = loaded.report?.slots[quantity] { return counts }
    var counts = SlotCounts()
    for value in loaded.history[quantity] ?? [] {
      if value.isFinite { counts.ok += 1 } else { counts.gap += 1 }
    }
    return counts
  }

  /// One line per quantity: how many slots were measured, filled or missing.
  var lines: [(label: String, value: String)] {
    var lines: [(label: String, value: String)] = []
    for quantity in Quantity.allCases where loaded.history[quantity] != nil {
      let counts = counts(quantity)
      let parts = [
        ("measured", counts.ok), ("filled", counts.filled), ("missing", counts.gap),
        ("reset", counts.reset), ("spikes", counts.spike), ("clamped", counts.clamped),
        ("stand-ins", loaded.filledSlots[quantity] ?? 0),
        ("after the last measurement", loaded.standIns[quantity]?.beyondEnd ?? 0),
      ].filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
      lines.append((quantity.rawValue, parts.joined(separator: ", ") + " slots"))
    }
    return lines
  }

  /// Labels and values in two columns.
  static func columns(_ lines: [(label: String, value: String)]) -> String {
    lines.map { label, value in
      label + String(repeating: " ", count: max(1, 14 - label.count)) + value
    }.joined(separator: "\n")
  }

  /// The counts and findings as JSON.
  func json(schema: String) -> JSONValue {
    var slots: [String: JSONValue] = [:]
    for quantity in Quantity.allCases where loaded.history[quantity] != nil {
      let counts = counts(quantity)
      slots[quantity.rawValue] = [
        "clamped": .integer(counts.clamped), "filled": .integer(counts.filled),
        "gap": .integer(counts.gap), "ok": .integer(counts.ok), "reset": .integer(counts.reset),
        "spike": .integer(counts.spike),
        "stand_in": .integer(loaded.filledSlots[quantity] ?? 0),
        "beyond_data": .integer(loaded.standIns[quantity]?.beyondEnd ?? 0),
        "filled_share": .number(loaded.standIns[quantity]?.share ?? 0),
      ]
    }
    let kinds =
      [String](repeating: "document", count: loaded.warnings.count + scenario.warnings.count)
      + (loaded.report?.findings.map(\.kind.rawValue) ?? [])
    return [
      "findings": .array(
        zip(findings, kinds).map { finding, kind in
          [
            "column": finding.position.map { .integer($0.column) } ?? nil,
            "file": .optional(finding.position?.file), "kind": .string(kind),
            "line": finding.position.map { .integer($0.line) } ?? nil,
            "text": .string(finding.message),
          ]
        }),
      "rows_in": .integer(loaded.report?.rowsIn ?? 0),
      "rows_kept": .integer(loaded.report?.rowsKept ?? 0),
      "rows_reported": .integer(loaded.report?.rowsReported ?? 0),
      "schema": .string(schema), "slots": .object(slots),
    ]
  }
}
