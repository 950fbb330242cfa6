package import Diagnostics

/// Line and column of positions in a file.
package struct LineIndex {
  private let file: String
  /// Position of the first byte of each line.
  private let starts: [Int]

  /// Finds the lines.
  package init(_ bytes: Span<UInt8>, file: String) {
    self.file = file
    var starts = [0]
    for i in bytes.indices where bytes[i] == 0x0A { starts.append(i + 1) }
    self.starts = starts
  }

  /// Line of a position, from 1.
  package func line(_ offset: Int) -> Int {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Column of a position in bytes, from 1.
  package func column(_ offset: Int) -> Int { offset - starts[line(offset) - 1] + 1 }

  /// Line and column of a position.
  package func position(_ offset: Int) -> SourcePosition {
    SourcePosition(file: file, line: line(offset), column: column(offset))
  }
}
