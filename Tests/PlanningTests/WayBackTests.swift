import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

/// A battery that begins outside of its band, hour by hour.
@Suite("The way back into the band") struct WayBackTests {
  private static func request(
    buy: [Double], sell: [Double]? = nil, loadKW: [Double]? = nil, pvKW: [Double]? = nil,
    demands: [DemandPrice] = [], startKWh: Double, chargeKW: Double = 5, dischargeKW: Double = 5,
    bandKWh: ClosedRange<Double> = 2...10, importLimitKW: Double = .infinity
  ) -> PlanRequest {
    let n = buy.count
    return PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: n),
      loadKW: loadKW ?? [Double](repeating: 1, count: n),
      pvKW: pvKW ?? [Double](repeating: 0, count: n),
      prices: PlanningPrices(
        buyPerKWh: buy, sellPerKWh: sell ?? [Double](repeating: 0, count: n), demands: demands),
      envelope: .constant(
        count: n, chargeKW: chargeKW, dischargeKW: dischargeKW, energyMinKWh: bandKWh.lowerBound,
        energyMaxKWh: bandKWh.upperBound), initialEnergyKWh: startKWh,
      importLimitKW: PowerLimit(importLimitKW), optionValue: .none)
  }

  private static func expect(_ request: PlanRequest, energyKWh: [Double], cost: Double) {
    for plan in plansOfBothSolvers(request) {
      for (energy, expected) in zip(plan.energyKWh, energyKWh) {
        #expect(
          isClose(energy, expected, absolute: 1e-6), "\(plan.solver) \(plan.energyKWh)")
      }
      #expect(isClose(plan.objective, cost, absolute: 1e-6), "\(plan.solver)")
    }
  }

  // 2 kWh are missing. They are bought at 0.1, the first time it comes, with 1 kWh more for the third hour: 0.5 and 4 · 0.1
  // until then, and 0.1 for the last hour.
  @Test("it buys what is missing at the lowest price of the day, as soon as that comes")
  func cheapest() {
    Self.expect(
      Self.request(buy: [0.5, 0.1, 0.3, 0.1], startKWh: 0), energyKWh: [0, 3, 2, 2], cost: 1)
    // At one price it comes back at once.
    Self.expect(
      Self.request(buy: [0.2, 0.2, 0.2, 0.2], startKWh: 0), energyKWh: [2, 2, 2, 2], cost: 1.2)
    // 1 kW: one of the two cheapest hours is not enough, and the second is not before the dearer third.
    Self.expect(
      Self.request(buy: [0.5, 0.1, 0.3, 0.1], startKWh: 0, chargeKW: 1),
      energyKWh: [0, 1, 1, 2], cost: 1.2)
  }

  // 1.5 kWh of surplus would earn 0.05 in the third hour; the rest is bought at 0.08 after it.
  @Test("surplus comes before what is bought, at what it would have earned") func surplus() {
    Self.expect(
      Self.request(
        buy: [0.5, 0.1, 0.3, 0.08], sell: [0.05, 0.05, 0.05, 0.05], pvKW: [0, 0, 2.5, 0],
        startKWh: 0),
      energyKWh: [0, 0, 1.5, 2], cost: 0.5 + 0.1 + 0.08 * 1.5)
  }

  // Of 2 kW of import that are paid for, 1 is the load's: the two cheapest hours are needed.
  @Test("it raises no billed peak and breaks no limit") func gentle() {
    let peak = DemandPrice(
      label: "peak", pricePerKW: 10, applies: [true, true, true, true], incurredKW: 2)
    Self.expect(
      Self.request(
        buy: [0.5, 0.1, 0.3, 0.4], demands: [peak], startKWh: 0),
      energyKWh: [0, 1, 2, 2], cost: 0.5 + 0.2 + 0.6 + 0.4)
    // All four hours are needed: 0.5 kWh each.
    Self.expect(
      Self.request(buy: [0.5, 0.1, 0.3, 0.4], startKWh: 0, importLimitKW: 1.5),
      energyKWh: [0.5, 1, 1.5, 2], cost: 1.3 * 1.5)
  }

  // Above the band 3 kWh are too much. They serve loads of 1 kW at the dearest hours; nothing is fed in at −0.1.
  @Test("from above it serves the dearest load, and feeds in nothing that costs") func above() {
    Self.expect(
      Self.request(
        buy: [0.1, 0.5, 0.3, 0.4], sell: [-0.1, -0.1, -0.1, -0.1], startKWh: 5, bandKWh: 2...2),
      energyKWh: [5, 4, 3, 2], cost: 0.1)
    // Fed in where it earns most.
    Self.expect(
      Self.request(
        buy: [0.1, 0.1, 0.1, 0.1], sell: [0.02, 0.08, 0.05, 0.01], loadKW: [0, 0, 0, 0],
        startKWh: 5, dischargeKW: 2, bandKWh: 2...2),
      energyKWh: [5, 3, 2, 2], cost: -0.16 - 0.05)
  }

  // The window ends after the second hour, before the cheap one: nothing has to be bought for it.
  @Test("a reserve that ends before the cheapest hour is not bought for") func endingReserve() {
    var request = Self.request(
      buy: [0.5, 0.4, 0.1, 0.3], startKWh: 0, bandKWh: 0...10)
    request.reservesKWh = [2, 2, 0, 0]
    request.exportLimitKW = 0
    // 1 kWh at 0.1 serves the last hour.
    Self.expect(request, energyKWh: [0, 0, 1, 0], cost: 0.5 + 0.4 + 0.2)
  }
}
