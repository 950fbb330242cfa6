import Diagnostics
import Documents

/// A table of a page.
///
/// One that is too wide for a sheet of paper is set in several parts one below the other, each with the columns that
/// tell rows apart, so that no column is lost on paper or beyond the edge of a small screen.
package struct PageTable: Sendable {
  /// A column with its heading.
  package struct Column: Sendable {
    package var header: String
    /// Whether it holds words, which stand left and may break, or numbers.
    package var isWords: Bool
    /// What it means; empty where the heading says it.
    package var meaning: String

    /// Names a column.
    package init(_ header: String, isWords: Bool = false, meaning: String = "") {
      self.header = header
      self.isWords = isWords
      self.meaning = meaning
    }
  }

  package var columns: [Column]
  /// One cell per column.
  package var rows: [[String]]
  /// Number of rows after which a line is drawn; nothing for none.
  package var ruleAfter: Int?
  /// Where each row stands on the axis of its chart, 0…1; empty for tables of no chart.
  var places: [Double] = []

  /// Takes rows with one cell per column.
  package init(_ columns: [Column], rows: [[String]], ruleAfter: Int? = nil) {
    self.columns = columns
    self.rows = rows
    self.ruleAfter = ruleAfter
  }

  /// Takes rows whose first column holds words and whose others hold numbers.
  package init(header: [String], rows: [[String]]) {
    self.init(
      header.enumerated().map { Column($1, isWords: $0 == 0) }, rows: rows)
  }

  /// Takes the columns of measures.
  ///
  /// - Parameters:
  ///   - measures: The measures.
  ///   - subjects: One row each.
  ///   - currency: Code of the currency in headings.
  package init<Subject>(
    _ measures: MeasureList<Subject>, _ subjects: [Subject], currency: String = ""
  ) {
    self.init(measures.pageColumns(currency: currency), rows: subjects.map { measures.row($0) })
  }

  /// Widest part. [characters]
  private static let mostCharacters = 92
  /// Longest line of words before it breaks. [characters]
  private static let wordCharacters = 34

  /// Columns that stand in each part: the first, and more of words where that alone does not tell rows apart.
  private var leadingColumns: Int {
    for count in 1..<columns.count {
      guard columns[..<count].dropFirst().allSatisfy(\.isWords) else { return 1 }
      if Set(rows.map { Array($0[..<count]) }).count == rows.count { return count }
    }
    return 1
  }

  /// Positions of the columns of each part.
  var parts: [[Int]] {
    guard columns.count > 1 else { return [Array(columns.indices)] }
    let leading = leadingColumns
    let widths = columns.indices.map { column in
      // A heading breaks between words.
      let heading =
        columns[column].header.split(separator: " ").map(\.count).max() ?? 0
      let widest = rows.map { $0[column].count }.max() ?? 0
      return max(heading, columns[column].isWords ? min(widest, Self.wordCharacters) : widest) + 2
    }
    func parts(upTo most: Int) -> [[Int]] {
      let begin = Array(0..<leading)
      let lead = widths[..<leading].reduce(0, +)
      var parts = [begin]
      var used = lead
      for column in leading..<columns.count {
        if used + widths[column] > most, parts[parts.count - 1].count > leading {
          parts.append(begin)
          used = lead
        }
        parts[parts.count - 1].append(column)
        used += widths[column]
      }
      return parts
    }
    // As few parts as fit, and those as even as they can be: a last part of one column reads badly.
    let fewest = parts(upTo: Self.mostCharacters)
    guard fewest.count > 1 else { return fewest }
    var most = Self.mostCharacters
    while most > 0, parts(upTo: most - 1).count == fewest.count { most -= 1 }
    return parts(upTo: most)
  }

  /// The table with its parts, and the columns in words that would have made it longer without saying anything.
  var html: String {
    let whole = parts
    guard whole.count > 1 else { return whole.map(part).joined() }
    let silent = columns.indices.dropFirst(leadingColumns).filter { column in
      !columns[column].isWords
        && !rows.contains { $0[column].contains { ("1"..."9").contains($0) } }
    }
    var spoken = self
    spoken.columns = columns.indices.filter { !silent.contains($0) }.map { columns[$0] }
    spoken.rows = rows.map { row in row.indices.filter { !silent.contains($0) }.map { row[$0] } }
    let parts = spoken.parts
    guard parts.count < whole.count else { return whole.map(part).joined() }
    let names = silent.map { columns[$0].header }
    return parts.map(spoken.part).joined()
      + "<p class=\"note\">\(HTML.escaped("Zero or nothing in every row: \(listed(names, "and"))."))</p>\n"
  }

  private func part(_ places: [Int]) -> String {
    var html = "<div class=\"scroll\"><table>\n<thead><tr>"
    for place in places {
      let column = columns[place]
      html += "<th\(column.isWords ? " class=\"w\"" : "")"
      html +=
        column.meaning.isEmpty ? ">" : " title=\"\(HTML.escaped(column.meaning))\">"
      html += "\(HTML.escaped(column.header))</th>"
    }
    html += "</tr></thead>\n<tbody>\n"
    for (number, row) in rows.enumerated() {
      html += number == ruleAfter ? "<tr class=\"rule\"" : "<tr"
      if number < self.places.count {
        html += " data-x=\"\(NumberText.rounded(self.places[number], decimals: 5))\""
      }
      html += ">"
      for place in places {
        html +=
          "<td\(columns[place].isWords ? " class=\"w\"" : "")>\(HTML.escaped(row[place]))</td>"
      }
      html += "</tr>\n"
    }
    return html + "</tbody>\n</table></div>\n"
  }
}

extension MeasureList {
  /// Returns the columns of a table on a page, each with what it means.
  func pageColumns(currency: String = "") -> [PageTable.Column] {
    measures.filter { $0.places.contains(.table) }.map {
      PageTable.Column(
        $0.heading(currency: currency), isWords: $0.unit == .words, meaning: $0.meaning)
    }
  }
}
