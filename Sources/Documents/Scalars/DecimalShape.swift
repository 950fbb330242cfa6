/// The decimal number grammar of the core schema, by hand: `[-+]? digits`, with fraction or exponent.
package enum DecimalShape {
  /// Digits only, with or without a sign.
  case integer
  /// With fraction or exponent.
  case number

  /// Recognises the whole text, or nothing.
  package init?(_ text: String) {
    var bytes = Substring(text).utf8
    func dropDigits() -> Int {
      let before = bytes.count
      bytes = bytes.drop { (48...57).contains($0) }
      return before - bytes.count
    }
    if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      bytes = bytes.dropFirst()
    }
    let whole = dropDigits()
    if bytes.isEmpty, whole > 0 {
      self = .integer
      return
    }
    var fraction = 0
    if bytes.first == UInt8(ascii: ".") {
      bytes = bytes.dropFirst()
      fraction = dropDigits()
    }
    guard whole + fraction > 0 else { return nil }
    if let mark = bytes.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
      bytes = bytes.dropFirst()
      if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        bytes = bytes.dropFirst()
      }
      guard dropDigits() > 0 else { return nil }
    }
    guard bytes.isEmpty else { return nil }
    self = .number
  }
}

extension Int {
  /// Reads unsigned digits of a radix; a sign, which `Int.init(_:radix:)` would take, is refused.
  init?(_ digits: Substring, radix: Int, unlessSigned: Void) {
    guard let first = digits.first, first != "-", first != "+",
      let value = Int(digits, radix: radix)
    else { return nil }
    self = value
  }
}
