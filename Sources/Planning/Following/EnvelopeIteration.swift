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
