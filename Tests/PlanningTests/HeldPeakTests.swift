import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

@Suite("Targets that plans hold", .tags(.solver)) struct HeldPeakTests {
  /// Hours at a lossless battery of 10 kWh that begins empty; the target is held, and a kW above the
  /// peak so far costs 0.5 an hour.
  private static func request(
    loadKW: [Double], buy: [Double], targetKW: Double, meteredKW: Double, chargeKW: Double = 5,
    meteringSlots: Int = 1
  ) -> PlanRequest {
    let n = loadKW.count
    var demand = DemandPrice(
      label: "peak", pricePerKW: 10, applies: [Bool](repeating: true, count: n),
      meteringSlots: meteringSlots, incurredKW: targetKW)
    demand.held = HeldPeak(meteredKW: meteredKW, linePricePerKW: 0.5)
    return PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: n), loadKW: loadKW,
      pvKW: loadKW.map { _ in 0 },
      prices: PlanningPrices(
        buyPerKWh: buy, sellPerKWh: buy.map { _ in 0 }, demands: [demand]),
      envelope: .constant(count: n, chargeKW: chargeKW, dischargeKW: 5, energyMaxKWh: 10),
      initialEnergyKWh: 0)
  }

  // By hand: energy costs the same, so 1 kWh moves from the hour of 3 kW to that of 1 kW, which costs 0.40
  // and leaves 0.50 for the line.
  @Test("the line keeps import at the peak so far while energy is spare") func belowTheLine() {
    for plan in plansOfBothSolvers(
      Self.request(loadKW: [1, 3], buy: [0.1, 0.1], targetKW: 4, meteredKW: 2))
    {
      #expect(isClose(plan.importKW[0], 2, absolute: 1e-6))
      #expect(isClose(plan.importKW[1], 2, absolute: 1e-6))
      #expect(isClose(plan.objective, 0.4, absolute: 1e-6))
      #expect(plan.peakTargetKW == [4])
    }
  }

  // A kWh bought at 0.10 to be used at 0.50 saves 0.40 and costs 0.50 at the line, but 0.90 where it takes
  // import from above the line in the dear hour: half a kWh moves. 1.5 · 0.1 + 1 · 0.5 + 0.5 · 0.5 = 0.90.
  @Test("a cheap hour does not pass the peak so far for less than the line costs")
  func arbitrage() {
    for plan in plansOfBothSolvers(
      Self.request(loadKW: [1, 1.5], buy: [0.1, 0.5], targetKW: 4, meteredKW: 1))
    {
      #expect(isClose(plan.importKW[0], 1.5, absolute: 1e-6))
      #expect(isClose(plan.objective, 0.9, absolute: 1e-6))
    }
  }

  // 2 kW can be charged, so 6 kW of 8 remain: 2 above the target at twice 10, 1 + 4 above the line at
  // 0.5, and 9 kWh at 0.1. A plan without a target would aim at 6 kW instead.
  @Test("above the target each kW of each hour costs twice the charge") func above() {
    for plan in plansOfBothSolvers(
      Self.request(loadKW: [1, 8], buy: [0.1, 0.1], targetKW: 4, meteredKW: 2, chargeKW: 2))
    {
      #expect(isClose(plan.importKW[1], 6, absolute: 1e-6))
      #expect(isClose(plan.objective, 40 + 2.5 + 0.9, absolute: 1e-6))
      #expect(plan.peakTargetKW == [4])
    }
  }

  // The mean of two hours counts: 1 and 7 kW are 4 in the mean, which is the target. The line at 2 kW costs
  // (4 − 2) · 0.5 an interval.
  @Test("over several slots the mean is held") func intervals() {
    var planner = GLPKPlanner()
    let plan = planner.plan(
      Self.request(
        loadKW: [1, 7, 2, 2], buy: [0.1, 0.1, 0.1, 0.1], targetKW: 4, meteredKW: 2,
        chargeKW: 0, meteringSlots: 2))
    #expect(isClose(plan.objective, 1.2 + 1, absolute: 1e-6))
  }

  @Test("both solvers agree where some targets are held") func agreement() {
    var instances = RandomInstances(seed: 91)
    var held = 0
    for k in 0..<400 {
      var request = instances.request(allowsNegative: false)
      for i in request.prices.demands.indices where k % 3 < 2 || i == 0 {
        let level = request.prices.demands[i].incurredKW
        request.prices.demands[i].incurredKW = level + 1
        request.prices.demands[i].held = HeldPeak(
          meteredKW: level, linePricePerKW: 0.05 * request.prices.demands[i].pricePerKW)
        held += 1
      }
      let plans = plansOfBothSolvers(request)
      if plans[0].status == .approximate {
        #expect(plans[1].objective <= plans[0].objective + 1e-7, "instance \(k)")
        continue
      }
      let scale = max(1, abs(plans[0].objective))
      #expect(abs(plans[0].objective - plans[1].objective) <= 1e-7 * scale, "instance \(k)")
      for plan in plans { #expect(brokenLaw(plan, request) == nil, "instance \(k)") }
    }
    #expect(held > 100)
  }

  // Two half hours are metered together. At 3 kW in the first the second may have 1 kW until the mean
  // is at the 2 kW of the line, and 5 kW until it is at the target of 4. A kWh above costs 0.5 / 1 h.
  @Test("between plans the line follows the meter") func guarding() throws {
    let request = Self.request(loadKW: [1, 3], buy: [0.1, 0.1], targetKW: 4, meteredKW: 2)
    var planner = ValueFunctionPlanner()
    let demands = request.prices.demands
    var peaks = PeakGuard()
    peaks.adopt(planner.plan(request), demands: demands, day: 0)
    func record(_ powerKW: Double) {
      peaks.record(
        importKW: powerKW, seconds: 1800, slot: 0, demands: demands, meteringSeconds: 3600)
    }
    func lines() -> [ImportLine] {
      peaks.importLines(slot: 0, demands: demands, meteringSeconds: 3600)
    }
    #expect(lines() == [ImportLine(aboveKW: 2, pricePerKWh: 0.5)])
    record(3)
    #expect(lines() == [ImportLine(aboveKW: 1, pricePerKWh: 0.5)])
    #expect(peaks.importAllowanceKW(slot: 0, demands: demands, meteringSeconds: 3600) == 5)
    // A full interval of 3.5 kW is the new peak so far, and no new target.
    record(4)
    #expect(lines() == [ImportLine(aboveKW: 3.5, pricePerKWh: 0.5)])
    #expect(peaks.targets.map(\.levelKW) == [4])
  }

  // The plan of the cheap hour above: a stored kWh saves 1.00 up to 0.5 kWh and 0.50 beyond. With the line a
  // bought one costs 0.60, so half a kWh is stored; without it 0.10, so all of the dear hour is.
  @Test("the value step weighs the line", arguments: [(true, -0.5), (false, -1.5)])
  func valueStep(hasLine: Bool, batteryKW: Double) {
    let request = Self.request(loadKW: [1, 1.5], buy: [0.1, 0.5], targetKW: 4, meteredKW: 1)
    var planner = ValueFunctionPlanner()
    var situation = RecourseSituation(
      loadKW: 1, pvKW: 0, storedKWh: 0, chargeLimitKW: 5, dischargeLimitKW: 5, seconds: 3600,
      importAllowanceKW: 4)
    if hasLine {
      situation.importLines = [ImportLine(aboveKW: 1, pricePerKWh: 0.5)]
    }
    let asked = RecourseRule.valueStep.request(
      plan: planner.plan(request), slot: 0, situation: situation)
    #expect(isClose(asked.batteryKW, batteryKW, absolute: 1e-6))
  }
}
