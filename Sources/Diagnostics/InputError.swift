/// Everything that is wrong with an input, reported at once.
public struct InputError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The findings, in document order.
  public let diagnostics: [Diagnostic]

  /// Collects findings into one error.
  public init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics
  }

  /// Makes an error of a single finding.
  public init(_ message: String, at position: SourcePosition? = nil) {
    diagnostics = [.error(message, at: position)]
  }

  public var description: String {
    diagnostics.map(\.description).joined(separator: "\n")
  }
}
