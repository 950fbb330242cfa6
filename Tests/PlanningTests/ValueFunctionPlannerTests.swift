import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Value-function planner", .tags(.solver)) struct ValueFunctionPlannerTests {
  /// Two hours: buy at 0.1, then serve 1 kW of load at 0.3 from the battery.
  @Test("a cheap hour feeds a dear hour")
  func cheapFeedsDear() {
    let request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 2), loadKW: [1, 1], pvKW: [0, 0],
      prices: PlanningPrices(buyPerKWh: [0.1, 0.3], sellPerKWh: [0, 0]),
      envelope: .constant(
        count: 2, chargeKW: 5, dischargeKW: 5, energyMaxKWh: 10, chargeEfficiency: 0.8,
        dischargeEfficiency: 0.9),
      initialEnergyKWh: 0)
    var planner = ValueFunctionPlanner()
    let plan = planner.plan(request)
    // 1 kWh out needs 1/0.9 kWh stored and 1/0.72 kWh bought: 0.1 + 0.1/0.72 instead of 0.4.
    #expect(isClose(plan.objective, 0.1 + 0.1 / 0.72, relative: 1e-9))
    #expect(isClose(plan.chargeKW[0], 1 / 0.72, relative: 1e-9))
    #expect(isClose(plan.dischargeKW[1], 1, relative: 1e-9))
    #expect(plan.status == .optimal)
  }

  /// One hour of 5 kW and one of 1 kW at 10 per kW: a lossless battery levels both to 3 kW.
  @Test("a demand charge levels the load")
  func levelling() {
    let request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 2), loadKW: [1, 5], pvKW: [0, 0],
      prices: PlanningPrices(
        buyPerKWh: [0.1, 0.1], sellPerKWh: [0, 0],
        demands: [DemandPrice(label: "peak", pricePerKW: 10, applies: [true, true])]),
      envelope: .constant(count: 2, chargeKW: 5, dischargeKW: 5, energyMaxKWh: 10),
      initialEnergyKWh: 0)
    var planner = ValueFunctionPlanner()
    let plan = planner.plan(request)
    #expect(isClose(plan.importKW[0], 3, absolute: 1e-7))
    #expect(isClose(plan.importKW[1], 3, absolute: 1e-7))
    #expect(isClose(plan.peakTargetKW[0], 3, absolute: 1e-7))
    #expect(isClose(plan.objective, 0.6 + 30, relative: 1e-6))
  }
}
