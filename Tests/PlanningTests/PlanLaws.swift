import Planning
import TimeSeries

/// Returns the law a plan breaks: balance, energy, directions and limits.
func brokenLaw(_ plan: Plan, _ request: PlanRequest) -> String? {
  let h = request.grid.stepHours
  let e = request.envelope
  var stored = request.initialEnergyKWh
  for t in request.grid.indices {
    let moved = plan.waitingKW.reduce(0) { $0 + $1[t] }
    let balance =
      plan.importKW[t] - plan.exportKW[t] + plan.dischargeKW[t] - plan.chargeKW[t]
      + request.pvKW[t] - plan.curtailKW[t] - request.loadKW[t] - moved
    if abs(balance) > 1e-6 { return "balance \(balance) in \(t)" }
    let expected =
      stored * e.retentionPerStep + h * plan.chargeKW[t] * e.chargeEfficiency
      - h * plan.dischargeKW[t] / e.dischargeEfficiency
    if abs(expected - plan.energyKWh[t]) > 1e-6 { return "energy in \(t)" }
    if min(plan.chargeKW[t], plan.dischargeKW[t]) > 0 { return "both directions in \(t)" }
    if min(plan.importKW[t], plan.exportKW[t]) > 0 { return "both ways at the meter in \(t)" }
    if plan.chargeKW[t] > e.chargeKW[t] + 1e-7 { return "charge limit in \(t)" }
    if plan.dischargeKW[t] > e.dischargeKW[t] + 1e-7 { return "discharge limit in \(t)" }
    if plan.exportKW[t] > request.exportLimitKW[t] + 1e-7 { return "export limit in \(t)" }
    if plan.curtailKW[t] < 0 || plan.curtailKW[t] > request.pvKW[t] + 1e-9 {
      return "curtailment in \(t)"
    }
    stored = plan.energyKWh[t]
  }
  return nil
}

/// Returns the plans of the value function and of GLPK, each from a cold start.
func plansOfBothSolvers(_ request: PlanRequest) -> [Plan] {
  var byValue = ValueFunctionPlanner()
  var byGLPK = GLPKPlanner()
  return [byValue.plan(request), byGLPK.plan(request)]
}
