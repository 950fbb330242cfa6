/// A mistake on the command line.
package struct UsageError: Error, Sendable, Equatable {
  /// One phrase without a full stop.
  package var message: String

  /// Creates the error from its phrase.
  package init(_ message: String) {
    self.message = message
  }
}
