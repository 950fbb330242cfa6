import Numerics

/// Finds the header of a table that has lines of another kind above it: names, addresses, titles.
enum CSVPreamble {
  private struct Record {
    var position: Int
    var line: Int
    /// True when an empty line stands above it.
    var followsBlank: Bool
    /// True when it begins with a bracket, as a row of units does.
    var isBracketed: Bool
    var cells: [Cell]
    var filled: Int { cells.count { $0 != .empty } }
  }

  private enum Cell {
    case empty, text, digits
  }

  /// Records from which the table is told.
  private static let sampled = 60

  /// Finds the header.
  ///
  /// Rows of data have the number of cells that most rows have, and digits where most rows have them. The header
  /// stands above the first of them and has words where they have digits.
  ///
  /// - Parameters:
  ///   - bytes: The document.
  ///   - start: Where its first line begins.
  ///   - line: Number of that line.
  ///   - given: Separator that the user or the file names.
  ///   - likely: Separator by the first two lines.
  /// - Returns: Where the header stands, or nothing when it is the first line.
  static func header(
    _ bytes: Span<UInt8>, _ start: Int, _ line: Int, given: UInt8?, likely: UInt8
  ) -> (position: Int, line: Int, delimiter: UInt8)? {
    let usual: [UInt8] = [
      UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|"),
    ]
    var best: (position: Int, line: Int, delimiter: UInt8)?
    var bestScore = 0
    for delimiter in given.map({ [$0] }) ?? [likely] + usual.filter({ $0 != likely }) {
      let sample = records(bytes, start, line, delimiter)
      guard let (index, score) = heading(of: sample), score > bestScore else { continue }
      if index == 0, delimiter == likely { return nil }
      bestScore = score
      best = index == 0 ? nil : (sample[index].position, sample[index].line, delimiter)
    }
    return best
  }

  /// The record that heads the rows of data, and how many cells those have.
  private static func heading(of sample: [Record]) -> (index: Int, score: Int)? {
    let body = sample.count > 3 ? sample[(sample.count / 2)...] : sample.dropFirst()
    var widths: [Int: Int] = [:]
    for record in body { widths[record.cells.count, default: 0] += 1 }
    guard let width = Statistics.mode(widths), width > 1
    else { return nil }
    // A separator at the end of the rows or of the header alone is harmless where rows are long.
    func fits(_ record: Record) -> Bool {
      abs(record.cells.count - width) <= (width > 3 ? 1 : 0)
    }
    let digital = (0..<width).filter { column in
      let cells = body.filter(fits).compactMap { column < $0.cells.count ? $0.cells[column] : nil }
      return 2 * cells.count { $0 == .digits } > cells.count
    }
    guard !digital.isEmpty else { return nil }
    func holdsWords(_ record: Record) -> Int {
      digital.count { $0 < record.cells.count && record.cells[$0] == .text }
    }
    let isData = sample.map { record in
      fits(record) && 3 * holdsWords(record) <= digital.count
        && digital.contains { $0 < record.cells.count && record.cells[$0] == .digits }
    }
    let isHeading = sample.map {
      fits($0) && 5 * $0.filled >= 3 * $0.cells.count && 2 * holdsWords($0) >= digital.count
    }
    guard
      let first = isData.indices.first(where: { k in
        isData[k] && 2 * isData[k...].count(where: { $0 }) >= isData.count - k
      })
    else { return nil }
    let score = (isData.count - first) * width
    if let head = isHeading.indices.dropLast().first(where: { isHeading[$0] && isData[$0 + 1] }) {
      // One line above it that fits as well: this one is a row of units, or damaged.
      let hasHeadAbove =
        head > 0 && isHeading[head - 1] && !sample[head].followsBlank
        && (head == 1 || !fits(sample[head - 2]))
      return (hasHeadAbove && (width > 2 || sample[head].isBracketed) ? head - 1 : head, score)
    }
    // Times across columns head a table of days: they are digits as well, but the first cell is a word.
    if first > 0, sample[first].cells.first == .text,
      body.allSatisfy({ $0.cells.first == .digits })
    {
      return (first, score)
    }
    var candidates: [Int] = []
    for k in (0..<first).reversed() {
      guard fits(sample[k]) else { break }
      if isHeading[k] { candidates.append(k) }
      if sample[k].followsBlank { break }
    }
    guard let nearest = candidates.first, let farthest = candidates.last else { return nil }
    // One line between is a row of units or a damaged row; several are no part of the table.
    return (first - farthest > 2 ? nearest : farthest, score)
  }

  private static func records(
    _ bytes: Span<UInt8>, _ start: Int, _ line: Int, _ delimiter: UInt8
  ) -> [Record] {
    var cursor = CSVCursor(delimiter: delimiter, position: start, line: line)
    var records: [Record] = []
    var nextLine = line
    while records.count < sampled, cursor.next(bytes) {
      var record = Record(
        position: cursor.recordStart, line: cursor.recordLine,
        followsBlank: cursor.recordLine > nextLine,
        isBracketed: [UInt8(ascii: "["), UInt8(ascii: "(")].contains(bytes[cursor.recordStart]),
        cells: [])
      for cell in 0..<cursor.count {
        record.cells.append(kind(bytes, cursor.starts[cell], cursor.ends[cell]))
      }
      nextLine = cursor.recordLine + 1
      records.append(record)
    }
    return records
  }

  /// Stamps and numbers begin with digits, perhaps behind a sign or the mark of a currency.
  private static func kind(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Cell {
    var i = start
    while i < end {
      let byte = bytes[i]
      if byte &- 48 < 10 { return .digits }
      guard
        byte == 0x20 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
          || byte == UInt8(ascii: "$") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "?")
      else { return .text }
      i += 1
    }
    return .empty
  }
}
