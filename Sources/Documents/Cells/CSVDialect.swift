/// How a CSV file separates its cells, found from its first lines.
package struct CSVDialect {
  /// Separator of cells.
  package var delimiter: UInt8
  /// Mark between whole and fractional part.
  package var decimal: UInt8
  /// Separator of thousands, when the decimal mark is a comma.
  package var grouping: UInt8?
  /// Position of the header's first byte.
  package var headerStart: Int
  /// Line of the header, from 1.
  package var headerLine: Int

  /// Recognises byte order mark, `sep=` line, separator and decimal mark.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - delimiter: Separator given by the user.
  ///   - decimal: Decimal mark given by the user.
  package init(_ bytes: Span<UInt8>, delimiter: Character?, decimal: Character?) {
    var start = 0
    var line = 1
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { start = 3 }
    var announced: UInt8?
    let end = CSVDialect.lineEnd(bytes, start)
    let text = CSVDialect.text(bytes, start, end)
    if text.lowercased().hasPrefix("sep=") || text.lowercased().hasPrefix("\"sep=") {
      announced = text.utf8.dropFirst(text.hasPrefix("\"") ? 5 : 4).first
      start = CSVDialect.nextLine(bytes, end)
      line = 2
    }
    headerStart = start
    headerLine = line
    self.delimiter =
      delimiter?.asciiValue ?? announced
      ?? CSVDialect.likelyDelimiter(bytes, start, CSVDialect.lineEnd(bytes, start))
    if let mark = decimal?.asciiValue {
      self.decimal = mark
    } else {
      self.decimal = UInt8(ascii: ".")
      if self.delimiter != UInt8(ascii: ","),
        CSVDialect.usesDecimalComma(bytes, start, self.delimiter)
      {
        self.decimal = UInt8(ascii: ",")
      }
    }
    grouping = self.decimal == UInt8(ascii: ",") ? UInt8(ascii: ".") : nil
  }

  /// Position of the end of a line, before CR LF.
  package static func lineEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var i = start
    while i < bytes.count, bytes[i] != 0x0A, bytes[i] != 0x0D { i += 1 }
    return i
  }

  /// Position after the line break at `end`.
  package static func nextLine(_ bytes: Span<UInt8>, _ end: Int) -> Int {
    var i = end
    if i < bytes.count, bytes[i] == 0x0D { i += 1 }
    if i < bytes.count, bytes[i] == 0x0A { i += 1 }
    return i
  }

  /// The text of a range of bytes.
  package static func text(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> String {
    var copy: [UInt8] = []
    copy.reserveCapacity(end - start)
    for i in start..<end { copy.append(bytes[i]) }
    return String(decoding: copy, as: UTF8.self)
  }

  private static func likelyDelimiter(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt8 {
    var counts = [0, 0, 0, 0]
    let candidates = [
      UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|"),
    ]
    var quoted = false
    for i in start..<end {
      if bytes[i] == UInt8(ascii: "\"") {
        quoted.toggle()
      } else if !quoted, let k = candidates.firstIndex(of: bytes[i]) {
        counts[k] += 1
      }
    }
    let most = counts.max() ?? 0
    let best = counts.firstIndex(of: most) ?? 0
    return candidates[best]
  }

  /// True when a cell of the first rows is digits, a comma and digits.
  private static func usesDecimalComma(
    _ bytes: Span<UInt8>, _ start: Int, _ delimiter: UInt8
  ) -> Bool {
    var i = nextLine(bytes, lineEnd(bytes, start))
    let limit = min(bytes.count, i + 262_144)
    while i < limit {
      if bytes[i] == UInt8(ascii: ","), i > 0, i + 1 < bytes.count, bytes[i - 1] &- 48 < 10,
        bytes[i + 1] &- 48 < 10
      {
        return true
      }
      i += 1
    }
    return false
  }
}
