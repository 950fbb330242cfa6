import Numerics
import Planning
import TestSupport
import Testing

@Suite("Agreement of both solvers", .tags(.solver)) struct AgreementTests {
  @Test("equal costs and equal plans on random instances")
  func random() {
    let count = longTests ? 10_000 : 600
    var instances = RandomInstances(seed: 20_240_501)
    var byValue = ValueFunctionPlanner()
    var worst = 0.0
    for k in 0..<count {
      let request = instances.request()
      var byGLPK = GLPKPlanner()
      byGLPK.attachesValueFunction = false
      let a = byValue.plan(request)
      let b = byGLPK.plan(request)
      #expect(b.solver == "glpk", "instance \(k)")
      let gap = abs(a.objective - b.objective) / max(1, abs(a.objective))
      worst = max(worst, gap)
      #expect(
        gap <= 1e-7,
        "instance \(k): \(a.objective) \(b.objective) repaired \(a.repairedSlots) \(b.repairedSlots) demands \(request.prices.demands.count) \(a.status)"
      )
      let capacity = max(1e-3, request.envelope.energyMaxKWh.max() ?? 0)
      let apart = zip(a.energyKWh, b.energyKWh).map { abs($0 - $1) }.max() ?? 0
      #expect(
        apart <= 1e-5 * capacity, "instance \(k): plans \(apart / capacity) of capacity apart")
      #expect(laws(a, request) == nil, "instance \(k): \(laws(a, request) ?? "")")
      #expect(laws(b, request) == nil, "instance \(k): \(laws(b, request) ?? "")")
    }
    print("largest gap", worst)
  }

  /// Returns the law a plan breaks.
  func laws(_ plan: Plan, _ request: PlanRequest) -> String? {
    let h = request.grid.stepHours
    let e = request.envelope
    var stored = request.initialEnergyKWh
    for t in 0..<request.grid.count {
      let balance =
        plan.importKW[t] - plan.exportKW[t] + plan.dischargeKW[t] - plan.chargeKW[t]
        + request.pvKW[t] - plan.curtailKW[t] - request.loadKW[t]
      if abs(balance) > 1e-6 { return "balance \(balance) in \(t)" }
      let expected =
        stored * e.retentionPerStep + h * plan.chargeKW[t] * e.chargeEfficiency
        - h * plan.dischargeKW[t] / e.dischargeEfficiency
      if abs(expected - plan.energyKWh[t]) > 1e-6 { return "energy in \(t)" }
      if min(plan.chargeKW[t], plan.dischargeKW[t]) > 0 { return "both directions in \(t)" }
      if min(plan.importKW[t], plan.exportKW[t]) > 0 { return "both ways at the meter in \(t)" }
      if plan.chargeKW[t] > e.chargeKW[t] + 1e-7 { return "charge limit in \(t)" }
      if plan.dischargeKW[t] > e.dischargeKW[t] + 1e-7 { return "discharge limit in \(t)" }
      if plan.exportKW[t] > request.exportLimitKW + 1e-7 { return "export limit in \(t)" }
      if plan.curtailKW[t] < 0 || plan.curtailKW[t] > request.pvKW[t] + 1e-9 { return "curtail" }
      stored = plan.energyKWh[t]
    }
    return nil
  }
}
