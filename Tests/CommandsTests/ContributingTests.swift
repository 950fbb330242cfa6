import Foundation
import Testing

@Suite("What CONTRIBUTING and README name") struct ContributingTests {
  /// Paths of the project that a document names between backticks or links to.
  private static func paths(in document: String) throws -> [String] {
    let text = try String(
      contentsOf: RoomTableTests.package.appendingPathComponent(document), encoding: .utf8)
    let quoted = text.matches(of: /`((?:Sources|Tests|tariffs|scenarios|\.ci)\/[^`\s]*)`/)
      .map { String($0.1) }
    let linked = text.matches(of: /\]\(([^)#:]+)\)/).map { String($0.1) }
    // A path with a part to fill in names no file.
    return (quoted + linked).filter { !$0.contains("<") }
  }

  @Test("every file and folder that they name exists", arguments: ["CONTRIBUTING.md", "README.md"])
  func exists(document: String) throws {
    let paths = try Self.paths(in: document)
    #expect(paths.count > 5)
    for path in paths {
      #expect(
        FileManager.default.fileExists(
          atPath: RoomTableTests.package.appendingPathComponent(path).path), "\(path)")
    }
  }

  @Test("every suite that CONTRIBUTING names is a test file")
  func suites() throws {
    let text = try String(
      contentsOf: RoomTableTests.package.appendingPathComponent("CONTRIBUTING.md"),
      encoding: .utf8)
    let tests = FileManager.default.enumerator(
      atPath: RoomTableTests.package.appendingPathComponent("Tests").path)
    let files = Set(
      (tests?.allObjects as? [String] ?? []).map { ($0 as NSString).lastPathComponent })
    let suites = text.matches(of: /`(\w+Tests)`/).map { String($0.1) }
    #expect(suites.count > 5)
    for suite in suites { #expect(files.contains("\(suite).swift"), "\(suite)") }
  }
}
