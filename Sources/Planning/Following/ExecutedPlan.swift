/// What a battery made of a plan.
public struct ExecutedPlan: Sendable {
  /// What the battery could do along the plan.
  public var envelope: PowerEnvelope
  /// Cost of the plan as executed, with the value of the energy left.
  public var cost: Double

  /// Creates an execution.
  public init(envelope: PowerEnvelope, cost: Double) {
    self.envelope = envelope
    self.cost = cost
  }
}
