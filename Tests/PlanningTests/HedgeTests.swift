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
