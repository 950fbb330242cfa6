import LinearPrograms
import Numerics
import Tariffs
import TestSupport
import Testing
import TimeSeries

@testable import Planning

/// Inverters that run at some powers alone, against a search over all of them.
@Suite("Powers of an inverter") struct PowerStepTests {
  @Test("the next power below and above") func powers() {
    let steps = PowerSteps(stepsKW: [4, 1, 2])
    #expect(steps.stepsKW == [1, 2, 4])
    #expect([0.5, 1, 1.9, 2, 9].map { steps.atMost($0) } == [0, 1, 1, 2, 4])
    #expect(steps.atLeast(1.5, limitKW: 9) == 2)
    #expect(steps.atLeast(3, limitKW: 3.5) == nil)
    #expect(steps.around(-3, chargeKW: 4, dischargeKW: 4) == [0, -2, -4])
    #expect(steps.around(3, chargeKW: 4, dischargeKW: 3) == [0, 2])
    #expect(steps.around(0.1, chargeKW: 4, dischargeKW: 4) == [0, 1])
    let least = PowerSteps(minimumKW: 1.5)
    #expect([0.5, 1.5, 3].map { least.atMost($0) } == [0, 1.5, 3])
    #expect(least.around(1, chargeKW: 4, dischargeKW: 4) == [0, 1.5])
    #expect(PowerSteps.free.isFree && !least.isFree)
  }

  /// Six hours with losses of a tenth each way, prices that rise and fall, and a peak that is billed.
  private static func request(
    _ generator: inout SeededGenerator, steps: PowerSteps, hasPeak: Bool
  ) -> PlanRequest {
    let n = 6
    func draw(_ low: Double, _ high: Double) -> [Double] {
      (0..<n).map { _ in generator.uniform(low, high) }
    }
    var request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: n), loadKW: draw(0, 4), pvKW: draw(0, 3),
      prices: PlanningPrices(
        buyPerKWh: draw(0.1, 0.5), sellPerKWh: draw(0, 0.1),
        demands: hasPeak
          ? [
            DemandPrice(
              label: "peak", pricePerKW: 0.4, applies: [Bool](repeating: true, count: n),
              incurredKW: 1)
          ] : []),
      envelope: .constant(
        count: n, chargeKW: 3, dischargeKW: 3, energyMaxKWh: 8, chargeEfficiency: 0.9,
        dischargeEfficiency: 0.9), initialEnergyKWh: generator.uniform(0, 8),
      wearPerKWh: 0.01, terminal: .perKWh(0.15), optionValue: .none)
    request.powerSteps = steps
    return request
  }

  /// The least cost over all sequences of powers, each power settled by its own price. [currency]
  private static func least(_ request: PlanRequest, powersKW: [Double]) -> Double {
    func cost(from t: Int, storedKWh: Double, peakKW: Double) -> Double {
      if t == request.grid.count {
        let peaks = request.prices.demands.reduce(0) {
          $0 + $1.pricePerKW * max(0, peakKW - $1.incurredKW)
        }
        return peaks - 0.15 * storedKWh
      }
      var best = Double.infinity
      for power in powersKW {
        let after = storedKWh + (power < 0 ? -power * 0.9 : -power / 0.9)
        guard after >= -1e-9, after <= 8 + 1e-9 else { continue }
        let grid = request.loadKW[t] - request.pvKW[t] - power
        let money =
          grid * (grid > 0 ? request.prices.buyPerKWh[t] : request.prices.sellPerKWh[t])
          + 0.01 * max(0, power)
        best = min(
          best, money + cost(from: t + 1, storedKWh: after, peakKW: max(peakKW, grid)))
      }
      return best
    }
    return cost(from: 0, storedKWh: request.initialEnergyKWh, peakKW: 0)
  }

  @Test("the plan costs what the cheapest of all sequences does", arguments: [false, true])
  func enumeration(hasPeak: Bool) {
    var generator = SeededGenerator(seed: 23)
    for round in 0..<12 {
      let steps = PowerSteps(stepsKW: [1, 2.5])
      let request = Self.request(&generator, steps: steps, hasPeak: hasPeak)
      var planner = GLPKPlanner()
      let plan = planner.plan(request)
      let cost = Self.least(request, powersKW: [0, 1, 2.5, -1, -2.5])
      #expect(isClose(plan.objective, cost, absolute: 1e-6), "\(round): \(plan.objective)")
      #expect(planner.counts.stepped == 1 && planner.counts.unstepped == 0)
      for t in 0..<6 {
        let power = abs(plan.batteryKW(t))
        #expect([0, 1, 2.5].contains { isClose(power, $0, absolute: 1e-6) }, "\(power)")
      }
      // A plan at any power is no dearer, and the bound.
      let free = planner.plan(request.atAnyPower())
      #expect(free.objective <= plan.objective + 1e-9)
      #expect(isClose(plan.lowerBound ?? .nan, free.objective, absolute: 1e-6))
    }
  }

  /// Powers from a least one on, in steps of an eighth of a kilowatt: no plan between them is much cheaper.
  @Test("with a least power it costs no more than any sequence of such powers")
  func minimum() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<6 {
      var request = Self.request(
        &generator, steps: PowerSteps(minimumKW: 1.5), hasPeak: true)
      request.loadKW = request.loadKW.map { ($0 * 4).rounded() / 4 }
      var planner = GLPKPlanner()
      let plan = planner.plan(request)
      let powers = [0, 1.5, 2, 2.5, 3, -1.5, -2, -2.5, -3]
      #expect(plan.objective <= Self.least(request, powersKW: powers) + 1e-6)
      for t in 0..<6 {
        let power = abs(plan.batteryKW(t))
        #expect(power < 1e-6 || power >= 1.5 - 1e-6, "\(power)")
      }
      #expect(planner.counts.maxSteppedGap >= 0)
    }
  }

  // 2 kW of load cost 0.5, so 2 kW are best. 1.5 kW save 0.75 and 3 kW save 1, a part of which is fed in for nothing; at a
  // worth of 0.2 they use up 0.3 and 0.6, at 0.1 half of that.
  @Test(
    "the value step takes the cheapest power next to the best",
    arguments: [
      (0.2, 1.5), (0.1, 3),
    ])
  func valueStep(worth: Double, powerKW: Double) {
    var planner = GLPKPlanner()
    planner.attachesValueFunction = false
    let request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 1), loadKW: [2], pvKW: [0],
      prices: PlanningPrices(buyPerKWh: [0.5], sellPerKWh: [0]),
      envelope: .constant(count: 1, chargeKW: 3, dischargeKW: 3, energyMaxKWh: 8),
      initialEnergyKWh: 8, terminal: .perKWh(worth), optionValue: .none)
    let plan = planner.plan(request)
    var situation = RecourseSituation(
      loadKW: 2, pvKW: 0, storedKWh: 8, chargeLimitKW: 3, dischargeLimitKW: 3, seconds: 3600)
    situation.powerSteps = PowerSteps(stepsKW: [1.5, 3])
    let asked = RecourseRule.valueStep.request(plan: plan, slot: 0, situation: situation)
    #expect(asked.batteryKW == powerKW)
    // Set-points take the nearest: of 1.5 and 3 kW the former is nearer to 2.
    let setPoint = RecourseRule.batterySetPoint.request(plan: plan, slot: 0, situation: situation)
    #expect(setPoint.batteryKW == 1.5)
  }
}
