/// Reads decimal numbers from bytes, each as the nearest `Double`.
///
/// Up to 19 digits are collected as an integer; when they fit 53 bits and the power of ten is at most 22,
/// one multiplication or division gives the nearest number; others go through the standard library.
@usableFromInline package struct NumberScanner: Sendable {
  /// `.` or `,`.
  @usableFromInline package let decimal: UInt8
  /// Separator of thousands, skipped between digits of the whole part when given.
  @usableFromInline package let grouping: UInt8?

  /// Names the marks.
  package init(decimal: UInt8 = UInt8(ascii: "."), grouping: UInt8? = nil) {
    self.decimal = decimal
    self.grouping = grouping
  }

  @usableFromInline let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// Reads the number that a text is, with or without blanks around it.
  ///
  /// - Returns: Nothing when the text is anything else, such as `1,5` with a decimal point, `0x10`,
  ///   `nan`, or a number beyond the largest.
  package func number(_ text: some StringProtocol) -> Double? {
    let bytes = Array(text.utf8)
    return number(bytes.span, from: 0, to: bytes.count)
  }

  /// Reads the numbers of a list such as `52.5,13.4`.
  ///
  /// - Returns: Nothing when one of them is no number.
  package func numbers(_ text: some StringProtocol) -> [Double]? {
    var numbers: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let number = number(part) else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// Reads the number that a range of bytes is, with or without blanks around it.
  ///
  /// - Returns: Nothing when the bytes are anything else.
  package func number(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Double? {
    var first = start
    var last = end
    while first < last, bytes[first] == 0x20 || bytes[first] == 0x09 { first += 1 }
    while last > first, bytes[last - 1] == 0x20 || bytes[last - 1] == 0x09 { last -= 1 }
    guard let number = scan(bytes, from: first, to: last), number.next == last,
      number.value.isFinite
    else { return nil }
    return number.value
  }

  /// Reads a number at `start`.
  ///
  /// - Returns: The value and the position after the last byte that belongs to it, or nothing when the
  ///   bytes do not begin with a number.
  @inlinable @inline(__always)
  package func scan(
    _ bytes: Span<UInt8>, from start: Int, to end: Int
  ) -> (value: Double, next: Int)? {
    var i = start
    var negative = false
    if i < end {
      let sign = bytes[i]
      if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        negative = sign == UInt8(ascii: "-")
        i += 1
      }
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var dropped = 0
    var scale = 0
    let whole = i
    var group = i
    while i < end {
      let digit = bytes[i] &- 48
      if digit < 10 {
        if digits < 19 {
          mantissa = mantissa &* 10 &+ UInt64(digit)
          if mantissa != 0 { digits += 1 }
        } else {
          dropped += 1
        }
        i += 1
      } else if let grouping, bytes[i] == grouping, i > group, i - group <= 3,
        threeDigits(bytes, i + 1, end)
      {
        i += 1
        group = i
      } else {
        break
      }
    }
    var any = i > whole
    var isCut = dropped > 0
    if i < end, bytes[i] == decimal {
      var j = i + 1
      let first = j
      while j < end {
        let digit = bytes[j] &- 48
        guard digit < 10 else { break }
        if digits < 19 {
          mantissa = mantissa &* 10 &+ UInt64(digit)
          if mantissa != 0 { digits += 1 }
          scale -= 1
        } else {
          isCut = true
        }
        j += 1
      }
      if j > first || any {
        any = any || j > first
        i = j
      }
    }
    guard any else { return nil }
    let mantissaEnd = i
    var exponent = 0
    if i < end, bytes[i] | 0x20 == UInt8(ascii: "e") {
      var j = i + 1
      var negativeExponent = false
      if j < end, bytes[j] == UInt8(ascii: "-") || bytes[j] == UInt8(ascii: "+") {
        negativeExponent = bytes[j] == UInt8(ascii: "-")
        j += 1
      }
      let first = j
      while j < end {
        let digit = bytes[j] &- 48
        guard digit < 10 else { break }
        if exponent < 10_000 { exponent = exponent * 10 + Int(digit) }
        j += 1
      }
      if j > first {
        if negativeExponent { exponent = -exponent }
        i = j
      } else {
        exponent = 0
      }
    }
    scale += dropped + exponent
    var value: Double
    if isCut {
      value = longNumber(bytes, whole, mantissaEnd, exponent)
    } else if mantissa < 1 << 53, scale >= -22, scale <= 22 {
      value = Double(mantissa)
      value = scale < 0 ? value / powers[-scale] : value * powers[scale]
    } else {
      value = scaled(mantissa, scale)
    }
    return (negative ? -value : value, i)
  }

  /// The nearest number where one operation does not give it.
  @usableFromInline func scaled(_ mantissa: UInt64, _ scale: Int) -> Double {
    Double("\(mantissa)e\(scale)") ?? .nan
  }

  /// The nearest number to more digits than an integer holds.
  @usableFromInline func longNumber(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ exponent: Int
  ) -> Double {
    var text = ""
    for i in start..<end {
      if bytes[i] &- 48 < 10 {
        text.unicodeScalars.append(Unicode.Scalar(bytes[i]))
      } else if bytes[i] == decimal {
        text += "."
      }
    }
    return Double("\(text)e\(exponent)") ?? .nan
  }

  /// True when exactly three digits follow, as after a separator of thousands.
  @usableFromInline func threeDigits(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard start + 3 <= end else { return false }
    for k in start..<start + 3 where bytes[k] &- 48 >= 10 { return false }
    return start + 3 == end || bytes[start + 3] &- 48 >= 10
  }
}
