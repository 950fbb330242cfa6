import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Reserves of a plan by slot") struct ReservePlanTests {
  // 1 kWh an hour costs 3, 2, 1 and 1. 4 kWh at the end of the second hour are bought at 2 and serve the last two hours:
  // 7 + 4·2 − 2·1.
  @Test("what is kept at a time is bought at the cheapest time before it") func bySlot() {
    var request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 4), loadKW: [1, 1, 1, 1],
      pvKW: [0, 0, 0, 0],
      prices: PlanningPrices(buyPerKWh: [3, 2, 1, 1], sellPerKWh: [0, 0, 0, 0]),
      envelope: .constant(
        count: 4, chargeKW: 5, dischargeKW: 5, energyMaxKWh: 10),
      initialEnergyKWh: 0)
    request.exportLimitKW = 0
    request.reservesKWh = [0, 4, 0, 0]
    for plan in plansOfBothSolvers(request) {
      #expect(isClose(plan.objective, 13, absolute: 1e-6), "\(plan.solver)")
      #expect(isClose(plan.energyKWh[0], 0, absolute: 1e-9))
      #expect(isClose(plan.energyKWh[1], 4, absolute: 1e-9))
    }
    // In place of the reserve for all times, and cut with the slots.
    request.reserveKWh = 9
    for plan in plansOfBothSolvers(request) {
      #expect(isClose(plan.energyKWh[1], 4, absolute: 1e-9))
    }
    let part = request.part(1..<3, prices: request.prices.part(1..<3))
    #expect(part.reservesKWh == [4, 0])
  }
}
