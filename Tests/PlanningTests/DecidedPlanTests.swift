import Numerics
import Planning
import Tariffs
import Testing
import TimeSeries

/// A plan that ends with what it decides, against the whole plan of the same request.
@Suite("Plans that show no more than they decide", .tags(.solver)) struct DecidedPlanTests {
  private static func paths(
    _ request: PlanRequest, _ generator: inout SeededGenerator
  ) -> [ForecastPath] {
    (0..<5).map { _ in
      let scale = generator.uniform(0.5, 1.5)
      let light = generator.uniform()
      return ForecastPath(
        loadKW: request.loadKW.map { $0 * scale }, pvKW: request.pvKW.map { $0 * light })
    }
  }

  @Test("they decide the same", arguments: [Hedge.none, .expectedValue])
  func sameDecisions(hedge: Hedge) {
    var instances = RandomInstances(seed: 16)
    var generator = SeededGenerator(seed: 17)
    var whole = HedgedPlanner(hedge, seed: 3)
    var short = HedgedPlanner(hedge, seed: 3)
    var shortened = 0
    for number in 0..<400 {
      var request = instances.request(allowsDemand: number % 4 == 0)
      request.decidedSlots = 1 + number % 4
      var asked = request
      asked.mayEndDecided = true
      let paths = Self.paths(request, &generator)
      let expected = whole.plan(request, paths: paths)
      let plan = short.plan(asked, paths: paths)
      let decided = min(request.decidedSlots, request.grid.count)
      #expect(plan.grid.count == request.grid.count || plan.grid.count == decided)
      shortened += plan.grid.count < request.grid.count ? 1 : 0
      for t in 0..<decided {
        #expect(plan.batteryKW(t) == expected.batteryKW(t), "request \(number), slot \(t)")
        #expect(plan.gridKW(t) == expected.gridKW(t))
        #expect(plan.curtailKW[t] == expected.curtailKW[t])
        #expect(plan.energyKWh[t] == expected.energyKWh[t])
        let situation = RecourseSituation(
          loadKW: generator.uniform(0, 6), pvKW: generator.uniform(0, 6),
          storedKWh: plan.energyKWh[t], chargeLimitKW: request.envelope.chargeKW[t],
          dischargeLimitKW: request.envelope.dischargeKW[t], seconds: request.grid.stepHours * 3600,
          exportLimitKW: request.exportLimitKW[t], wearPerKWh: request.wearPerKWh,
          chargeEfficiency: request.envelope.chargeEfficiency,
          dischargeEfficiency: request.envelope.dischargeEfficiency)
        #expect(
          RecourseRule.valueStep.request(plan: plan, slot: t, situation: situation)
            == RecourseRule.valueStep.request(plan: expected, slot: t, situation: situation))
      }
    }
    #expect(shortened > 200)
    // What is certified and what plans had to give way to is counted alike.
    #expect(short.counts.plans == 400 && whole.counts.plans == 400)
    #expect(short.counts.certified == whole.counts.certified && short.counts.certified > 0)
    #expect(short.counts.valueFunction == whole.counts.valueFunction)
    #expect(short.counts.failed == whole.counts.failed)
    #expect(short.counts.hedged == whole.counts.hedged)
    #expect(short.isCertified && whole.isCertified)
  }
}
