/// Text from outside as it may be shown: what would steer a terminal or hide other text is spelled out.
public enum PrintableText {
  /// Returns a text of one line, with line ends and tabulators spelled out as well.
  ///
  /// - Parameter text: A name, a cell or a path as it was found.
  /// - Returns: The text with `\n` for a line end and `\u001b` for an escape, and so on.
  public static func line(_ text: String) -> String { spelled(text, keepsLines: false) }

  /// Returns a text of several lines; line ends and tabulators stay.
  public static func lines(_ text: String) -> String { spelled(text, keepsLines: true) }

  private static func spelled(_ text: String, keepsLines: Bool) -> String {
    guard text.utf8.contains(where: { isSuspect($0, keepsLines: keepsLines) }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n" where !keepsLines: result += "\\n"
      case "\t" where !keepsLines: result += "\\t"
      case "\r" where !keepsLines: result += "\\r"
      case _ where steers(scalar) && !(keepsLines && (scalar == "\n" || scalar == "\t")):
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// True for bytes that may begin something to spell out; most texts have none.
  private static func isSuspect(_ byte: UInt8, keepsLines: Bool) -> Bool {
    if keepsLines, byte == 0x0A || byte == 0x09 { return false }
    // 0xC2 leads the controls of the second set, 0xD8 and 0xE2 the marks of direction.
    return byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xD8 || byte == 0xE2
  }

  /// True for controls of both sets, and for marks that turn the direction of what follows.
  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
