/// How a CSV document separates its cells, found from its first lines.
package struct CSVDialect {
  /// Separator of cells.
  package let delimiter: UInt8
  /// The way its numbers are written.
  package let numbers: NumberScanner
  /// Position of the header's first byte.
  let headerStart: Int
  /// Line of the header, from 1.
  let headerLine: Int

  /// Bytes from which the dialect is told.
  private static let sampleBytes = 262_144

  /// Recognises `sep=` line, separator and decimal mark.
  ///
  /// - Parameters:
  ///   - bytes: The whole document in UTF-8, without a byte order mark.
  ///   - delimiter: Separator given by the user.
  ///   - decimal: Decimal mark given by the user.
  package init(
    _ bytes: Span<UInt8>, delimiter: Character? = nil, decimal: Character? = nil
  ) {
    var start = 0
    var line = 1
    var announced: UInt8?
    let end = CSVDialect.lineEnd(bytes, start)
    let text = bytes.text(start, min(end, start + 8))
    if text.lowercased().hasPrefix("sep=") || text.lowercased().hasPrefix("\"sep=") {
      announced = text.utf8.dropFirst(text.hasPrefix("\"") ? 5 : 4).first
      start = CSVDialect.nextLine(bytes, end)
      line = 2
    }
    headerStart = start
    headerLine = line
    let separator =
      delimiter?.asciiValue ?? announced ?? CSVDialect.likelyDelimiter(bytes, start)
    self.delimiter = separator
    let hasComma =
      decimal.map { $0 == "," } ?? CSVDialect.usesDecimalComma(bytes, start, line, separator)
    numbers =
      hasComma
      ? NumberScanner(decimal: UInt8(ascii: ","), grouping: UInt8(ascii: ".")) : NumberScanner()
  }

  /// Position of the end of a line, before CR LF.
  private static func lineEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int {
    var i = start
    while i < bytes.count, bytes[i] != 0x0A, bytes[i] != 0x0D { i += 1 }
    return i
  }

  /// Position after the line break at `end`.
  private static func nextLine(_ bytes: Span<UInt8>, _ end: Int) -> Int {
    var i = end
    if i < bytes.count, bytes[i] == 0x0D { i += 1 }
    if i < bytes.count, bytes[i] == 0x0A { i += 1 }
    return i
  }

  /// The separator that stands most often in the header; one that the first row has as often goes first.
  private static func likelyDelimiter(_ bytes: Span<UInt8>, _ start: Int) -> UInt8 {
    let candidates = [
      UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|"),
    ]
    func counts(_ start: Int, _ end: Int) -> [Int] {
      var counts = [0, 0, 0, 0]
      var quoted = false
      for i in start..<end {
        if bytes[i] == UInt8(ascii: "\"") {
          quoted.toggle()
        } else if !quoted, let k = candidates.firstIndex(of: bytes[i]) {
          counts[k] += 1
        }
      }
      return counts
    }
    var first = start
    while first < bytes.count, bytes[first] == 0x0A || bytes[first] == 0x0D { first += 1 }
    let end = lineEnd(bytes, first)
    let header = counts(first, end)
    var second = nextLine(bytes, end)
    while second < bytes.count, bytes[second] == 0x0A || bytes[second] == 0x0D { second += 1 }
    let row = counts(second, lineEnd(bytes, second))
    let agreeing = header.indices.filter { header[$0] > 0 && header[$0] == row[$0] }
    let best = (agreeing.isEmpty ? Array(header.indices) : agreeing)
      .max { (header[$0], $1) < (header[$1], $0) }
    return candidates[best ?? 0]
  }

  /// True when the numbers of the first rows have a comma before their fraction.
  ///
  /// Where the comma also separates cells, only numbers in quotes can tell, and only when no number has a
  /// point: `"1,234"` alone may be a thousand.
  private static func usesDecimalComma(
    _ bytes: Span<UInt8>, _ start: Int, _ line: Int, _ delimiter: UInt8
  ) -> Bool {
    let limit = min(bytes.count, start + sampleBytes)
    guard delimiter == UInt8(ascii: ",") else {
      for i in nextLine(bytes, lineEnd(bytes, start))..<max(limit, 0)
      where bytes[i] == UInt8(ascii: ",") && i > 0 && i + 1 < bytes.count {
        if bytes[i - 1] &- 48 < 10, bytes[i + 1] &- 48 < 10 { return true }
      }
      return false
    }
    var hasQuotes = false
    for i in start..<limit where bytes[i] == UInt8(ascii: "\"") { hasQuotes = true }
    guard hasQuotes else { return false }
    let commas = NumberScanner(decimal: UInt8(ascii: ","))
    let points = NumberScanner()
    var cursor = CSVCursor(delimiter: delimiter, position: start, line: line)
    var found = false
    _ = cursor.next(bytes)
    while cursor.next(bytes), cursor.recordStart < limit {
      for cell in 0..<cursor.count {
        let (from, to) = (cursor.starts[cell], cursor.ends[cell])
        if let next = points.scan(bytes, from: from, to: to)?.next, next == to {
          for i in from..<to where bytes[i] == UInt8(ascii: ".") { return false }
        } else if let next = commas.scan(bytes, from: from, to: to)?.next, next == to {
          found = found || !looksGrouped(bytes, from, to)
        }
      }
    }
    return found
  }

  /// True for digits, a comma and three digits: a fraction, or a thousand.
  private static func looksGrouped(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var i = start
    if i < end, bytes[i] &- 48 >= 10 { i += 1 }
    let first = i
    while i < end, bytes[i] != UInt8(ascii: ",") { i += 1 }
    return end - i == 4 && i - first <= 3 && bytes[first] != UInt8(ascii: "0")
  }
}
