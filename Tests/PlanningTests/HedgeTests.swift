import Numerics
import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Plans against several paths", .tags(.solver)) struct HedgeTests {
  static let count = 48

  static func request() -> PlanRequest {
    let buy = (0..<count).map { 0.1 + 0.25 * Double(($0 * 7) % 12) / 12 }
    return PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 1800, count: count),
      loadKW: (0..<count).map { 2 + Double($0 % 9) / 3 }, pvKW: (0..<count).map { Double($0 % 5) },
      prices: PlanningPrices(buyPerKWh: buy, sellPerKWh: buy.map { $0 * 0.3 }),
      envelope: .constant(
        count: count, chargeKW: 3, dischargeKW: 3, energyMaxKWh: 8, chargeEfficiency: 0.95,
        dischargeEfficiency: 0.95), initialEnergyKWh: 4, wearPerKWh: 0.01,
      terminal: .perKWh(0.15))
  }

  static func paths(_ request: PlanRequest, spread: Double) -> [ForecastPath] {
    var generator = SeededGenerator(seed: 8)
    return (0..<12).map { _ in
      let scale = 1 + spread * generator.uniform(-1, 1)
      let light = 1 - spread * generator.uniform(0, 1)
      return ForecastPath(
        loadKW: request.loadKW.map { $0 * scale }, pvKW: request.pvKW.map { $0 * light })
    }
  }

  @Test(
    "paths that agree give the plan of the forecast",
    arguments: [Hedge.expectedValue, .quantileMargin(0.9)])
  func agreement(hedge: Hedge) {
    let request = Self.request()
    var point = ValueFunctionPlanner()
    let expected = point.plan(request)
    var planner = HedgedPlanner(hedge, seed: 1)
    let plan = planner.plan(request, paths: Self.paths(request, spread: 0))
    #expect(isClose(plan.objective, expected.objective, relative: 1e-6))
    for t in 0..<Self.count {
      #expect(isClose(plan.energyKWh[t], expected.energyKWh[t], absolute: 8e-4))
    }
  }

  /// What is left after the decided slots costs what a plan of the forecast costs from the energy there.
  @Test("after the decided slots the plan is the best for the forecast")
  func rest() {
    let request = Self.request()
    // Paths with little load, so that stored energy is worth less than the forecast has it.
    let paths = Self.paths(request, spread: 0.2).map {
      ForecastPath(loadKW: $0.loadKW.map { 0.2 * $0 }, pvKW: $0.pvKW)
    }
    var point = ValueFunctionPlanner()
    let forecast = point.plan(request)
    var apart = 0
    for decided in 2...30 {
      var short = request
      short.decidedSlots = decided
      var planner = HedgedPlanner(.expectedValue, seed: 1)
      let plan = planner.plan(short, paths: paths)
      let stored = plan.energyKWh[decided - 1]
      apart += abs(stored - forecast.energyKWh[decided - 1]) > 0.1 ? 1 : 0
      let later = decided..<Self.count
      var left = request
      left.grid = request.grid[later]
      left.loadKW = Array(request.loadKW[later])
      left.pvKW = Array(request.pvKW[later])
      left.prices = PlanningPrices(
        buyPerKWh: Array(request.prices.buyPerKWh[later]),
        sellPerKWh: Array(request.prices.sellPerKWh[later]))
      left.envelope = .constant(
        count: later.count, chargeKW: 3, dischargeKW: 3, energyMaxKWh: 8, chargeEfficiency: 0.95,
        dischargeEfficiency: 0.95)
      left.initialEnergyKWh = stored
      var best = ValueFunctionPlanner()
      var cost = -0.15 * plan.energyKWh[Self.count - 1]
      for t in later {
        cost +=
          0.5
          * (plan.buyPerKWh[t] * plan.importKW[t] - plan.sellPerKWh[t] * plan.exportKW[t]
            + 0.01 * plan.dischargeKW[t])
      }
      #expect(isClose(cost, best.plan(left).objective, absolute: 5e-3), "\(decided) slots")
    }
    #expect(apart > 0)
  }

  @Test("without usable paths the forecast is planned")
  func noPaths() {
    let request = Self.request()
    var planner = HedgedPlanner(.expectedValue, seed: 1)
    let broken = ForecastPath(loadKW: [1], pvKW: [.nan])
    let plan = planner.plan(request, paths: [broken])
    var point = ValueFunctionPlanner()
    #expect(plan.objective == point.plan(request).objective)
  }

  @Test("several paths with peaks keep their balance")
  func peaks() {
    var request = Self.request()
    request.prices.demands = [
      DemandPrice(
        label: "peak", pricePerKW: 8, applies: [Bool](repeating: true, count: Self.count),
        incurredKW: 2)
    ]
    let paths = Self.paths(request, spread: 0.4)
    var planner = HedgedPlanner(.expectedValue, seed: 1)
    let plan = planner.plan(request, paths: paths)
    #expect(brokenLaw(plan, request) == nil)
    #expect(plan.valueFunction != nil)
  }
}
