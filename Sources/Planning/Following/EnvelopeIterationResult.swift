/// The outcome of an envelope iteration.
public struct EnvelopeIterationResult: Sendable {
  /// The plan whose execution was cheapest.
  public var plan: Plan
  /// Cost of its execution.
  public var cost: Double
  /// Envelope it was planned with.
  public var envelope: PowerEnvelope
  /// Plans that were executed.
  public var rounds: Int
  /// The cost settled before the rounds ran out.
  public var converged: Bool
}
