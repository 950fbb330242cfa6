/// What a row says about the time around its stamp.
package enum Sampling: Sendable, Hashable {
  /// The mean over one step.
  case interval
  /// The value at the stamp; between stamps a straight line, across at most one and a half steps.
  case instant
  /// A state that holds until the next row, for at most so long. [s]
  case held(maxAgeSeconds: Int)
}
