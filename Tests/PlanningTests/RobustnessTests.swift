import LinearPrograms
import Numerics
import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("There is always a plan", .tags(.solver)) struct RobustnessTests {
  @Test("a failure of GLPK ends in a valid plan and a count", arguments: InjectedFault.allCases)
  func faults(fault: InjectedFault) {
    var instances = RandomInstances(seed: 3)
    var planner = GLPKPlanner()
    planner.injectedFault = fault
    for _ in 0..<5 {
      let request = instances.request(allowsDemand: false, allowsNegative: false)
      let plan = planner.plan(request)
      #expect(plan.status == .optimal)
      #expect(brokenLaw(plan, request) == nil)
      var twice = request
      twice.elapsedSlots = 1
      #expect(brokenLaw(planner.plan(twice), twice) == nil)
    }
    #expect(planner.counts.fallbacks > 0)
    #expect(planner.counts.failed == 0)
  }

  @Test("where every solve fails, the value function plans")
  func everythingFails() {
    var instances = RandomInstances(seed: 4)
    var planner = GLPKPlanner()
    planner.injectedFault = .internalError
    planner.faultEverywhere = true
    let request = instances.request()
    let plan = planner.plan(request)
    #expect(plan.solver == "value-function")
    #expect(brokenLaw(plan, request) == nil)
    #expect(planner.counts.fallbacks >= 3)
  }

  @Test("missing and impossible numbers give a battery at rest")
  func invalid() {
    var instances = RandomInstances(seed: 5)
    for breaking in 0..<8 {
      var request = instances.request(allowsDemand: false)
      switch breaking {
      case 0: request.loadKW[1] = .nan
      case 1: request.prices.buyPerKWh[0] = .infinity
      case 2: request.pvKW.removeLast()
      case 3: request.initialEnergyKWh = .nan
      case 4: request.envelope.chargeKW[0] = .nan
      case 5: request.importLimitKW = PowerLimit(.nan)
      case 6: request.envelope.energyMaxKWh = []
      default:
        request.prices.demands = [DemandPrice(label: "x", pricePerKW: .nan, applies: [])]
      }
      var planner = AutomaticPlanner(seed: 1)
      let plan = planner.plan(request)
      #expect(plan.status == .invalid)
      #expect(plan.chargeKW.allSatisfy { $0 == 0 })
      #expect(plan.importKW.count == request.grid.count)
      #expect(plan.objective.isFinite)
      #expect(planner.counts.failed == 1)
    }
  }

  @Test("a start outside the band comes back without a forced peak")
  func outsideBand() throws {
    let request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 4), loadKW: [4, 4, 1, 1],
      pvKW: [0, 0, 0, 0],
      prices: PlanningPrices(
        buyPerKWh: [0.5, 0.5, 0.1, 0.1], sellPerKWh: [0, 0, 0, 0],
        demands: [
          DemandPrice(
            label: "peak", pricePerKW: 10, applies: [true, true, true, true], incurredKW: 4)
        ]),
      envelope: .constant(
        count: 4, chargeKW: 5, dischargeKW: 5, energyMinKWh: 2, energyMaxKWh: 10),
      initialEnergyKWh: 1)
    for plan in plansOfBothSolvers(request) {
      // Back at 2 kWh in the third hour, as fast as the incurred peak of 4 kW allows, not before.
      #expect(plan.importKW.allSatisfy { $0 <= 4 + 1e-9 })
      #expect(isClose(plan.energyKWh[1], 1, absolute: 1e-9))
      #expect(plan.energyKWh[2] >= 2 - 1e-9)
      #expect(try #require(plan.slack.first).rule == "energy_min")
    }
  }

  @Test("a negative price never makes the battery charge and discharge at once")
  func simultaneous() {
    // 95 % each way: doing both at once pays below zero without wear.
    let request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 3), loadKW: [1, 1, 1], pvKW: [0, 0, 0],
      prices: PlanningPrices(buyPerKWh: [-0.2, -0.2, 0.3], sellPerKWh: [-0.3, -0.3, 0]),
      envelope: .constant(
        count: 3, chargeKW: 5, dischargeKW: 5, energyMaxKWh: 4, chargeEfficiency: 0.95,
        dischargeEfficiency: 0.95), initialEnergyKWh: 4)
    for plan in plansOfBothSolvers(request) {
      #expect(brokenLaw(plan, request) == nil)
      #expect(plan.repairedSlots > 0)
    }
  }

  @Test("a warm start gives the plan of a cold start, hour after hour")
  func warmEqualsCold() {
    var instances = RandomInstances(seed: 11)
    for _ in 0..<6 {
      let long = instances.request(allowsNegative: false)
      guard long.grid.count >= 30 else { continue }
      var warm = GLPKPlanner()
      var generator = SeededGenerator(seed: 1)
      for first in 0..<10 {
        let slots = first..<(first + 20)
        var request = long
        request.grid = long.grid[slots]
        request.loadKW = slots.map { long.loadKW[$0] * generator.uniform(0.8, 1.2) }
        request.pvKW = Array(long.pvKW[slots])
        request.prices = PlanningPrices(
          buyPerKWh: Array(long.prices.buyPerKWh[slots]),
          sellPerKWh: Array(long.prices.sellPerKWh[slots]),
          demands: long.prices.demands.map {
            DemandPrice(
              label: $0.label, pricePerKW: $0.pricePerKW, applies: Array($0.applies[slots]),
              incurredKW: $0.incurredKW)
          })
        request.envelope.chargeKW = Array(long.envelope.chargeKW[slots])
        request.envelope.dischargeKW = Array(long.envelope.dischargeKW[slots])
        request.envelope.energyMinKWh = Array(long.envelope.energyMinKWh[slots])
        request.envelope.energyMaxKWh = Array(long.envelope.energyMaxKWh[slots])
        request.elapsedSlots = first == 0 ? 0 : 1
        var cold = GLPKPlanner()
        var value = ValueFunctionPlanner()
        let a = warm.plan(request)
        let b = cold.plan(request)
        let c = value.plan(request)
        let capacity = max(1e-3, request.envelope.energyMaxKWh.max() ?? 0)
        for t in 0..<20 {
          #expect(abs(a.energyKWh[t] - b.energyKWh[t]) <= 1e-5 * capacity)
          #expect(abs(a.energyKWh[t] - c.energyKWh[t]) <= 1e-5 * capacity)
        }
      }
      #expect(warm.counts.failed == 0)
    }
  }
}
