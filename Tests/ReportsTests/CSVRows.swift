/// A CSV text as records by column name, for tests; cells hold no separators unless they are quoted.
struct CSVRows {
  let header: [String]
  private let rows: [[String]]

  /// Splits a text whose first line names the columns and whose last one ends.
  init(_ text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(Self.cells)
    if lines.last == [""] { lines.removeLast() }
    header = lines.first ?? []
    rows = Array(lines.dropFirst())
  }

  var count: Int { rows.count }

  /// Whether every line has one cell per column.
  var isRectangular: Bool { rows.allSatisfy { $0.count == header.count } }

  /// The cell of a column in a row, or nothing when there is no such column.
  subscript(row: Int, column: String) -> String? {
    guard let place = header.firstIndex(of: column) else { return nil }
    return rows[row][place]
  }

  /// The number of a column in a row, or nothing when the cell is empty.
  func number(_ row: Int, _ column: String) -> Double? {
    self[row, column].flatMap { Double($0) }
  }

  /// The position of the first row with a text in a column.
  func row(_ column: String, _ text: String) -> Int? {
    rows.indices.first { self[$0, column] == text }
  }

  private static func cells(_ line: Substring) -> [String] {
    var cells = [""]
    var isQuoted = false
    var rest = line
    while let character = rest.popFirst() {
      switch character {
      case "\"" where isQuoted && rest.first == "\"":
        rest.removeFirst()
        cells[cells.count - 1].append("\"")
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }
}
