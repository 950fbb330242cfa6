/// Puts keys and values on lines with the indentation of their section.
struct YAMLWriter {
  private(set) var text = ""
  private var indentation = ""
  private var isFirstOfItem = false

  /// Writes `key: value`.
  mutating func add(_ key: String, _ value: String) { line("\(key): \(value)") }

  /// Writes a nested section.
  mutating func section(_ key: String, _ body: (inout YAMLWriter) -> Void) {
    line("\(key):")
    indented(by: 2) { body(&$0) }
  }

  /// Writes a list of sections; an empty one is left out.
  mutating func list<Item>(
    _ key: String, _ items: [Item], _ body: (Item, inout YAMLWriter) -> Void
  ) {
    guard !items.isEmpty else { return }
    line("\(key):")
    for item in items {
      indented(by: 4) { writer in
        writer.isFirstOfItem = true
        body(item, &writer)
      }
    }
  }

  private mutating func line(_ content: String) {
    if isFirstOfItem {
      text += "\(indentation.dropLast(2))- \(content)\n"
      isFirstOfItem = false
    } else {
      text += "\(indentation)\(content)\n"
    }
  }

  private mutating func indented(by count: Int, _ body: (inout YAMLWriter) -> Void) {
    let before = indentation
    indentation += String(repeating: " ", count: count)
    body(&self)
    indentation = before
  }
}
