/// One finding about an input, worded as `file:line:column: severity: message`.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
  /// Whether the run can go on.
  public enum Severity: String, Sendable, Hashable {
    /// The input cannot be used.
    case error
    /// The input is used, and something about it is worth knowing.
    case warning
  }

  /// Whether the run can go on.
  public var severity: Severity
  /// Where the finding lies, when it lies in a document.
  public var position: SourcePosition?
  /// Key of the value concerned, as a document names it: `section.key`, counted from what was checked.
  ///
  /// A type that checks itself knows the key, and whoever reads the document knows its place.
  public var key: String?
  /// One phrase without a full stop, stated as a rule, with the value found.
  public var message: String
  /// Further lines that explain the finding.
  public var notes: [String]

  /// Creates a finding.
  public init(
    severity: Severity, position: SourcePosition?, key: String? = nil, message: String,
    notes: [String] = []
  ) {
    self.severity = severity
    self.position = position
    self.key = key
    self.message = message
    self.notes = notes
  }

  /// Returns a finding that stops the run.
  public static func error(
    _ message: String, at position: SourcePosition? = nil, key: String? = nil,
    notes: [String] = []
  ) -> Diagnostic {
    Diagnostic(severity: .error, position: position, key: key, message: message, notes: notes)
  }

  /// Returns a finding that does not stop the run.
  public static func warning(
    _ message: String, at position: SourcePosition? = nil, notes: [String] = []
  ) -> Diagnostic {
    Diagnostic(severity: .warning, position: position, message: message, notes: notes)
  }

  public var description: String {
    let place = position.map { "\($0): " } ?? ""
    let head = "\(place)\(severity.rawValue): \(message)"
    return ([head] + notes.map { "\(place)note: \($0)" }).map(PrintableText.line)
      .joined(separator: "\n")
  }
}
