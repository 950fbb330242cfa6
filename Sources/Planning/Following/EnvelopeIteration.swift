/// How plan and battery are brought together.
public struct EnvelopeIterationSettings: Sendable, Hashable {
  /// Most plans that are executed.
  public var mostRounds: Int
  /// Share of the new envelope in the next one; whole steps let heat swing between slots.
  public var newShare: Double
  /// Relative change of the executed cost below which the iteration ends.
  public var tolerance: Double

  /// States settings; the defaults are those measured best.
  public init(mostRounds: Int = 8, newShare: Double = 0.5, tolerance: Double = 0.001) {
    self.mostRounds = mostRounds
    self.newShare = newShare
    self.tolerance = tolerance
  }
}

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

/// Plans, executes the plan in a model of the battery, and plans again with what the battery could do.
///
/// Heat and derating depend on the plan, the plan on the power they leave. The envelope moves half of the
/// way in each round, and the plan whose execution was cheapest is kept, so the result is never worse than
/// the plan with the first envelope.
///
/// - Parameters:
///   - request: The request with the first envelope.
///   - settings: When to stop.
///   - plan: Makes a plan; each call after the first has no elapsed slots.
///   - execute: Executes a plan in a model of the battery.
/// - Returns: The plan whose execution was cheapest.
public func iterateEnvelope(
  _ request: PlanRequest, settings: EnvelopeIterationSettings = EnvelopeIterationSettings(),
  plan: (PlanRequest) -> Plan, execute: (Plan) throws -> ExecutedPlan
) rethrows -> EnvelopeIterationResult {
  var next = request
  var made = plan(next)
  var executed = try execute(made)
  var best = EnvelopeIterationResult(
    plan: made, cost: executed.cost, envelope: next.envelope, rounds: 1, converged: false)
  var previous = executed.cost
  while best.rounds < settings.mostRounds {
    next.envelope = next.envelope.blended(with: executed.envelope, weight: settings.newShare)
    next.elapsedSlots = 0
    made = plan(next)
    executed = try execute(made)
    best.rounds += 1
    if executed.cost < best.cost {
      best.plan = made
      best.cost = executed.cost
      best.envelope = next.envelope
    }
    let change = abs(executed.cost - previous)
    previous = executed.cost
    if change <= settings.tolerance * max(1e-9, abs(executed.cost)) {
      best.converged = true
      break
    }
  }
  return best
}
