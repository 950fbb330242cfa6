import Diagnostics
import Documents
import Forecasting
import Reports
import TimeSeries

/// What forecasts made elsewhere cover, for people and for programs.
struct CoverageSummary {
  let coverage: [ExternalForecasts.Coverage]
  let zone: Zone

  /// One line per version, quantity and plane.
  var lines: [(label: String, value: String)] {
    func text(_ instant: Int) -> String { Instant.localText(instant, zone: zone) }
    return coverage.map { rows in
      let issued =
        rows.issues == 1
        ? "issued \(text(rows.firstIssue))"
        : "\(rows.issues) issues \(text(rows.firstIssue)) to \(text(rows.lastIssue))"
      let levels = rows.levels.map { plain($0) }.joined(separator: " ")
      var parts = [
        "\(rows.version), \(rows.quantity.rawValue)\(rows.plane.map { " of '\($0)'" } ?? ""): \(issued)",
        "\(rows.slots) slots \(text(rows.firstSlot)) to \(text(rows.lastSlot))"
          + (rows.stepSeconds.map { " every \($0) s" } ?? ""),
        rows.levels.isEmpty
          ? "no quantiles" : "quantiles \(levels)" + (rows.hasPoint ? "" : " without a point"),
        rows.gaps == 0
          ? "no gaps"
          : "\(rows.missingSlots) slots missing in \(rows.gaps) gap\(rows.gaps == 1 ? "" : "s"), the "
            + "longest \(text(rows.longestGap.lowerBound)) to \(text(rows.longestGap.upperBound))",
      ]
      if rows.uncoveredSlots > 0 {
        parts.append("no row for \(rows.uncoveredSlots) slots of the period")
      }
      return ("forecasts", parts.joined(separator: "; "))
    }
  }

  /// The same as JSON.
  var json: JSONValue {
    .array(
      coverage.map { rows in
        let gap = rows.longestGap.isEmpty ? nil : rows.longestGap
        let members: JSONValue = [
          "first_issue": .string(Instant.utcText(rows.firstIssue)),
          "first_slot": .string(Instant.utcText(rows.firstSlot)),
          "gaps": .integer(rows.gaps), "has_point": .boolean(rows.hasPoint),
          "issues": .integer(rows.issues),
          "last_issue": .string(Instant.utcText(rows.lastIssue)),
          "last_slot": .string(Instant.utcText(rows.lastSlot)),
          "longest_gap_from": .optional(gap.map { Instant.utcText($0.lowerBound) }),
          "longest_gap_to": .optional(gap.map { Instant.utcText($0.upperBound) }),
          "missing_slots": .integer(rows.missingSlots),
          "period_slots_without_row": .integer(rows.uncoveredSlots),
          "quantiles": .numbers(rows.levels), "quantity": .string(rows.quantity.rawValue),
          "slots": .integer(rows.slots),
          "step_s": rows.stepSeconds.map { .integer($0) } ?? nil,
          "version": .string(rows.version),
        ]
        return rows.plane.map { members.adding("plane", .string($0)) } ?? members
      })
  }
}
