package import Diagnostics

/// Splits CSV bytes into records without copying them.
package struct CSVCursor {
  /// Separator of cells.
  package let delimiter: UInt8
  /// Position of the next record.
  private var position: Int
  /// Line of the next record, from 1.
  private var line: Int
  /// Start of each cell of the record read last, quotes not included.
  package private(set) var starts: [Int] = []
  /// End of each cell of the record read last, quotes not included.
  package private(set) var ends: [Int] = []
  /// Number of cells of the record read last.
  package private(set) var count = 0
  /// Start of the record read last.
  package private(set) var recordStart = 0
  /// Line on which the record read last begins.
  package private(set) var recordLine = 0
  /// Line of a quote that is never closed.
  package private(set) var openQuoteLine: Int?

  /// Starts at the header of a document.
  ///
  /// - Parameters:
  ///   - dialect: How the document is written.
  ///   - addedLines: Lines of the bytes above the first line of the file.
  package init(_ dialect: CSVDialect, addedLines: Int = 0) {
    self.init(
      delimiter: dialect.delimiter, position: dialect.headerStart,
      line: dialect.headerLine - addedLines)
  }

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
  package mutating func next(_ bytes: Span<UInt8>) -> Bool {
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
    while true {
      if count == starts.count {
        starts.append(contentsOf: repeatElement(0, count: count))
        ends.append(contentsOf: repeatElement(0, count: count))
      }
      if i < size, bytes[i] == UInt8(ascii: "\"") || bytes[i] == 0x20,
        let end = quotedCell(bytes, i)
      {
        i = end
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
      if i >= size || bytes[i] == 0x0A { break }
      i += 1
    }
    if ends[count - 1] > starts[count - 1], bytes[ends[count - 1] - 1] == 0x0D {
      ends[count - 1] -= 1
    }
    if i < size {
      i += 1
      line += 1
    }
    position = i
    return true
  }

  /// Reads a cell in quotes, with or without blanks in front of it.
  ///
  /// What follows the closing quote belongs to the cell, so that no number is read from a part of it.
  ///
  /// - Returns: Where the separator or the end of the line stands, nothing when the cell is not in quotes.
  private mutating func quotedCell(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    let size = bytes.count
    let quote = UInt8(ascii: "\"")
    var at = start
    while at < size, bytes[at] == 0x20 { at += 1 }
    guard at < size, bytes[at] == quote else { return nil }
    at += 1
    starts[count] = at
    while at < size {
      if bytes[at] == quote {
        guard at + 1 < size, bytes[at + 1] == quote else { break }
        at += 1
      } else if bytes[at] == 0x0A {
        line += 1
      }
      at += 1
    }
    ends[count] = min(at, size)
    if at >= size { openQuoteLine = recordLine }
    var isFollowed = false
    at += 1
    while at < size, bytes[at] != delimiter, bytes[at] != 0x0A {
      if bytes[at] != 0x20, bytes[at] != 0x09, bytes[at] != 0x0D { isFollowed = true }
      at += 1
    }
    if isFollowed { ends[count] = at }
    return min(at, size)
  }

  /// Text of a cell, doubled quotes made single.
  package func text(_ bytes: Span<UInt8>, _ cell: Int) -> String {
    let raw = bytes.text(starts[cell], ends[cell])
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

  /// Texts of all cells, without the blanks around them.
  package func texts(_ bytes: Span<UInt8>) -> [String] {
    (0..<count).map { trimmedText(text(bytes, $0)) }
  }

  /// Line and column of a place in the record read last, the column in characters.
  package func position(_ bytes: Span<UInt8>, at offset: Int, file: String) -> SourcePosition {
    var line = recordLine
    var column = 1
    for i in recordStart..<max(recordStart, min(offset, bytes.count)) {
      if bytes[i] == 0x0A {
        line += 1
        column = 1
      } else if bytes[i] & 0xC0 != 0x80 {
        column += 1
      }
    }
    return SourcePosition(file: file, line: line, column: column)
  }

  /// The first cell beyond the header of a record that holds something there.
  ///
  /// A separator at the end of a record is harmless.
  package func surplus(over width: Int) -> Int? {
    guard count > width, (width..<count).contains(where: { ends[$0] > starts[$0] }) else {
      return nil
    }
    return width
  }

  /// Words for a record with more cells than its header.
  package static func surplusMessage(_ count: Int, over width: Int) -> String {
    "the row has \(count) cells, the header has \(width); a decimal comma needs another separator "
      + "of cells or quotes"
  }

  /// Words for a quote without its end.
  package static let openQuoteMessage = "a quote is opened in this row and never closed"
}
