/// How a CSV file separates its cells, found from its first lines.
struct CSVDialect {
  /// Separator of cells.
  var delimiter: UInt8
  /// Mark between whole and fractional part.
  var decimal: UInt8
  /// Separator of thousands, when the decimal mark is a comma.
  var grouping: UInt8?
  /// Position of the header's first byte.
  var headerStart: Int
  /// Line of the header, from 1.
  var headerLine: Int

  /// Recognises byte order mark, `sep=` line, separator and decimal mark.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - delimiter: Separator given by the user.
  ///   - decimal: Decimal mark given by the user.
  init(_ bytes: Span<UInt8>, delimiter: Character?, decimal: Character?) {
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
  static func lineEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var i = start
    while i < bytes.count, bytes[i] != 0x0A, bytes[i] != 0x0D { i += 1 }
    return i
  }

  /// Position after the line break at `end`.
  static func nextLine(_ bytes: Span<UInt8>, _ end: Int) -> Int {
    var i = end
    if i < bytes.count, bytes[i] == 0x0D { i += 1 }
    if i < bytes.count, bytes[i] == 0x0A { i += 1 }
    return i
  }

  static func text(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> String {
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

/// Splits CSV bytes into records without copying them.
struct CSVCursor {
  let delimiter: UInt8
  /// Position of the next record.
  var position: Int
  /// Line of the next record, from 1.
  var line: Int
  /// Start of each cell of the record read last, quotes not included.
  private(set) var starts: [Int] = []
  /// End of each cell of the record read last, quotes not included.
  private(set) var ends: [Int] = []
  /// Number of cells of the record read last.
  private(set) var count = 0
  /// Start of the record read last.
  private(set) var recordStart = 0
  /// Line on which the record read last begins.
  private(set) var recordLine = 0
  /// Line of a quote that is never closed.
  private(set) var openQuoteLine: Int?

  init(delimiter: UInt8, position: Int, line: Int) {
    self.delimiter = delimiter
    self.position = position
    self.line = line
    starts = [Int](repeating: 0, count: 64)
    ends = starts
  }

  /// Reads the next record that is not an empty line.
  ///
  /// - Returns: False at the end of the bytes.
  mutating func next(_ bytes: Span<UInt8>) -> Bool {
    let size = bytes.count
    while position < size, bytes[position] == 0x0A || bytes[position] == 0x0D {
      if bytes[position] == 0x0A { line += 1 }
      position += 1
    }
    guard position < size else { return false }
    recordStart = position
    recordLine = line
    count = 0
    var i = position
    let quote = UInt8(ascii: "\"")
    while true {
      if count == starts.count {
        starts.append(contentsOf: repeatElement(0, count: count))
        ends.append(contentsOf: repeatElement(0, count: count))
      }
      if i < size, bytes[i] == quote {
        i += 1
        starts[count] = i
        while i < size {
          if bytes[i] == quote {
            guard i + 1 < size, bytes[i + 1] == quote else { break }
            i += 1
          } else if bytes[i] == 0x0A {
            line += 1
          }
          i += 1
        }
        ends[count] = min(i, size)
        if i >= size { openQuoteLine = recordLine }
        while i < size, bytes[i] != delimiter, bytes[i] != 0x0A { i += 1 }
      } else {
        starts[count] = i
        while i < size {
          let byte = bytes[i]
          // Both line breaks and the tab lie below the other separators: test the common case first.
          if byte == delimiter || byte == 0x0A { break }
          i += 1
        }
        ends[count] = i
      }
      count += 1
      if i >= size { break }
      if bytes[i] == 0x0A { break }
      i += 1
    }
    if count > 0, ends[count - 1] > starts[count - 1], bytes[ends[count - 1] - 1] == 0x0D {
      ends[count - 1] -= 1
    }
    if i < size {
      i += 1
      line += 1
    }
    position = i
    return true
  }

  /// Text of a cell, doubled quotes made single.
  func text(_ bytes: Span<UInt8>, _ cell: Int) -> String {
    let raw = CSVDialect.text(bytes, starts[cell], ends[cell])
    guard raw.contains("\"\"") else { return raw }
    var result = ""
    var pending = false
    for character in raw {
      if character == "\"" {
        if pending { result.append(character) }
        pending.toggle()
      } else {
        result.append(character)
      }
    }
    return result
  }
}
