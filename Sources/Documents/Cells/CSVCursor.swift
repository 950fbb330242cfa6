/// Splits CSV bytes into records without copying them.
package struct CSVCursor {
  /// Separator of cells.
  package let delimiter: UInt8
  /// Position of the next record.
  package var position: Int
  /// Line of the next record, from 1.
  package var line: Int
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

  /// Starts at a record.
  package init(delimiter: UInt8, position: Int, line: Int) {
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
  package func text(_ bytes: Span<UInt8>, _ cell: Int) -> String {
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
