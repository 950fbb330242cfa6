import Foundation

/// The code that a room's documentation page shows, to be compared with code that a test compiles.
public struct PageExample {
  private let imports: [String]
  private let lines: [String]

  /// Reads a Swift block of `Sources/<room>/<room>.docc/<room>.md`.
  ///
  /// - Parameters:
  ///   - room: Name of the room.
  ///   - block: Position among the page's Swift blocks; a page with fewer has an empty example.
  /// - Throws: When the page cannot be read.
  public init(room: String, block: Int = 0) throws {
    // This file lies in Tests/TestSupport, beside Sources.
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: package.appendingPathComponent("Sources/\(room)/\(room).docc/\(room).md"),
      encoding: .utf8)
    let blocks = page.components(separatedBy: "\n```swift\n").dropFirst()
      .map { $0.components(separatedBy: "\n```")[0] }
    let code = block < blocks.count ? Self.lines(blocks[block]) : []
    imports = code.filter { $0.hasPrefix("import ") }
    lines = code.filter { !$0.hasPrefix("import ") }
  }

  /// Returns whether a file imports what the page does and holds its lines one after the other.
  ///
  /// Indentation and empty lines do not count. A page without code is in no file.
  public func isCode(of file: String = #filePath) throws -> Bool {
    let found = Self.lines(try String(contentsOfFile: file, encoding: .utf8))
    let isImported = imports.allSatisfy { found.contains($0) || found.contains("@testable \($0)") }
    return isImported && !lines.isEmpty
      && found.indices.contains { found[$0...].starts(with: lines) }
  }

  /// The lines of a text without indentation, repeated spaces and empty lines.
  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n")
      .map { $0.split(separator: " ").joined(separator: " ") }
      .filter { !$0.isEmpty }
  }
}
