/// A run that could not be finished, for a reason that is not the input.
package struct RunFailure: Error, Sendable, Equatable {
  /// One phrase without a full stop.
  package var message: String

  /// Creates the failure from its phrase.
  package init(_ message: String) {
    self.message = message
  }
}
