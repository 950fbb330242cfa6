package import Replay
import TimeSeries
import Twin

/// A replay's ledger as CSV: one line per interval, missing values empty.
package enum TraceCSV {
  /// Name of the first column: the begin of the interval.
  static let start = "start_utc"
  /// Name of the column with what limited the battery most.
  static let limitedBy = "limited_by"
  /// Name of the last column: what withheld most of the battery's rating.
  static let withheldBy = "withheld_by"

  /// Returns the whole file with its header.
  package static func text(_ trace: ReplayTrace) -> String {
    let names = [start] + ReplayTrace.columns.map(\.key) + [limitedBy, withheldBy]
    let columns = ReplayTrace.columns.map { trace[keyPath: $0.values] }
    var text = names.joined(separator: ",") + "\n"
    text.reserveCapacity(trace.grid.count * 120)
    for i in trace.grid.indices {
      text += Instant.utcText(trace.grid.instant(i))
      for column in columns {
        text += ","
        if column[i].isFinite { text += "\(column[i])" }
      }
      text += ",\(trace.limitedBy[i]?.rawValue ?? ""),\(trace.withheldBy[i]?.rawValue ?? "")\n"
    }
    return text
  }
}
