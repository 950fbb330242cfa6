import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Page of Planning") struct PlanningPageTests {
  @Test("the page shows this code")
  func example() throws {
    #expect(try PageExample(room: "Planning").isCode())

    let request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 2), loadKW: [1, 1], pvKW: [0, 0],
      prices: PlanningPrices(buyPerKWh: [0.1, 0.3], sellPerKWh: [0, 0]),
      envelope: .constant(
        count: 2, chargeKW: 5, dischargeKW: 5, energyMaxKWh: 10, chargeEfficiency: 0.95,
        dischargeEfficiency: 0.95),
      initialEnergyKWh: 0)
    var planner = AutomaticPlanner(seed: 1)
    let plan = planner.plan(request)
    print(plan.chargeKW[0], plan.dischargeKW[1], plan.objective)

    // 1 kWh for the second hour: 1/0.95 stored and 1/0.95² bought at 0.1; the first hour buys its 1 kWh.
    #expect(isClose(plan.chargeKW[0], 1 / 0.95 / 0.95, absolute: 1e-9))
    #expect(isClose(plan.dischargeKW[1], 1, absolute: 1e-9))
    #expect(isClose(plan.objective, 0.1 * (1 + 1 / 0.95 / 0.95), absolute: 1e-9))
  }
}
