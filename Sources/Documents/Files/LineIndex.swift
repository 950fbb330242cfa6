package import Diagnostics

/// Line and column of positions in a document.
package struct LineIndex: Sendable {
  private let file: String
  /// Position of the first byte of each line.
  private let starts: [Int]
  /// Positions of bytes that do not begin a character; most documents have few.
  private let continuations: [Int]

  /// Finds the lines.
  ///
  /// - Parameters:
  ///   - bytes: The document in UTF-8.
  ///   - file: The name to use in positions.
  package init(_ bytes: [UInt8], file: String) {
    self.file = file
    var starts = [0]
    var continuations: [Int] = []
    for i in bytes.indices {
      if bytes[i] == 0x0A { starts.append(i + 1) }
      if bytes[i] & 0xC0 == 0x80 { continuations.append(i) }
    }
    self.starts = starts
    self.continuations = continuations
  }

  /// Line and column of a position, both from 1, the column in characters.
  ///
  /// - Complexity: O(log n), so that a document of one long line costs no more than others.
  package func position(_ offset: Int) -> SourcePosition {
    let line = LineIndex.count(of: starts, below: offset + 1)
    let start = starts[line - 1]
    let inside =
      LineIndex.count(of: continuations, below: offset)
      - LineIndex.count(of: continuations, below: start)
    return SourcePosition(file: file, line: line, column: offset - start - inside + 1)
  }

  /// Number of ascending positions below a limit.
  private static func count(of positions: [Int], below limit: Int) -> Int {
    var low = 0
    var high = positions.count
    while low < high {
      let middle = (low + high) / 2
      if positions[middle] < limit { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
