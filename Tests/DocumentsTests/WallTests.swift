import Foundation
import Testing

/// Bytes become text, cells and trees in `Documents` only; elsewhere nobody splits, scans or opens files.
@Suite("The wall around reading") struct WallTests {
  private static let sources = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources")

  /// What is not written outside of the room, and what stands for it there.
  private static let words = [
    "separator: \",\"": "CSVRows", "separator: \";\"": "CSVRows", "separator: \"\\t\"": "CSVRows",
    "separatedBy: \",\"": "CSVRows", "separatedBy: \";\"": "CSVRows",
    "JSONSerialization": "JSONReader", "JSONDecoder": "JSONDecoding",
    "DateFormatter": "StampScanner", "ISO8601": "StampScanner", "strptime": "StampScanner",
    "strtod": "NumberScanner", "fopen(": "TextFile", "contents(atPath": "TextFile",
    "contentsOf: URL": "TextFile", "contentsOfFile": "TextFile",
    "FileHandle(forReading": "TextFile", "createFile(atPath": "FileWriter",
    "FileHandle(forWriting": "FileWriter", "forWritingAtPath": "FileWriter",
  ]

  @Test("no other room splits cells, parses JSON or dates, or opens files") func wall() throws {
    let files = try #require(FileManager.default.enumerator(atPath: Self.sources.path))
    var checked = 0
    for case let name as String in files where name.hasSuffix(".swift") {
      // Benchmarks make their own input and are no part of the program.
      if name.hasPrefix("Documents/") || name.hasPrefix("Benchmarks/") { continue }
      checked += 1
      let text = try String(
        contentsOf: Self.sources.appendingPathComponent(name), encoding: .utf8)
      for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated()
      {
        let code = line.drop { $0 == " " }
        if code.hasPrefix("//") || code.contains("joined(separator:") { continue }
        for (word, instead) in Self.words where code.contains(word) {
          Issue.record("\(name):\(number + 1) uses '\(word)'; use \(instead) of Documents")
        }
      }
    }
    #expect(checked > 200)
  }
}
