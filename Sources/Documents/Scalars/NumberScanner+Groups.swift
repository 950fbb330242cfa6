extension NumberScanner {
  /// Reads the number that a cell of a table is: as ``number(_:from:to:)``, and with its thousands set apart by
  /// blanks or apostrophes, as in `1'234.5` and `1 234,5`.
  ///
  /// - Returns: Nothing when the bytes are anything else.
  package func cellNumber(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Double? {
    if let number = number(bytes, from: start, to: end) { return number }
    guard let plain = NumberScanner.ungrouped(bytes, from: start, to: end) else { return nil }
    return number(plain.span, from: 0, to: plain.count)
  }

  /// Leaves out the blanks and apostrophes between groups of three digits.
  ///
  /// - Returns: The bytes without them, nothing when there are none or a group has not three digits.
  package static func ungrouped(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> [UInt8]? {
    var plain: [UInt8] = []
    var digits = 0
    var groups = 0
    var i = start
    var isWhole = true
    while i < end, bytes[i] == 0x20 { i += 1 }
    while i < end {
      let byte = bytes[i]
      if isWhole, byte &- 48 < 10 {
        digits += 1
        plain.append(byte)
        i += 1
      } else if isWhole, digits > 0, case let width = groupMark(bytes, i, end), width > 0,
        i + width < end, bytes[i + width] &- 48 < 10
      {
        guard groups == 0 ? digits <= 3 : digits == 3 else { return nil }
        groups += 1
        digits = 0
        i += width
      } else {
        if digits > 0, isWhole {
          guard groups == 0 || digits == 3 else { return nil }
          isWhole = false
        }
        plain.append(byte)
        i += 1
      }
    }
    guard groups > 0, !isWhole || digits == 3 else { return nil }
    return plain
  }

  /// Bytes of a blank, narrow or not, or an apostrophe at a place; 0 when there is none.
  static func groupMark(_ bytes: Span<UInt8>, _ at: Int, _ end: Int) -> Int {
    let byte = bytes[at]
    if byte == 0x20 || byte == UInt8(ascii: "'") { return 1 }
    if byte == 0xC2, at + 1 < end, bytes[at + 1] == 0xA0 { return 2 }
    // U+2019, U+202F and U+2009.
    if byte == 0xE2, at + 2 < end, bytes[at + 1] == 0x80,
      [0x99, 0xAF, 0x89].contains(bytes[at + 2])
    {
      return 3
    }
    return 0
  }
}
