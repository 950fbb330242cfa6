import Planning
import TestSupport
import Testing

@Suite("Envelope iteration and explanation", .tags(.solver)) struct EnvelopeIterationTests {
  @Test("keeps the plan whose execution was cheapest, and says how it ended")
  func keepsBest() {
    let request = HedgeTests.request()
    var planner = ValueFunctionPlanner()
    // A battery that swings: each plan is answered by the other of two envelopes.
    var calls = 0
    let result = iterateEnvelope(
      request, plan: { planner.plan($0) },
      execute: { _ in
        calls += 1
        var envelope = request.envelope
        envelope.chargeKW = envelope.chargeKW.map { _ in calls % 2 == 0 ? 3 : 0 }
        return ExecutedPlan(envelope: envelope, cost: calls == 3 ? 1 : 2 + Double(calls))
      })
    #expect(result.rounds == 8)
    #expect(!result.converged)
    #expect(result.cost == 1)
    #expect(calls == 8)
    // Envelope 0 → half of 3 kW, → (1.5 + 3) / 2.
    #expect(isClose(result.envelope.chargeKW[0], 2.25, relative: 1e-12))
  }

  @Test("ends when the executed cost settles")
  func settles() {
    let request = HedgeTests.request()
    var planner = ValueFunctionPlanner()
    let result = iterateEnvelope(
      request, plan: { planner.plan($0) },
      execute: { ExecutedPlan(envelope: request.envelope, cost: $0.objective) })
    #expect(result.rounds == 2)
    #expect(result.converged)
  }

  @Test("an explanation names the limits that bind")
  func explanation() {
    // Buy at 0.1 as much as fits, 3 kW for an hour; serve 0.3 later.
    var request = OptionalRowsTests.request(
      buy: [0.1, 0.3, 0.3], load: [0, 2, 2], capacityKWh: 3)
    request.wearPerKWh = 0.02
    var planner = ValueFunctionPlanner()
    let why = planner.plan(request).explanation(of: request)
    #expect(why[0].limits == [.full])
    #expect(why[2].limits == [.empty])
    // One more stored kWh would save 0.3 less wear in the evening.
    #expect(isClose(why[1].energyValuePerKWh, 0.28, absolute: 1e-5))
    #expect(isClose(why[1].dischargeAbovePerKWh, 0.3, absolute: 1e-5))
  }

  @Test("the linear program of a plan is written, or says why not")
  func file() {
    #expect(
      PlanProgramFile.mps.write(HedgeTests.request(), to: "/no/such/folder/plan.mps") != nil)
  }
}
