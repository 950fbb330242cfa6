import Diagnostics
import Documents
import Telemetry
import TimeSeries

/// CSV files given by name on the command line: when rows are, and one column of values.
struct MeterFiles {
  /// Column of stamps; found when absent.
  let timeColumn: String?
  /// How stamps are written.
  var timeFormat = StampFormat.automatic
  /// Which end of its interval a stamp names.
  let label: SlotLabel
  /// `.` or `,`; recognised when absent.
  var decimalMark: Character?

  /// Returns the source for a file that holds one quantity.
  ///
  /// - Throws: `InputError` when the file has no header with two columns.
  func source(
    _ path: String, quantity: Quantity, column: String?, unit: String?
  ) throws -> CSVSource {
    if let format = LogFormat.recognised(path) {
      return CSVSource(
        path: path, format: format,
        columns: try column.map {
          [ColumnMapping(column: $0, quantity: quantity, unit: unit)]
        } ?? format.usualChannels(path))
    }
    let outline = try CSVOutline(path: path)
    if column == nil, let known = outline.known, let columns = known.columns(of: quantity) {
      return CSVSource(
        path: path, timeColumn: timeColumn ?? known.timeColumn, stampFormat: timeFormat,
        zone: known.zone, label: label == .start ? known.label : label, decimalMark: decimalMark,
        columns: columns)
    }
    if column == nil, outline.isDayTable {
      return CSVSource(
        path: path, timeColumn: timeColumn ?? outline.timeColumn ?? outline.names[0],
        stampFormat: timeFormat, decimalMark: decimalMark,
        columns: [
          ColumnMapping(column: CSVOutline.dayChannel, quantity: quantity, unit: unit)
        ])
    }
    guard outline.names.count >= 2 else {
      throw InputError(
        "the first line must name a column of stamps and one of values",
        at: SourcePosition(file: path, line: 1))
    }
    let time = timeColumn ?? outline.timeColumn ?? outline.names[0]
    let value = column ?? outline.valueColumn(of: quantity, time: time) ?? outline.names[1]
    return CSVSource(
      path: path, timeColumn: time, stampFormat: timeFormat, label: label,
      decimalMark: decimalMark,
      columns: [ColumnMapping(column: value, quantity: quantity, unit: unit)])
  }
}
