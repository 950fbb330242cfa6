import CYAML
import Diagnostics

/// Reads one YAML document into a tree of nodes with positions.
///
/// libyaml splits the bytes into events; this type builds the tree, replaces aliases, merges `<<`, and
/// refuses what a settings document has no use for: several documents, keys that are not text, duplicate
/// keys, nesting beyond `maximumDepth` and aliases that would unfold beyond `maximumNodes`.
package struct YAMLParser: Sendable {
  /// Deepest nesting that is read.
  package static let maximumDepth = 64
  /// Most nodes a document may have after its aliases are unfolded.
  package static let maximumNodes = 1_000_000

  /// Reads a document.
  ///
  /// - Parameters:
  ///   - bytes: The file as it is on disk, UTF-8 or UTF-16 with a byte-order mark.
  ///   - file: The name to use in positions.
  /// - Returns: The root node.
  /// - Throws: `InputError` with every finding up to the point where reading had to stop.
  package static func parse(_ bytes: [UInt8], file: String) throws -> YAMLNode {
    var builder = YAMLTreeBuilder(file: file)
    try readYAMLEvents(bytes, file: file) { event in try builder.take(event) }
    return try builder.root()
  }

  /// Reads a document given as a string.
  package static func parse(_ text: String, file: String) throws -> YAMLNode {
    try parse(Array(text.utf8), file: file)
  }
}

/// What the tree builder needs to know of a libyaml event.
struct YAMLEvent {
  enum Kind {
    case documentStart
    case alias(String)
    case scalar(YAMLScalar)
    case sequenceStart
    case mappingStart
    case end
    case other
  }
  var kind: Kind
  var anchor: String?
  var line: Int
  var column: Int
}

/// Feeds the events of a document to a closure, in order.
///
/// The parser state and the input stay valid for the whole call and are released before it returns.
private func readYAMLEvents(
  _ bytes: [UInt8], file: String, _ take: (YAMLEvent) throws -> Void
) throws {
  let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  defer { unsafe parser.deallocate() }
  guard unsafe yaml_parser_initialize(parser) == 1 else {
    throw InputError("not enough memory to read '\(file)'")
  }
  defer { unsafe yaml_parser_delete(parser) }
  try unsafe bytes.withUnsafeBufferPointer { buffer in
    unsafe yaml_parser_set_input_string(parser, buffer.baseAddress, buffer.count)
    while true {
      var event = unsafe yaml_event_t()
      guard unsafe yaml_parser_parse(parser, &event) == 1 else {
        throw unsafe syntaxError(parser.pointee, bytes: bytes, file: file)
      }
      defer { unsafe yaml_event_delete(&event) }
      try take(unsafe translated(event))
      if unsafe event.type == YAML_STREAM_END_EVENT { return }
    }
  }
}

private func translated(_ event: yaml_event_t) -> YAMLEvent {
  var result = unsafe YAMLEvent(
    kind: .other, anchor: nil, line: Int(event.start_mark.line) + 1,
    column: Int(event.start_mark.column) + 1)
  switch unsafe event.type {
  case YAML_DOCUMENT_START_EVENT:
    result.kind = .documentStart
  case YAML_ALIAS_EVENT:
    result.kind = .alias(unsafe text(event.data.alias.anchor) ?? "")
  case YAML_SCALAR_EVENT:
    let scalar = unsafe event.data.scalar
    let characters = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
    let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
    result.kind = .scalar(
      YAMLScalar(text: unsafe String(decoding: characters, as: UTF8.self), isPlain: isPlain))
    result.anchor = unsafe text(scalar.anchor)
  case YAML_SEQUENCE_START_EVENT:
    result.kind = .sequenceStart
    result.anchor = unsafe text(event.data.sequence_start.anchor)
  case YAML_MAPPING_START_EVENT:
    result.kind = .mappingStart
    result.anchor = unsafe text(event.data.mapping_start.anchor)
  case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
    result.kind = .end
  default:
    break
  }
  return result
}

private func text(_ characters: UnsafeMutablePointer<yaml_char_t>?) -> String? {
  guard let characters = unsafe characters else { return nil }
  return unsafe String(cString: characters)
}

/// Words for what libyaml reports; a problem in the encoding has an offset instead of a mark.
private func syntaxError(_ parser: yaml_parser_t, bytes: [UInt8], file: String) -> InputError {
  let problem = unsafe parser.problem.map { unsafe String(cString: $0) } ?? "cannot be read"
  if unsafe parser.error == YAML_READER_ERROR {
    let before = unsafe bytes.prefix(Int(parser.problem_offset))
    let line = before.count { $0 == 10 } + 1
    let lineStart = (before.lastIndex(of: 10) ?? -1) + 1
    let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    return InputError(
      "not a text file in UTF-8: \(problem)",
      at: SourcePosition(file: file, line: line, column: column))
  }
  let mark = unsafe parser.problem_mark
  let position = SourcePosition(
    file: file, line: Int(mark.line) + 1, column: Int(mark.column) + 1)
  var notes: [String] = []
  if let context = unsafe parser.context.map({ unsafe String(cString: $0) }) {
    let start = unsafe parser.context_mark
    notes.append("\(context) that starts at line \(start.line + 1), column \(start.column + 1)")
  }
  return InputError([.error("not valid YAML: \(problem)", at: position, notes: notes)])
}
