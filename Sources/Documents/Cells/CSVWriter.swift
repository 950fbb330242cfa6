/// A CSV document that is put together: comma, decimal point, quotes where a text needs them.
package struct CSVWriter: Sendable {
  /// The document so far, with a line end after each row.
  package private(set) var text = ""
  private var isAtStart = true

  /// Starts a document with its header.
  package init(header: [String]) {
    for name in header { add(name) }
    endRow()
  }

  /// Adds a cell with a text.
  package mutating func add(_ cell: String) {
    separate()
    text += CSVWriter.cell(cell)
  }

  /// Adds a cell with a number; one that does not exist or is not finite leaves it empty.
  package mutating func add(_ number: Double?) {
    separate()
    text += CSVWriter.cell(number)
  }

  /// Adds a cell with a whole number.
  package mutating func add(_ number: Int) {
    separate()
    text += String(number)
  }

  /// Ends the row.
  package mutating func endRow() {
    text += "\n"
    isAtStart = true
  }

  /// Hands out what was written and goes on with an empty text.
  package mutating func drain() -> String {
    defer { text = "" }
    return text
  }

  private mutating func separate() {
    if !isAtStart { text += "," }
    isAtStart = false
  }

  /// Returns a number in the shortest form that reads back; one that does not exist is empty.
  package static func cell(_ number: Double?) -> String {
    guard let number, number.isFinite else { return "" }
    return NumberText.shortest(number)
  }

  /// Returns a text as a cell: in quotes when it holds a separator, a quote or a line end.
  ///
  /// A text that a spreadsheet would run as a formula, because it begins with `=`, `+`, `-`, `@` or a
  /// control character and is no number, gets an apostrophe in front, which makes it a text there.
  package static func cell(_ text: String) -> String {
    let runs = isFormula(text)
    guard runs || text.utf8.contains(where: { mustQuote($0) }) else { return text }
    var result = runs ? "\"'" : "\""
    for character in text.unicodeScalars {
      if character == "\"" { result += "\"" }
      result.unicodeScalars.append(character)
    }
    return result + "\""
  }

  private static func isFormula(_ text: String) -> Bool {
    switch text.utf8.first {
    case UInt8(ascii: "="), UInt8(ascii: "@"), 0x09, 0x0D: true
    case UInt8(ascii: "+"), UInt8(ascii: "-"): NumberScanner().number(text) == nil
    default: false
    }
  }

  private static func mustQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\"")
      || byte == 0x0A || byte == 0x0D
  }
}
