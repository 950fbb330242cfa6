import Numerics
import Tariffs
import TestSupport
import Testing
import TimeSeries

@testable import Planning

@Suite("Export price above import price", .tags(.solver)) struct InvertedPriceTests {
  /// Requests in which some slots pay more for feeding in than buying costs.
  static func request(
    _ instances: inout RandomInstances, mostSlots: Int = 24, hasPeak: Bool = false
  ) -> PlanRequest {
    var request = instances.request(allowsDemand: hasPeak)
    while request.grid.count > mostSlots || request.prices.demands.isEmpty == hasPeak {
      request = instances.request(allowsDemand: hasPeak)
    }
    let share = instances.generator.uniform(0.05, 0.6)
    let night = instances.chance(0.3)
    for t in request.grid.indices {
      if night {
        request.prices.buyPerKWh[t] = t / 6 % 2 == 0 ? 0.085 : 0.27
        request.prices.sellPerKWh[t] = 0.15
      } else if instances.chance(share) {
        request.prices.sellPerKWh[t] =
          request.prices.buyPerKWh[t] + instances.generator.uniform(0.001, 0.3)
      }
    }
    return request
  }

  @Test("the value function equals the integer program")
  func integerProgram() throws {
    let count = longTests ? 10_000 : 400
    var instances = RandomInstances(seed: 20_241_101)
    var planner = ValueFunctionPlanner()
    var inverted = 0
    var answered = 0
    for k in 0..<count {
      let request = Self.request(&instances)
      let plan = planner.plan(request)
      #expect(plan.status == .optimal, "instance \(k)")
      #expect(brokenLaw(plan, request) == nil, "instance \(k): \(brokenLaw(plan, request) ?? "")")
      inverted += plan.invertedSlots
      let program = try #require(IntegerForm(request))
      // Branch and cut may not come to an end; such instances say nothing.
      guard let least = program.leastCost(timeLimitMilliseconds: 2000) else { continue }
      answered += 1
      #expect(
        isClose(plan.objective - plan.keepingValue, least, absolute: 1e-6, relative: 1e-6),
        "instance \(k): \(plan.objective - plan.keepingValue) and \(least)")
    }
    #expect(inverted > 2 * count)
    #expect(answered > count * 9 / 10)
  }

  @Test("with a peak the integer program lies between the bound and the plan")
  func peaks() throws {
    let count = longTests ? 2_000 : 150
    var instances = RandomInstances(seed: 20_241_102)
    var planner = ValueFunctionPlanner()
    var best = 0
    var answered = 0
    var lost = 0.0
    for k in 0..<count {
      let request = Self.request(&instances, hasPeak: true)
      let plan = planner.plan(request)
      #expect(brokenLaw(plan, request) == nil, "instance \(k): \(brokenLaw(plan, request) ?? "")")
      let program = try #require(IntegerForm(request))
      guard let least = program.leastCost(timeLimitMilliseconds: 2000) else { continue }
      answered += 1
      let cost = plan.objective - plan.keepingValue
      let rounding = 1e-6 * max(1, abs(least))
      #expect(cost >= least - rounding, "instance \(k): \(cost) and \(least)")
      #expect(try #require(plan.lowerBound) <= plan.objective + rounding, "instance \(k)")
      if let bound = plan.lowerBound {
        // The bound leaves out what keeping energy may be worth.
        #expect(bound <= least + plan.keepingValue + rounding, "instance \(k)")
      }
      if cost <= least + rounding { best += 1 }
      lost += (cost - least) / max(1, abs(least))
    }
    #expect(answered > count * 9 / 10)
    #expect(best > answered * 8 / 10)
    #expect(lost / Double(answered) < 0.002)
  }

  // Feeding in earns 0.05 and importing 0.10. Without load all production goes out (-0.10); with a load of
  // 1, throwing 2 away to import 1 (-0.10) beats feeding in 1 (-0.05).
  @Test(
    "production is thrown away only where import earns more", arguments: [(0.0, -0.1), (1.0, -0.1)])
  func curtailment(load: Double, cost: Double) {
    let request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 1), loadKW: [load], pvKW: [2],
      prices: PlanningPrices(buyPerKWh: [-0.1], sellPerKWh: [0.05]),
      envelope: .constant(count: 1, chargeKW: 5, dischargeKW: 0, energyMaxKWh: 5),
      initialEnergyKWh: 5)
    for plan in plansOfBothSolvers(request) {
      #expect(isClose(plan.objective, cost, absolute: 1e-8))
      #expect(isClose(plan.curtailKW[0], load * 2, absolute: 1e-12))
      #expect(plan.invertedSlots == 1)
      #expect(plan.sellPerKWh == [0.05])
      for rule in RecourseRule.allCases {
        let asked = rule.request(
          plan: plan, slot: 0,
          situation: RecourseSituation(
            loadKW: load, pvKW: 2, storedKWh: 5, chargeLimitKW: 0, dischargeLimitKW: 0,
            seconds: 3600))
        #expect(isClose(asked.curtailKW, load * 2, absolute: 1e-12))
      }
    }
  }

  // Night 0.10, evening export 0.30, load 1: the first hour charges 4 (import 5), the second sells 4 - 1.
  // Cost 0.5 - 3 * 0.3 = -0.4 without losses. At a selling price lowered to 0.2 the plan would be worth -0.1.
  @Test("the night is bought to be sold")
  func nightToEvening() {
    let request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 2), loadKW: [1, 1], pvKW: [0, 0],
      prices: PlanningPrices(buyPerKWh: [0.1, 0.2], sellPerKWh: [0.1, 0.3]),
      envelope: .constant(count: 2, chargeKW: 4, dischargeKW: 4, energyMaxKWh: 4),
      initialEnergyKWh: 0)
    for plan in plansOfBothSolvers(request) + [foresightPlan(request)] {
      #expect(isClose(plan.objective, -0.4, absolute: 1e-12))
      #expect(plan.exportKW == [0, 3])
    }
    var hedged = HedgedPlanner(.expectedValue, seed: 1)
    let path = ForecastPath(loadKW: [1, 1], pvKW: [0, 0])
    let plan = hedged.plan(request, paths: [path, path])
    #expect(isClose(plan.objective, -0.4, absolute: 1e-12))
    let sale = RecourseRule.valueStep.request(
      plan: plan, slot: 1,
      situation: RecourseSituation(
        loadKW: 0.5, pvKW: 0, storedKWh: 4, chargeLimitKW: 4, dischargeLimitKW: 4, seconds: 3600))
    #expect(isClose(sale.batteryKW, 4, absolute: 1e-9))
  }

  @Test("the end value that is carried on falls with the energy")
  func carriedValue() throws {
    var instances = RandomInstances(seed: 8)
    var planner = ValueFunctionPlanner()
    var bent = 0
    for _ in 0..<200 {
      let request = Self.request(&instances)
      let value = try #require(planner.plan(request).valueFunction)
      for slot in request.grid.indices {
        let pieces = value.terminalPieces(after: slot, lessPerKWh: 0)
        if pieces.count < value.pieces[slot + 1] { bent += 1 }
        for (a, b) in zip(pieces, pieces.dropFirst()) { #expect(b.valuePerKWh <= a.valuePerKWh) }
      }
    }
    #expect(bent > 50)
  }
}
