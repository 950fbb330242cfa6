/// A column of which only some rows count: `Volume[Register=Afname*]`.
///
/// The text after the equals sign may hold `*` for any letters, and `|` between several such texts. Rows of one
/// stamp that the selector takes add up.
struct ColumnSelector: Equatable {
  /// Header of the column with the values.
  let column: String
  /// Header of the column that tells rows apart.
  let kind: String
  /// What it may read.
  let patterns: [String]

  /// Reads a selector, or nothing for the plain name of a column.
  init?(_ text: String) {
    guard text.hasSuffix("]"), let open = text.lastIndex(of: "[") else { return nil }
    let inner = text[text.index(after: open)...].dropLast()
    guard let equals = inner.firstIndex(of: "="), equals > inner.startIndex else { return nil }
    column = String(text[..<open])
    kind = String(inner[..<equals])
    patterns = inner[inner.index(after: equals)...].split(separator: "|").map(String.init)
    guard !patterns.isEmpty, !column.isEmpty else { return nil }
  }

  /// True when the rows of a kind count.
  func takes(_ text: String) -> Bool {
    patterns.contains { ColumnSelector.matches(text[...], $0[...]) }
  }

  private static func matches(_ text: Substring, _ pattern: Substring) -> Bool {
    // What follows the last star that could take more letters, and where the text stood then.
    var (text, pattern) = (text, pattern)
    var retry: (text: Substring, pattern: Substring)?
    while !text.isEmpty {
      if pattern.first == "*" {
        pattern = pattern.dropFirst()
        retry = (text, pattern)
      } else if let letter = pattern.first, letter == text.first {
        text = text.dropFirst()
        pattern = pattern.dropFirst()
      } else if let before = retry {
        text = before.text.dropFirst()
        pattern = before.pattern
        retry = (text, pattern)
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == "*" }
  }
}
