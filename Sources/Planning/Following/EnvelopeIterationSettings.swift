/// How plan and battery are brought together.
public struct EnvelopeIterationSettings: Sendable, Hashable {
  /// Most plans that are executed.
  public var mostRounds: Int
  /// Share of the new envelope in the next one; whole steps let heat swing between slots.
  public var newShare: Double
  /// Relative change of the executed cost below which the iteration ends.
  public var tolerance: Double

  /// Creates settings; the defaults are those measured best.
  public init(mostRounds: Int = 8, newShare: Double = 0.5, tolerance: Double = 0.001) {
    self.mostRounds = mostRounds
    self.newShare = newShare
    self.tolerance = tolerance
  }
}
