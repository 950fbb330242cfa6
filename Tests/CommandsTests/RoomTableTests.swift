import Foundation
import Testing

/// The room table of the architecture page against the manifest: which rooms there are, and what each
/// of them may import.
@Suite("Room table") struct RoomTableTests {
  static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: package.appendingPathComponent(path), encoding: .utf8)
  }

  /// One row of the table.
  struct Room {
    /// Targets that the row is about.
    var names: [String]
    /// Rooms that it may import; nothing for "all", which is every row above.
    var imports: Set<String>?
  }

  /// The texts between backticks.
  private static func quoted(_ text: String) -> [String] {
    text.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
  }

  private static func table() throws -> [Room] {
    let lists = try manifest().lists
    return try text("Sources/wattif/Documentation.docc/Architecture.md").split(separator: "\n")
      .filter { $0.hasPrefix("| `") }
      .map { line in
        let cells = line.split(separator: "|").map {
          $0.trimmingCharacters(in: .whitespaces)
        }
        guard cells[2] != "all" else { return Room(names: quoted(cells[0]), imports: nil) }
        var imports: Set<String> = []
        for word in cells[2].components(separatedBy: ", ") where word != "–" {
          // "the engine" is what the manifest's list of that name holds.
          imports.formUnion(lists[String(word.trimmingPrefix("the "))] ?? [word])
        }
        return Room(names: quoted(cells[0]), imports: imports)
      }
  }

  /// Named lists of rooms in the manifest, and what each target depends on, without tests and what
  /// they share.
  ///
  /// An expression stands for the names and named lists in it.
  private static func manifest() throws -> (
    lists: [String: Set<String>], targets: [String: Set<String>]
  ) {
    let text = try text("Package.swift").split(separator: "\n")
      .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    var lists: [String: Set<String>] = [:]
    func names(in expression: Substring) -> Set<String> {
      var found = Set(
        expression.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
          .filter { $0.offset % 2 == 1 }.map { String($0.element) })
      for word in expression.split(whereSeparator: { !$0.isLetter }) {
        found.formUnion(lists[String(word)] ?? [])
      }
      return found
    }
    for list in text.matches(of: /let (\w+) = (\[?[^=]*?\]) (?=let |func )/) {
      lists[String(list.1)] = names(in: list.2)
    }
    var targets: [String: Set<String>] = [:]
    for system in text.matches(of: /system\("(\w+)"/) { targets[String(system.1)] = [] }
    for room in text.matches(of: /library\( ?"(\w+)"(, uses: ([^()]*))?\)/) {
      targets[String(room.1)] = room.3.map { names(in: $0) } ?? []
    }
    let plain = /arget\( ?name: "([\w-]+)"(, dependencies: \(?([^()]*?[\])]))?[,) ]/
    for target in text.matches(of: plain) where !target.1.hasSuffix("Tests") {
      targets[String(target.1)] = target.3.map { names(in: $0) } ?? []
    }
    return (lists, targets.filter { !$0.key.hasSuffix("Support") })
  }

  @Test("every target of the manifest has a row, and every row a target")
  func rooms() throws {
    let table = try Self.table().flatMap(\.names)
    #expect(Set(table).count == table.count)
    let targets = Set(try Self.manifest().targets.keys)
    #expect(targets.contains("Twin") && targets.contains("GLPKGuard"))
    #expect(targets.subtracting(table).isEmpty)
    // The folder of the benchmarks is no target; the executable made from it is.
    #expect(Set(table).subtracting(targets) == ["Benchmarks"])
  }

  @Test("a room imports what the table says, and what stands above it")
  func imports() throws {
    let targets = try Self.manifest().targets
    var above: Set<String> = []
    for room in try Self.table() {
      for name in room.names {
        guard let dependencies = targets[name] else { continue }
        if let imports = room.imports { #expect(dependencies == imports, "\(name)") }
        #expect(dependencies.isSubset(of: above.union(room.names)), "\(name)")
      }
      above.formUnion(room.names)
    }
    #expect(targets["Studies"]?.contains("Replay") == true)
    #expect(targets["wattif-bench"]?.contains("Twin") == true)
  }
}
