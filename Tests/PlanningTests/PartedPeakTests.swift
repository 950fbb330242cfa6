import Planning
import Tariffs
import TestSupport
import Testing
import TimeSeries

/// A price of the peak that rises in parts, as squared charges are planned: rows on the same slots from rising peaks.
@Suite("A peak at prices that rise with it", .tags(.solver)) struct PartedPeakTests {
  private static func parts(
    _ parts: [(fromKW: Double, perKW: Double)], count: Int
  ) -> [DemandPrice] {
    parts.enumerated().map { k, part in
      DemandPrice(
        label: "part \(k)", pricePerKW: part.perKW,
        applies: [Bool](repeating: true, count: count), incurredKW: part.fromKW)
    }
  }

  // Loads of 4 and 2 kW for an hour each; 1 a kW, 1 more above 2 kW and 2 more above 3 kW. What is stored lowers the
  // first hour: 1 kWh to 3 kW (3 + 1, 5 kWh at 0.10), 1.5 kWh to 2.5 kW (2.5 + 0.5, 4.5 kWh), 2 kWh to 2 kW (2, 4 kWh).
  @Test("a peak by hand", arguments: [(1.0, 4.5, 3.0), (1.5, 3.45, 2.5), (2, 2.4, 2)])
  func byHand(storedKWh: Double, objective: Double, peakKW: Double) {
    let request = PlanRequest(
      grid: TimeGrid(start: 0, stepSeconds: 3600, count: 2), loadKW: [4, 2], pvKW: [0, 0],
      prices: PlanningPrices(
        buyPerKWh: [0.1, 0.1], sellPerKWh: [0, 0],
        demands: Self.parts([(0, 1), (2, 1), (3, 2)], count: 2)),
      envelope: .constant(count: 2, chargeKW: 0, dischargeKW: 5, energyMaxKWh: 10),
      initialEnergyKWh: storedKWh, optionValue: .none)
    for plan in plansOfBothSolvers(request) {
      #expect(isClose(plan.objective, objective, absolute: 1e-9), "\(plan.solver)")
      #expect(isClose(plan.importKW[0], peakKW, absolute: 1e-6), "\(plan.solver)")
      #expect(
        isClose(plan.peakTargetKW[0], peakKW, absolute: 1e-6)
          && plan.peakTargetKW[1] >= 2 - 1e-9 && plan.peakTargetKW[2] >= 3 - 1e-9,
        "\(plan.solver)")
    }
  }

  @Test("eight parts cost the same in both solvers, after a few runs of the value function")
  func agreement() {
    var instances = RandomInstances(seed: 71)
    var evaluations = 0
    for k in 0..<60 {
      var request = instances.request(allowsNegative: false)
      let most = request.loadKW.max() ?? 1
      request.prices.demands = Self.parts(
        (0..<8).map { (0.12 * Double($0) * most, 0.4 + 0.1 * Double($0)) },
        count: request.grid.count)
      guard ValueFunctionPlanner.isExact(for: request) else { continue }
      var planner = ValueFunctionPlanner()
      let plan = planner.plan(request)
      evaluations = max(evaluations, planner.counts.evaluations)
      var glpk = GLPKPlanner()
      let other = glpk.plan(request)
      guard plan.status == .optimal, other.status == .optimal else { continue }
      let gap = abs(
        (plan.objective - plan.keepingValue) - (other.objective - other.keepingValue))
      #expect(gap <= 1e-7 * max(1, abs(plan.objective)), "instance \(k)")
    }
    #expect(evaluations > 2 && evaluations < 60, "\(evaluations)")
  }
}
