import Documents

/// Cells of the CSV files that reports write: commas between cells, a point before decimals.
package enum CSVText {
  /// Returns a number in the shortest form that reads back; one that does not exist is empty.
  package static func cell(_ number: Double?) -> String {
    guard let number, number.isFinite else { return "" }
    return JSONValue.text(of: number)
  }

  /// Returns a text, in quotes where it holds a comma, a quote or the end of a line.
  package static func cell(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
