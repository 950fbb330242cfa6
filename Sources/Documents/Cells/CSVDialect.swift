/// How a CSV document separates its cells and writes its numbers, found from its first lines.
package struct CSVDialect {
  /// Separator of cells.
  package let delimiter: UInt8
  /// The way its numbers are written.
  package let numbers: NumberScanner
  /// Columns in which a mark may be that of a fraction or of thousands, with what shows it.
  package let ambiguous: [Int: NumberStyle.Doubt]
  /// Lines above the header that are no part of the table.
  package let preambleLines: Int
  /// Position of the header's first byte.
  let headerStart: Int
  /// Line of the header, from 1.
  let headerLine: Int

  /// Bytes from which the dialect is told.
  private static let sampleBytes = 262_144

  /// Recognises `sep=` line, lines above the header, separator and decimal mark.
  ///
  /// - Parameters:
  ///   - bytes: The whole document in UTF-8, without a byte order mark.
  ///   - delimiter: Separator given by the user.
  ///   - decimal: Decimal mark given by the user.
  ///   - findsHeader: Whether lines above the header are looked for; else the first line is the header.
  package init(
    _ bytes: Span<UInt8>, delimiter: Character? = nil, decimal: Character? = nil,
    findsHeader: Bool = true
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
    let given = delimiter?.asciiValue ?? announced
    var separator = given ?? CSVDialect.likelyDelimiter(bytes, start)
    var preamble = 0
    if findsHeader,
      let found = CSVPreamble.header(bytes, start, line, given: given, likely: separator)
    {
      preamble = found.line - line
      (start, line, separator) = (found.position, found.line, found.delimiter)
    }
    headerStart = start
    headerLine = line
    preambleLines = preamble
    self.delimiter = separator
    var style = NumberStyle()
    var cursor = CSVCursor(delimiter: separator, position: start, line: line)
    _ = cursor.next(bytes)
    while cursor.recordStart < start + CSVDialect.sampleBytes, cursor.next(bytes) {
      for cell in 0..<cursor.count {
        style.add(bytes, from: cursor.starts[cell], to: cursor.ends[cell], column: cell)
      }
    }
    numbers = style.scanner(delimiter: separator, decimal: decimal)
    ambiguous = decimal == nil ? style.doubts(numbers) : [:]
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
}
