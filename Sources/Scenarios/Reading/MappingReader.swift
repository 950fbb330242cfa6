package import Diagnostics
package import Documents

/// Reads the keys of one section and reports, at the end, the keys that nobody asked for.
///
/// Every method takes the key from the section, checks it, and on a mistake adds one finding with the
/// place of the value and returns a stand-in, so that one pass finds all mistakes. Readers of nested
/// sections are made by ``section(_:_:)`` and ``list(_:_:)``, which also end them.
///
/// ```swift
/// let inverter = reader.section("inverter") { r in
///   (powerKW: r.number("power_kw", .positive), efficiency: r.number("efficiency", .efficiency, default: 0.97))
/// }
/// ```
package final class MappingReader {
  /// The findings this reader adds to.
  package let context: DecodingContext
  /// Path of the section, such as `battery.cells`; empty for the whole document.
  package let path: String
  /// Where the section starts.
  package let position: SourcePosition
  /// The entries in the order of the document.
  package let entries: [YAMLEntry]
  private let values: [String: YAMLEntry]
  private var asked: [String] = []
  private var consumed: Set<String> = []
  private let errorsBefore: Int

  /// Creates a reader for a mapping; a node of another shape reads as an empty section, with a finding.
  package init(_ node: YAMLNode, path: String = "", context: DecodingContext) {
    self.context = context
    self.path = path
    position = node.position
    errorsBefore = context.errorCount
    entries = node.entries ?? []
    var values: [String: YAMLEntry] = [:]
    for entry in entries { values[entry.key] = entry }
    self.values = values
    if node.entries == nil, !node.isNull {
      let name = path.isEmpty ? "the document" : "'\(path)'"
      context.error(
        "\(name) must be a section of 'key: value' lines, found \(node.found)", at: node.position)
    }
  }

  /// True while nothing wrong was found since this reader was made.
  package var isSound: Bool { context.errorCount == errorsBefore }

  /// Takes the value of a key, or nil when it is missing or empty.
  package func node(_ key: String) -> YAMLNode? {
    know(key)
    guard let entry = values[key] else { return nil }
    consumed.insert(key)
    return entry.value.isNull ? nil : entry.value
  }

  /// True when the key is there with a value; does not take it.
  package func has(_ key: String) -> Bool {
    know(key)
    return values[key].map { !$0.value.isNull } ?? false
  }

  /// Takes a key that must be there.
  package func requiredNode(_ key: String) -> YAMLNode? {
    if let node = node(key) { return node }
    if let entry = values[key] {
      context.error("'\(key)' has no value", at: entry.keyPosition)
    } else {
      context.error("missing key '\(key)'\(path.isEmpty ? "" : " in '\(path)'")", at: position)
    }
    return nil
  }

  /// Where the value of a key stands, or the section when the key is missing.
  package func position(of key: String) -> SourcePosition {
    values[key]?.value.position ?? position
  }

  /// Adds an error about a key, placed at its value.
  package func error(_ key: String, _ message: String, notes: [String] = []) {
    context.error(message, at: position(of: key), notes: notes)
  }

  /// Adds an error unless a condition between several keys holds.
  package func require(
    _ condition: Bool, _ key: String, _ message: @autoclosure () -> String, notes: [String] = []
  ) {
    guard !condition else { return }
    // What is said of a key says enough of it.
    consumed.insert(key)
    error(key, message(), notes: notes)
  }

  /// Runs something that checks its input itself and gives its findings their places in this section.
  package func attempt<Value>(_ body: () throws -> Value) -> Value? {
    do {
      return try body()
    } catch let error as InputError {
      context.add(error.diagnostics, at: place)
    } catch {
      context.error("\(error)", at: position)
    }
    return nil
  }

  /// Adds what a value made from this section found about itself, each finding at its key.
  package func add(_ findings: Findings) { context.add(findings.all, at: place) }

  /// Where a finding's key stands: its value, the section that should hold it, or this section.
  private func place(of finding: Diagnostic) -> SourcePosition {
    let places = allPositions
    var key = finding.key ?? ""
    while !key.isEmpty {
      if let place = places[path(of: key)] { return place }
      guard let dot = key.lastIndex(of: ".") else { break }
      key = String(key[..<dot])
    }
    return position
  }

  /// Where the values of this section and of the sections in it stand, as `section.key`.
  var allPositions: [String: SourcePosition] {
    var places: [String: SourcePosition] = [:]
    func walk(_ entries: [YAMLEntry], _ path: String) {
      for entry in entries {
        let name = path.isEmpty ? entry.key : "\(path).\(entry.key)"
        places[name] = entry.value.position
        walk(entry.value.entries ?? [], name)
      }
    }
    walk(entries, path)
    return places
  }

  /// Leaves the rest of the section unread, because a mistake already found decides what it means.
  package func passOver() {
    consumed.formUnion(entries.map(\.key))
  }

  /// Reports the keys that nothing asked for, each with a suggestion or the keys that exist here.
  package func finish() {
    for entry in entries where !consumed.contains(entry.key) {
      if asked.contains(entry.key) {
        // A key of this section that another one stands in place of.
        context.error(
          "'\(entry.key)' does not act beside the other keys here; leave it out",
          at: entry.keyPosition)
      } else if let near = suggestion(for: entry.key, among: asked) {
        context.error(
          "unknown key '\(entry.key)'; did you mean '\(near)'?", at: entry.keyPosition)
      } else {
        let known = asked.map { "'\($0)'" }.joined(separator: ", ")
        context.error(
          "unknown key '\(entry.key)'", at: entry.keyPosition,
          notes: known.isEmpty ? [] : ["keys known here: \(known)"])
      }
    }
  }

  /// The path of a key of this section.
  func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  private func know(_ key: String) {
    context.know(path(of: key))
    if !asked.contains(key) { asked.append(key) }
  }
}
