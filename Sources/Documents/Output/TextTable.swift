import Diagnostics

/// A table for a terminal: words to the left, numbers to the right, two spaces between columns.
package struct TextTable: Sendable {
  /// Where the text of a column stands.
  package enum Alignment: Sendable {
    /// Words.
    case left
    /// Numbers.
    case right
  }

  private let headers: [String]
  private let alignments: [Alignment]
  private var rows: [[String]?] = []

  /// Names the columns.
  package init(_ columns: [(header: String, alignment: Alignment)]) {
    headers = columns.map(\.header)
    alignments = columns.map(\.alignment)
  }

  /// Adds a row with one text per column.
  package mutating func add(_ cells: [String]) {
    precondition(cells.count == headers.count, "one cell per column")
    rows.append(cells.map(PrintableText.line))
  }

  /// Adds a line between rows.
  package mutating func addRule() { rows.append(nil) }

  /// The table as lines of text, without spaces at the end of lines.
  package var text: String {
    var widths = headers.map(\.count)
    for row in rows {
      for (i, cell) in (row ?? []).enumerated() { widths[i] = max(widths[i], cell.count) }
    }
    let rule = String(repeating: "─", count: widths.reduce(0, +) + 2 * (widths.count - 1))
    func line(_ cells: [String]) -> String {
      var line = ""
      for (i, cell) in cells.enumerated() {
        let padding = String(repeating: " ", count: widths[i] - cell.count)
        line += alignments[i] == .left ? cell + padding : padding + cell
        if i + 1 < cells.count { line += "  " }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    return ([line(headers), rule] + rows.map { $0.map(line) ?? rule })
      .joined(separator: "\n") + "\n"
  }
}
