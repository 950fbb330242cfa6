package import Diagnostics
import Documents

/// What all readers of one document share: the findings so far and where the document stands.
///
/// Reading goes on after a mistake so that all of them are reported together; a reader that found one
/// returns a stand-in value. Call ``throwIfErrors()`` before any decoded value is used.
package final class DecodingContext {
  /// Everything found so far, in the order it was found.
  package private(set) var findings = Findings()
  /// Folder of the document, for relative paths; empty for the working directory.
  package let folder: String
  /// Variables that `${NAME}` in a path may name.
  package let environment: [String: String]
  /// Every key a reader asked for, as `section.key`; the key reference is tested against it.
  package private(set) var knownKeys: Set<String> = []
  /// Files that the document reads its values from, in the order of mention, each once.
  package private(set) var files: [String] = []
  /// Number of errors so far.
  package private(set) var errorCount = 0

  /// Creates a context.
  ///
  /// - Parameters:
  ///   - folder: Folder of the document; relative paths in it start here.
  ///   - environment: Variables that paths may name.
  package init(folder: String = "", environment: [String: String] = [:]) {
    self.folder = folder
    self.environment = environment
  }

  /// Adds an error.
  package func error(_ message: String, at position: SourcePosition?, notes: [String] = []) {
    errorCount += 1
    findings.error(message, at: position, notes: notes)
  }

  /// Adds a warning.
  package func warning(_ message: String, at position: SourcePosition?, notes: [String] = []) {
    findings.warning(message, at: position, notes: notes)
  }

  /// Adds what another room found; findings without a place get the one given.
  package func add(_ diagnostics: [Diagnostic], at position: (Diagnostic) -> SourcePosition) {
    for diagnostic in diagnostics {
      let place = diagnostic.position ?? position(diagnostic)
      switch diagnostic.severity {
      case .error: self.error(diagnostic.message, at: place, notes: diagnostic.notes)
      case .warning: warning(diagnostic.message, at: place, notes: diagnostic.notes)
      }
    }
  }

  /// Notes that the document's values come from a file as well.
  func reads(_ file: String) {
    if !files.contains(file) { files.append(file) }
  }

  /// Notes that a key has a meaning at a path.
  func know(_ key: String) {
    knownKeys.insert(key)
  }

  /// Throws all findings, ordered by their place in the file, if one of them is an error.
  package func throwIfErrors() throws {
    guard errorCount > 0 else { return }
    throw InputError(
      findings.all.enumerated().sorted { first, second in
        guard let a = first.element.position, let b = second.element.position, a.file == b.file
        else { return first.offset < second.offset }
        return (a.line, a.column, first.offset) < (b.line, b.column, second.offset)
      }.map(\.element))
  }
}

extension DecodingContext {
  /// Runs something that reads another document and tells its findings; those without a place of their own stand at
  /// a node.
  func attempt<Value>(at node: YAMLNode, _ body: () throws -> Value?) -> Value? {
    do {
      return try body()
    } catch let error as InputError {
      add(error.diagnostics) { _ in node.position }
    } catch {
      self.error("\(error)", at: node.position)
    }
    return nil
  }

  /// Reads a document that stands for a section.
  ///
  /// - Parameters:
  ///   - path: The file; it counts as one that was read.
  ///   - section: Path of the section that it stands for.
  ///   - read: Makes the value of the section.
  /// - Returns: The value, or nothing when there are findings.
  /// - Throws: `InputError` when the file cannot be read or is no YAML.
  func document<Value>(
    _ path: String, as section: String, _ read: (MappingReader) -> Value?
  ) throws -> Value? {
    let root = try YAMLParser.parse(try TextFile(path, isUnicode: true).bytes, file: path)
    reads(path)
    let reader = MappingReader(root, path: section, context: self)
    let value = read(reader)
    reader.finish()
    return value
  }
}
