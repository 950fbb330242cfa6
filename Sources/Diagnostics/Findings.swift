/// Gathers findings so that a reader can go on after the first mistake.
public struct Findings: Sendable {
  /// What was found so far, in the order it was found.
  public private(set) var all: [Diagnostic] = []

  /// Starts with nothing found.
  public init() {}

  /// True when at least one finding stops the run.
  public var hasErrors: Bool { all.contains { $0.severity == .error } }

  /// Adds a finding that stops the run.
  public mutating func error(
    _ message: String, at position: SourcePosition? = nil, key: String? = nil,
    notes: [String] = []
  ) {
    all.append(.error(message, at: position, key: key, notes: notes))
  }

  /// Adds a finding that does not stop the run.
  public mutating func warning(
    _ message: String, at position: SourcePosition? = nil, notes: [String] = []
  ) {
    all.append(.warning(message, at: position, notes: notes))
  }

  /// Adds findings made elsewhere.
  public mutating func append(contentsOf diagnostics: [Diagnostic]) {
    all.append(contentsOf: diagnostics)
  }

  /// Adds the findings of a part; their keys get the part's name in front.
  public mutating func append(_ part: String, _ findings: Findings) {
    all += findings.all.map { finding in
      var placed = finding
      placed.key = finding.key.map { "\(part).\($0)" } ?? part
      return placed
    }
  }

  /// Throws everything found when at least one finding is an error.
  ///
  /// - Throws: `InputError` with warnings included, so that nothing found is lost.
  public func throwIfErrors() throws(InputError) {
    if hasErrors { throw InputError(all) }
  }
}
