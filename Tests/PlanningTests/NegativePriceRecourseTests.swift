import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Recourse at a price below zero", .tags(.solver)) struct NegativePriceRecourseTests {
  // Load 10, production 12, a battery that may take 50: without production the import would be 60.
  // The peak target of 30 leaves room for 30, so production may be thrown away only up to there.
  @Test(
    "production makes way for paid import only up to the peak target",
    arguments: RecourseRule.allCases)
  func peakTarget(rule: RecourseRule) {
    let count = 4
    let grid = TimeGrid(start: 0, stepSeconds: 900, count: count)
    let request = PlanRequest(
      grid: grid, loadKW: [Double](repeating: 10, count: count),
      pvKW: [Double](repeating: 12, count: count),
      prices: PlanningPrices(
        buyPerKWh: [Double](repeating: -0.05, count: count),
        sellPerKWh: [Double](repeating: -0.05, count: count),
        demands: [
          DemandPrice(
            label: "peak", pricePerKW: 4, applies: [Bool](repeating: true, count: count),
            incurredKW: 30)
        ]),
      envelope: .constant(
        count: count, chargeKW: 50, dischargeKW: 50, energyMaxKWh: 100, chargeEfficiency: 0.95,
        dischargeEfficiency: 0.95),
      initialEnergyKWh: 0, wearPerKWh: 0.01)
    var planner = ValueFunctionPlanner()
    let plan = planner.plan(request)
    let situation = RecourseSituation(
      loadKW: 10, pvKW: 12, storedKWh: 0, chargeLimitKW: 50, dischargeLimitKW: 50, seconds: 900,
      importAllowanceKW: 30, wearPerKWh: 0.01, chargeEfficiency: 0.95, dischargeEfficiency: 0.95)
    let asked = rule.request(plan: plan, slot: 0, situation: situation)
    let imported = 10 - (12 - asked.curtailKW) - asked.batteryKW
    #expect(asked.curtailKW >= 0 && asked.curtailKW <= 12)
    #expect(imported <= 30 + 1e-6)
  }
}
