/// Reads decimal numbers from bytes.
///
/// Exact: up to 19 digits are collected as an integer; when they fit 53 bits and the power of ten is at
/// most 22, one multiplication or division gives the nearest `Double`; other numbers go through the
/// standard library.
package struct NumberScanner {
  /// `.` or `,`.
  package var decimal: UInt8 = UInt8(ascii: ".")
  /// Separator of thousands, skipped between digits of the whole part when given.
  package var grouping: UInt8?

  /// Names the marks.
  package init(decimal: UInt8 = UInt8(ascii: "."), grouping: UInt8? = nil) {
    self.decimal = decimal
    self.grouping = grouping
  }

  private let powers: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// Reads a number at `start`.
  ///
  /// - Returns: The value and the position after the last byte that belongs to it, or nothing when the
  ///   bytes do not begin with a number.
  @inline(__always)
  package func scan(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> (
    value: Double, next: Int
  )? {
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
      } else if let grouping, bytes[i] == grouping, i > whole, threeDigits(bytes, i + 1, end) {
        i += 1
      } else {
        break
      }
    }
    var any = i > whole
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
        }
        j += 1
      }
      if j > first || any {
        any = any || j > first
        i = j
      }
    }
    guard any else { return nil }
    if i < end, bytes[i] | 0x20 == UInt8(ascii: "e") {
      var j = i + 1
      var negativeExponent = false
      if j < end, bytes[j] == UInt8(ascii: "-") || bytes[j] == UInt8(ascii: "+") {
        negativeExponent = bytes[j] == UInt8(ascii: "-")
        j += 1
      }
      let first = j
      var exponent = 0
      while j < end {
        let digit = bytes[j] &- 48
        guard digit < 10 else { break }
        if exponent < 10_000 { exponent = exponent * 10 + Int(digit) }
        j += 1
      }
      if j > first {
        scale += negativeExponent ? -exponent : exponent
        i = j
      }
    }
    scale += dropped
    var value: Double
    if mantissa < 1 << 53, scale >= -22, scale <= 22 {
      value = Double(mantissa)
      value = scale < 0 ? value / powers[-scale] : value * powers[scale]
    } else {
      value = Double("\(mantissa)e\(scale)") ?? .nan
    }
    return (negative ? -value : value, i)
  }

  /// True when exactly three digits follow, as after a separator of thousands.
  private func threeDigits(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard start + 3 <= end else { return false }
    for k in start..<start + 3 where bytes[k] &- 48 >= 10 { return false }
    return start + 3 == end || bytes[start + 3] &- 48 >= 10
  }
}
