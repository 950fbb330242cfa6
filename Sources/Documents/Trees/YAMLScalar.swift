/// A YAML scalar: its text and whether it was written without quotes.
///
/// libyaml does not give types to scalars, so this is the only place that decides what `1e3`, `yes` or
/// `~` mean: the core schema of YAML 1.2.2 (§10.3.2), in which `yes`, `on` and `off` are text.
package struct YAMLScalar: Sendable, Hashable {
  /// The text after YAML's escapes were resolved.
  package var text: String
  /// True when written without quotes; a quoted scalar is always text.
  package var isPlain: Bool

  /// What a scalar stands for.
  package enum Resolved: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text
  }

  /// Creates a scalar.
  package init(text: String, isPlain: Bool) {
    self.text = text
    self.isPlain = isPlain
  }

  /// The value by the core schema.
  ///
  /// `.inf` and `.nan` resolve to numbers here; readers that need a finite number refuse them.
  /// A whole number that does not fit `Int` resolves to a number.
  package var resolved: Resolved {
    guard isPlain else { return .text }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .boolean(true)
    case "false", "False", "FALSE": return .boolean(false)
    case ".nan", ".NaN", ".NAN": return .number(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity)
    case "-.inf", "-.Inf", "-.INF": return .number(-.infinity)
    default: break
    }
    if text.hasPrefix("0x") {
      return Int(text.dropFirst(2), radix: 16, unlessSigned: ()).map(Resolved.integer) ?? .text
    }
    if text.hasPrefix("0o") {
      return Int(text.dropFirst(2), radix: 8, unlessSigned: ()).map(Resolved.integer) ?? .text
    }
    if let value = Int(text) { return .integer(value) }
    let bytes = Array(text.utf8)
    guard let number = NumberScanner().scan(bytes.span, from: 0, to: bytes.count),
      number.next == bytes.count
    else { return .text }
    return .number(number.value)
  }

  /// The text, cut to 60 characters and with control characters shown as escapes.
  var abbreviated: String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(60) {
      shown +=
        scalar.value < 32 || scalar.value == 127 ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return text.unicodeScalars.count > 60 ? shown + "…" : shown
  }
}

extension Int {
  /// Reads unsigned digits of a radix; a sign, which `Int.init(_:radix:)` would take, is refused.
  fileprivate init?(_ digits: Substring, radix: Int, unlessSigned: Void) {
    guard let first = digits.first, first != "-", first != "+",
      let value = Int(digits, radix: radix)
    else { return nil }
    self = value
  }
}
