import Foundation
import Testing

/// The symbols that the pages of the rooms list by task.
@Suite("Symbols on pages") struct PageSymbolTests {
  /// Rooms that have a page.
  static let rooms =
    ((try? FileManager.default.contentsOfDirectory(
      atPath: RoomTableTests.package.appendingPathComponent("Sources").path)) ?? [])
    .filter {
      FileManager.default.fileExists(
        atPath: RoomTableTests.package.appendingPathComponent("Sources/\($0)/\($0).docc").path)
    }.sorted()

  private static let keywords: Set = [
    "struct", "enum", "class", "protocol", "func", "typealias",
  ]
  private static let letters = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)

  /// The texts of all files of a room that end in a suffix.
  private static func text(of room: String, suffix: String) throws -> String {
    let folder = RoomTableTests.package.appendingPathComponent("Sources/\(room)")
    let paths =
      FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
    return try paths.filter { $0.hasSuffix(suffix) }.sorted()
      .map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
      .joined(separator: "\n")
  }

  @Test("every symbol that a page lists is declared in its room", arguments: rooms)
  func declared(room: String) throws {
    let words = try Self.text(of: room, suffix: ".swift").utf8.split {
      !(Self.letters.contains($0) || $0 == UInt8(ascii: "_"))
    }.map { String(Substring($0)) }
    let declared = Set(
      zip(words, words.dropFirst()).filter { Self.keywords.contains($0.0) }.map(\.1))
    let page = try Self.text(of: room, suffix: ".md")
    let listed = page.matches(of: /\n- ``(\w+)[^`]*``/).map { String($0.1) }
    for symbol in listed { #expect(declared.contains(symbol), "\(room): \(symbol)") }
  }

  @Test("every room with code for others has a page")
  func pages() {
    #expect(Self.rooms.count >= 18)
    for room in ["Diagnostics", "Documents", "Replay", "Reports", "Studies"] {
      #expect(Self.rooms.contains(room), "\(room)")
    }
  }
}
