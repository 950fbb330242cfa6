import Diagnostics
import Telemetry
import TimeSeries

/// CSV files given by name on the command line: one column of stamps, one of values.
struct MeterFiles {
  /// Column of stamps; the first one when absent.
  let timeColumn: String?
  /// Which end of its interval a stamp names.
  let label: SlotLabel

  /// Returns the source for a file that holds one quantity.
  ///
  /// - Throws: `InputError` when the file has no header with two columns.
  func source(
    _ path: String, quantity: Quantity, column: String?, unit: String?
  ) throws -> CSVSource {
    let header = try CSVOutline(path: path).names
    guard header.count >= 2 else {
      throw InputError(
        "the first line must name a column of stamps and one of values",
        at: SourcePosition(file: path, line: 1))
    }
    let time = timeColumn ?? header[0]
    let value = column ?? header.first { $0 != time } ?? header[1]
    return CSVSource(
      path: path, timeColumn: time, label: label,
      columns: [ColumnMapping(column: value, quantity: quantity, unit: unit)])
  }
}
