import Documents
import Foundation
import TestSupport
import Testing

/// One change of one key, in a small document, and the command whose result it moves.
///
/// The cases stand in `KeyCases`: `by` names the command; `given` and `with` are settings before the
/// change; `from` and `to` are the values, of the key itself or of the one that `at` names. Nothing before
/// the change means that the key is left out, an empty value takes a key out of the shared document.
struct KeyCase: Sendable, CustomTestStringConvertible {
  /// The command that shows the change.
  enum Command: String, Sendable {
    case twin, replay, compare, check, size, stress
    /// A replay that may start programs.
    case program
  }

  var key: String
  var command: Command
  var before: KeyDocument
  var after: KeyDocument
  /// What the change sets.
  var to: String
  private var place: String
  private var texts: [String: YAMLNode]

  /// The document with something else at the place of the change.
  func with(_ text: String) -> KeyDocument {
    var document = before
    document.set(place, text, texts: texts)
    return document
  }

  var testDescription: String { key }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("KeyCases")

  private static func read(_ name: String) throws -> YAMLNode {
    let path = folder.appendingPathComponent("\(name).yaml").path
    return try YAMLParser.parse(
      try String(contentsOfFile: path, encoding: .utf8), file: path)
  }

  /// Every case of the folder.
  static let all: [KeyCase] = {
    guard let common = try? read("common") else { return [] }
    let sections = [
      "document", "history", "files", "forecasts", "battery", "cell", "derating", "plans", "loads",
      "studies",
    ]
    return sections.flatMap { section in
      ((try? read(section))?.entries ?? []).compactMap { KeyCase($0, common: common) }
    }
  }()

  private init?(_ entry: YAMLEntry, common: YAMLNode) {
    let parts = entry.value.members
    guard let name = parts["by"]?.text, let command = Command(rawValue: name),
      let to = parts["to"]?.text
    else { return nil }
    let texts = common.members["texts"]?.members ?? [:]
    func change(_ document: inout KeyDocument, _ node: YAMLNode?) {
      for entry in node?.entries ?? [] {
        document.set(entry.key, entry.value.text ?? "", texts: texts)
      }
    }
    var document = KeyDocument()
    change(&document, common.members["base"])
    for given in parts["given"]?.items ?? [] {
      change(&document, common.members["given"]?.members[given.text ?? ""])
    }
    change(&document, parts["with"])
    let place = parts["at"]?.text ?? entry.key
    if let from = parts["from"]?.text { document.set(place, from, texts: texts) }
    key = entry.key
    self.command = command
    before = document
    self.to = to
    self.place = place
    self.texts = texts
    document.set(place, to, texts: texts)
    after = document
  }
}

/// A scenario as values by path, which are set one by one and written as YAML.
struct KeyDocument: Sendable {
  private var values: [(path: String, text: String)] = []

  /// Sets a value in place of everything at, above or below its path; an empty one only removes.
  mutating func set(_ path: String, _ text: String, texts: [String: YAMLNode]) {
    values.removeAll {
      $0.path == path || $0.path.hasPrefix(path + ".") || path.hasPrefix($0.path + ".")
    }
    guard !text.isEmpty else { return }
    var text = text
    // Texts may name others.
    for _ in 0..<2 {
      for (name, node) in texts { text = text.replacing("$\(name)", with: node.text ?? "") }
    }
    values.append((path, text))
  }

  /// The document, one line per section.
  func yaml(folder: String) -> String {
    section(values.map { (Array($0.path.split(separator: ".")), $0.text) })
      .map { "\($0.key): \($0.text)\n" }.joined().replacing("${FOLDER}", with: folder)
  }

  private func section(
    _ values: [(path: [Substring], text: String)]
  ) -> [(key: Substring, text: String)] {
    var keys: [Substring] = []
    for value in values where !keys.contains(value.path[0]) { keys.append(value.path[0]) }
    return keys.map { key in
      let own = values.filter { $0.path[0] == key }.map { (Array($0.path.dropFirst()), $0.text) }
      if let whole = own.first(where: { $0.0.isEmpty }) { return (key, whole.1) }
      let parts = section(own).map { "\($0.key): \($0.text)" }
      return (key, "{ \(parts.joined(separator: ", ")) }")
    }
  }
}

extension YAMLNode {
  fileprivate var text: String? { scalar?.text }

  fileprivate var members: [String: YAMLNode] {
    Dictionary((entries ?? []).map { ($0.key, $0.value) }) { first, _ in first }
  }
}
