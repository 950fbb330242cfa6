/// Text for a page.
enum HTML {
  /// Returns text with the characters that mean something in HTML written out.
  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  /// Returns text that may break after an underscore, as long names have to.
  static func broken(_ text: String) -> String { escaped(text).replacing("_", with: "_<wbr>") }

  /// Returns a list of lines; nothing for none.
  static func list(_ lines: [String]) -> String {
    lines.isEmpty
      ? "" : "<ul>\n" + lines.map { "<li>\(escaped($0))</li>\n" }.joined() + "</ul>\n"
  }
}
