import Replay
package import Studies
package import Tariffs

/// The lines of bills as a file; they add up to the bills.
package enum BillCSV {
  /// A line of a bill with its month, and whose bill it is.
  struct Line: Sendable {
    let version: String
    let month: MonthBill
    let line: BillLine
  }

  static let measures =
    MonthBill.measures.only("month").of { (billed: Line) in billed.month }
    + BillLine.measures.of { $0.line }

  static let versionMeasures =
    MeasureList<Line>([
      Measure(
        "version", unit: .words, "Name of the forecast version or of the counterfactual."
      ) { .text($0.version) }
    ]) + measures

  /// Returns every line of one bill.
  package static func text(_ bill: Bill) -> String { measures.csv(lines(of: bill, version: "")) }

  /// Returns every line of the bills of some runs.
  package static func text(_ scores: [VersionScore]) -> String {
    versionMeasures.csv(
      scores.flatMap { lines(of: $0.outcome.bill, version: $0.outcome.name) })
  }

  private static func lines(of bill: Bill, version: String) -> [Line] {
    bill.months.flatMap { month in
      month.lines.map { Line(version: version, month: month, line: $0) }
    }
  }
}
