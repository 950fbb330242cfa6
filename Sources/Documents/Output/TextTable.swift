package import Diagnostics

/// A table for a terminal: words to the left, numbers to the right, two spaces between columns.
///
/// Where lines may only be so wide, headings take several lines, long words are folded, and then columns are
/// left out: first those without a figure, then the last ones. A last column of words, such as a verdict, stays.
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
  package var text: String { text(in: .current) }

  /// Returns the table as lines of text in a layout.
  package func text(in layout: TextLayout) -> String {
    let fit = layout.width.map(fitted) ?? natural(headers.indices.map { $0 })
    let rule = String(repeating: "─", count: fit.width)
    func lines(_ cells: [String]) -> [String] {
      let parts = zip(fit.columns, fit.widths).map { column, width in
        cells[column].count <= width ? [cells[column]] : wrapped(cells[column], width: width)
      }
      return (0..<(parts.map(\.count).max() ?? 0)).map { row in
        var line = ""
        for (i, part) in parts.enumerated() {
          let cell = row < part.count ? part[row] : ""
          let padding = String(repeating: " ", count: max(0, fit.widths[i] - cell.count))
          line += alignments[fit.columns[i]] == .left ? cell + padding : padding + cell
          if i + 1 < parts.count { line += String(repeating: " ", count: fit.gap) }
        }
        while line.last == " " { line.removeLast() }
        return line
      }
    }
    var all = lines(headers) + [rule]
    for row in rows { all += row.map(lines) ?? [rule] }
    let shown = Set(fit.columns)
    let left = headers.indices.filter { !shown.contains($0) }.map { headers[$0] }
    if !left.isEmpty {
      all.append(layout.folded("More columns (--wide): \(left.joined(separator: ", "))."))
    }
    return all.joined(separator: "\n") + "\n"
  }
}

/// Fitting into a width.
extension TextTable {
  /// The columns that are shown, and how wide.
  private struct Fit {
    var columns: [Int]
    var widths: [Int]
    var gap = 2
    var width: Int { widths.reduce(0, +) + gap * (widths.count - 1) }
  }

  /// Words of a column are folded down to this. [columns]
  private static let leastWords = 22

  private func cellWidth(_ column: Int) -> Int {
    rows.reduce(0) { max($0, $1?[column].count ?? 0) }
  }

  private func natural(_ columns: [Int]) -> Fit {
    Fit(columns: columns, widths: columns.map { max(headers[$0].count, cellWidth($0)) })
  }

  /// True for a column in which no row has a figure other than zero, or a word.
  private func isEmpty(_ column: Int) -> Bool {
    !rows.isEmpty
      && rows.allSatisfy { row in
        row?[column].allSatisfy { !$0.isLetter && !("1"..."9").contains($0) } ?? true
      }
  }

  private static func longestWord(_ text: String) -> Int {
    text.split(separator: " ").reduce(0) { max($0, $1.count) }
  }

  /// Columns and widths that fit into lines of a width.
  private func fitted(_ width: Int) -> Fit {
    var columns = headers.indices.map { $0 }
    let whole = natural(columns)
    if whole.width <= width { return whole }
    if let fit = folded(columns, width) { return fit }
    for column in columns.reversed() where column > 0 && isEmpty(column) {
      columns.removeAll { $0 == column }
      if let fit = folded(columns, width) { return fit }
    }
    let last = columns.count > 1 && columns.last.map { alignments[$0] } == .left ? 1 : 0
    while columns.count > 1 + last {
      if let fit = folded(columns, width, gap: 1) { return fit }
      columns.remove(at: columns.count - 1 - last)
      if let fit = folded(columns, width) { return fit }
    }
    return folded(columns, width, gap: 1) ?? squeezed(columns, width)
  }

  /// The columns with headings and words on several lines; nothing where that is still too wide.
  private func folded(_ columns: [Int], _ width: Int, gap: Int = 2) -> Fit? {
    var fit = Fit(
      columns: columns, widths: columns.map { max(Self.longestWord(headers[$0]), cellWidth($0)) },
      gap: gap)
    while fit.width > width {
      let words = columns.indices.filter { i in
        alignments[columns[i]] == .left && fit.widths[i] > least(columns[i])
      }
      guard let widest = words.max(by: { fit.widths[$0] < fit.widths[$1] }) else { return nil }
      fit.widths[widest] -= 1
    }
    return fit
  }

  /// The least width of a column of words: no word is broken.
  private func least(_ column: Int) -> Int {
    rows.reduce(max(Self.leastWords, Self.longestWord(headers[column]))) {
      max($0, Self.longestWord($1?[column] ?? ""))
    }
  }

  /// What is left where nothing fits: the first columns at the width of their longest words.
  private func squeezed(_ columns: [Int], _ width: Int) -> Fit {
    Fit(
      columns: columns,
      widths: columns.map { column in
        rows.reduce(Self.longestWord(headers[column])) {
          max($0, Self.longestWord($1?[column] ?? ""))
        }
      }, gap: 1)
  }
}
