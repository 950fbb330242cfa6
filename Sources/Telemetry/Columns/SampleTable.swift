import Diagnostics
import TimeSeries

/// Samples of one or more channels from one file, in file order, values in kept units.
///
/// Energies per interval stay energies until the step is known.
struct SampleTable {
  let file: String
  /// One per row. [ms since 1970-01-01 UTC, as labelled]
  var stamps: [Int] = []
  /// Line of each row, from 1.
  var lines: [UInt32] = []
  /// One per row and column, row by row; NaN is missing.
  var values: [Double] = []
  /// Where each value stands in its line, from 1.
  var places: [UInt32] = []
  /// Whether a column holds energy per interval, not power.
  var isPerInterval: [Bool] = []
  var rowsIn = 0
  var rowsReported = 0
  var rowsOutside = 0
  var cellsMissing = 0
  var cellsFailed = 0
  var cellsCoerced = 0
  var outOfOrder = 0
  var ambiguousTimes = 0
  var log = FindingLog()

  /// Notes a finding about one cell.
  mutating func note(
    _ kind: FindingKind, _ message: @autoclosure () -> String, row: Int, column: Int
  ) {
    let position = SourcePosition(
      file: file, line: Int(lines[row]),
      column: Int(places[row * isPerInterval.count + column]))
    log.add(kind, .warning, message(), at: position)
  }
}
