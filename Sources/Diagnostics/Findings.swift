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
    _ message: String, at position: SourcePosition? = nil, notes: [String] = []
  ) {
    all.append(.error(message, at: position, notes: notes))
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

  /// Throws everything found when at least one finding is an error.
  ///
  /// - Throws: `InputError` with warnings included, so that nothing found is lost.
  public func throwIfErrors() throws(InputError) {
    if hasErrors { throw InputError(all) }
  }
}
