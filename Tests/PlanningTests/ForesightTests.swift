import Numerics
import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Plan over a known period", .tags(.solver)) struct ForesightTests {
  static func period(
    days: Int, months: Int, stepSeconds: Int = 3600, meteringSlots: Int = 1
  ) -> PlanRequest {
    var generator = SeededGenerator(seed: 42)
    let perDay = 86_400 / stepSeconds
    let n = days * perDay
    let load = (0..<n).map { t -> Double in
      let hour = Double(t % perDay) / Double(perDay) * 24
      return 100 + (hour > 8 && hour < 18 ? 150 : 0) + generator.uniform(0, 80)
    }
    let buy = (0..<n).map { t in Double(t % perDay) / Double(perDay) * 24 >= 8 ? 0.22 : 0.14 }
    let demands = (0..<months).map { month in
      DemandPrice(
        label: "peak \(month)", pricePerKW: 12,
        applies: (0..<n).map { $0 * months / n == month }, meteringSlots: meteringSlots)
    }
    return PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: stepSeconds, count: n), loadKW: load,
      pvKW: load.map { _ in 0 },
      prices: PlanningPrices(
        buyPerKWh: buy, sellPerKWh: buy.map { _ in 0.05 }, demands: demands),
      envelope: .constant(
        count: n, chargeKW: 100, dischargeKW: 100, energyMaxKWh: 250, chargeEfficiency: 0.95,
        dischargeEfficiency: 0.95), initialEnergyKWh: 100, wearPerKWh: 0.01,
      terminal: .perKWh(0.1))
  }

  @Test("several months of demand charges together, against GLPK", arguments: [1, 2, 3, 5])
  func severalMonths(months: Int) {
    let request = Self.period(days: 15, months: months)
    let plan = foresightPlan(request)
    var glpk = GLPKPlanner()
    var same = request
    same.optionValue = .none
    let other = glpk.plan(same)
    #expect(plan.status == .optimal)
    #expect(isClose(plan.objective, other.objective, relative: 1e-8))
    #expect((plan.relativeGap ?? 1) <= 1e-8)
    #expect(brokenLaw(plan, request) == nil)
  }

  @Test("a peak metered over several slots is enclosed")
  func metered() throws {
    let request = Self.period(days: 4, months: 2, stepSeconds: 900, meteringSlots: 2)
    let plan = foresightPlan(request)
    var glpk = GLPKPlanner()
    var same = request
    same.optionValue = .none
    let exact = glpk.plan(same)
    #expect(exact.status == .optimal)
    let bound = try #require(plan.lowerBound)
    #expect(bound <= exact.objective + 1e-6)
    #expect(plan.objective >= exact.objective - 1e-6)
    #expect((plan.relativeGap ?? 1) < 0.01)
  }

  @Test("a surcharge above an imported energy is enclosed")
  func blocks() throws {
    var request = Self.period(days: 10, months: 0)
    let n = request.grid.count
    request.prices.importBlocks = [
      ImportBlock(
        label: "first", limitKWh: 17_000, surchargePerKWh: 0.1,
        applies: (0..<n).map { $0 < n / 2 }),
      ImportBlock(
        label: "second", limitKWh: 21_000, surchargePerKWh: 0.1,
        applies: (0..<n).map { $0 >= n / 2 }),
    ]
    let plan = foresightPlan(request)
    var glpk = GLPKPlanner()
    let exact = glpk.plan(request)
    let bound = try #require(plan.lowerBound)
    #expect(bound <= exact.objective + 1e-3)
    #expect(plan.objective >= exact.objective - 1e-3)
    #expect((plan.relativeGap ?? 1) < 0.005)
  }

  @Test("no rolling planner beats the plan over the whole period")
  func bound() throws {
    let request = Self.period(days: 6, months: 1)
    let whole = foresightPlan(request)
    let n = request.grid.count
    var planner = ValueFunctionPlanner()
    var stored = request.initialEnergyKWh
    var peak = 0.0
    var cost = 0.0
    for first in 0..<n {
      let slots = first..<min(n, first + 24)
      var part = request
      part.grid = request.grid[slots]
      part.loadKW = Array(request.loadKW[slots])
      part.pvKW = Array(request.pvKW[slots])
      part.prices = PlanningPrices(
        buyPerKWh: Array(request.prices.buyPerKWh[slots]),
        sellPerKWh: Array(request.prices.sellPerKWh[slots]),
        demands: [
          DemandPrice(
            label: "peak", pricePerKW: 12, applies: slots.map { _ in true }, incurredKW: peak)
        ])
      part.envelope = .constant(
        count: slots.count, chargeKW: 100, dischargeKW: 100, energyMaxKWh: 250,
        chargeEfficiency: 0.95, dischargeEfficiency: 0.95)
      part.initialEnergyKWh = stored
      part.elapsedSlots = 1
      let plan = planner.plan(part)
      stored = plan.energyKWh[0]
      peak = max(peak, plan.importKW[0])
      cost +=
        plan.importKW[0] * request.prices.buyPerKWh[first] - plan.exportKW[0] * 0.05
        + 0.01 * plan.dischargeKW[0]
    }
    cost += 12 * peak - 0.1 * stored
    #expect(whole.objective <= cost + 1e-6)
  }
}
