import Numerics
import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Plans against several paths", .tags(.solver)) struct HedgeTests {
  static let count = 48
  static let shared = 8

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

  /// Mean over the paths of the cost when the first slots are given and the rest is planned knowing
  /// the path: what a two-stage plan minimises.
  static func meanCost(_ plan: Plan, _ request: PlanRequest, _ paths: [ForecastPath]) -> Double {
    var sum = 0.0
    for path in paths {
      var one = request
      one.loadKW = path.loadKW
      one.pvKW = path.pvKW
      // The first stage is forced by an envelope without room.
      for t in 0..<shared {
        one.envelope.energyMinKWh[t] = plan.energyKWh[t]
        one.envelope.energyMaxKWh[t] = plan.energyKWh[t]
      }
      var planner = ValueFunctionPlanner()
      sum += planner.plan(one).objective
    }
    return sum / Double(paths.count)
  }

  @Test("two stages cost no more over the paths than the plan of the forecast or of any hedge")
  func twoStage() {
    let request = Self.request()
    let paths = Self.paths(request, spread: 0.7)
    var twoStage = HedgedPlanner(.twoStage(sharedSlots: Self.shared), seed: 1)
    let best = Self.meanCost(twoStage.plan(request, paths: paths), request, paths)
    #expect(twoStage.counts.hedgeFallbacks == 0)
    for hedge in [Hedge.none, .quantileMargin(0.7), .expectedValue] {
      var planner = HedgedPlanner(hedge, seed: 1)
      let plan = planner.plan(request, paths: paths)
      #expect(best <= Self.meanCost(plan, request, paths) + 1e-6)
      if case .quantileMargin = hedge { continue }
      #expect(brokenLaw(plan, request) == nil)
    }
  }

  @Test(
    "paths that agree give the plan of the forecast",
    arguments: [Hedge.expectedValue, .twoStage(sharedSlots: 8), .quantileMargin(0.9)])
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

  @Test("weight on the worst paths does not lower the mean cost and does not raise the worst")
  func tail() {
    let request = Self.request()
    let paths = Self.paths(request, spread: 0.9)
    func stage(_ weight: Double) -> Double {
      var planner = HedgedPlanner(
        .twoStage(sharedSlots: Self.shared, tailWeight: weight, tailShare: 0.25), seed: 1)
      return Self.meanCost(planner.plan(request, paths: paths), request, paths)
    }
    #expect(stage(0) <= stage(0.9) + 1e-6)
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
    for hedge in [Hedge.expectedValue, .twoStage(sharedSlots: 8, tailWeight: 0.3)] {
      var planner = HedgedPlanner(hedge, seed: 1)
      let plan = planner.plan(request, paths: paths)
      #expect(brokenLaw(plan, request) == nil)
      #expect(plan.valueFunction != nil)
    }
  }
}
