import Documents
import Studies

/// Paired differences of cost as a table with what is to be read below it.
struct PairReport: Sendable {
  private let pairs: [PairedInterval]
  /// What is paired.
  let title: String

  /// Takes pairs over the same period.
  ///
  /// - Parameters:
  ///   - pairs: The pairs.
  ///   - title: What is paired.
  init(_ pairs: [PairedInterval], title: String) {
    self.pairs = pairs
    self.title = title
  }

  /// The reference of a comparison against the others, then planners on the same forecast; none
  /// where there is nothing to pair.
  static func reports(of comparison: ForecastComparison, currency: String) -> [PairReport] {
    var reports: [PairReport] = []
    if let first = comparison.pairs.first {
      reports.append(
        PairReport(
          comparison.pairs,
          title:
            "Differences in cost over \(first.days) days, \(first.wholeMonths) whole "
            + "\(first.wholeMonths == 1 ? "month" : "months"), in \(currency), ± half of the 95 % interval:"
        ))
    }
    if !comparison.plannerPairs.isEmpty {
      reports.append(
        PairReport(
          comparison.plannerPairs,
          title: "Planners against '\(comparison.planners[0].name)' on the same forecast:"))
    }
    return reports
  }

  /// The title as a heading.
  var heading: String { title.hasSuffix(":") ? String(title.dropLast()) : title }

  /// The table for a terminal.
  var table: String {
    PairedInterval.measures.table(pairs).text
  }

  /// The table for a page.
  var pageTable: PageTable { PageTable(PairedInterval.measures, pairs) }

  /// The months that made each demand part, and what limits the intervals.
  var notes: [String] {
    var lines: [String] = []
    for pair in pairs {
      var parts: [String] = []
      if let months = pair.monthsText({ NumberText.fixed($0, decimals: 2) }) {
        parts.append("demand part \(months)")
      }
      if let reason = pair.undecidedReason { parts.append(reason) }
      if let energy = pair.energySentence { parts.append(energy) }
      guard !parts.isEmpty else { continue }
      lines.append("\(pair.a) − \(pair.b): " + parts.joined(separator: "; ") + ".")
    }
    if let most = pairs.map(\.comparisons).max(), most > 1 {
      lines.append("Verdicts and intervals are corrected for \(most) comparisons (Holm).")
    }
    var seen: Set<String> = []
    for pair in pairs {
      if !pair.leftOut.isEmpty {
        let text =
          "Left out of the parts, not whole: \(pair.leftOut.joined(separator: ", "))."
        if seen.insert(text).inserted { lines.append(text) }
      }
      for limit in pair.limits {
        let text = limit.prefix(1).uppercased() + limit.dropFirst() + "."
        if seen.insert(text).inserted { lines.append(text) }
      }
    }
    return lines
  }
}
