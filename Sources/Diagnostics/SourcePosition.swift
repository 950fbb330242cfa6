/// A place in a document, counted from 1 as editors do.
public struct SourcePosition: Sendable, Hashable, CustomStringConvertible {
  /// Path as the user wrote it.
  public var file: String
  /// Line, from 1; 0 when the finding concerns the whole file.
  public var line: Int
  /// Column in characters, from 1; 0 when the finding concerns the whole line.
  public var column: Int

  /// Creates a place in a document.
  public init(file: String, line: Int = 0, column: Int = 0) {
    self.file = file
    self.line = line
    self.column = column
  }

  public var description: String {
    guard line > 0 else { return file }
    guard column > 0 else { return "\(file):\(line)" }
    return "\(file):\(line):\(column)"
  }
}
