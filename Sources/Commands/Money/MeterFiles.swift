import CommandLine
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
    _ path: String, quantity: Quantity, column: String?, unit: String?, context: CommandContext
  ) throws -> CSVSource {
    let header = try header(of: path, context: context)
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

  /// Reads the names of the columns from the first line that has any.
  private func header(of path: String, context: CommandContext) throws -> [String] {
    let bytes = try context.read(path)
    let lines = String(decoding: bytes.prefix(65_536), as: UTF8.self)
      .split(whereSeparator: \.isNewline)
    for line in lines {
      var text = line.drop { $0 == "\u{FEFF}" }
      if text.hasPrefix("sep=") || text.isEmpty { continue }
      let separator = [";", "\t", ","].first { text.contains($0) } ?? ","
      text = text[...]
      return text.split(separator: separator, omittingEmptySubsequences: false).map { cell in
        var cell = cell.drop { $0 == " " }
        while let last = cell.last, last == " " { cell.removeLast() }
        if cell.count >= 2, cell.first == "\"", cell.last == "\"" {
          cell = cell.dropFirst().dropLast()
        }
        return String(cell)
      }
    }
    throw InputError("the file is empty", at: SourcePosition(file: path))
  }
}
