import Planning
import TimeSeries

/// Remembers what each plan meant to do, to compare it with what was done.
struct FidelityLog {
  private let slotsPerPlanningSlot: Int
  private var starts: [Int] = []
  private var plannedKW: [[Float]] = []

  init(_ replay: ReplayCase) {
    slotsPerPlanningSlot = replay.settings.planningStepSeconds / replay.period.stepSeconds
  }

  mutating func enter(_ plan: Plan, at slot: Int) {
    starts.append(slot)
    plannedKW.append(plan.grid.indices.map { Float(plan.batteryKW($0)) })
  }

  /// Compares every plan with the executed battery power over its planning slots.
  func fidelity(of trace: ReplayTrace) -> PlanFidelity {
    var fidelity = PlanFidelity()
    let stepHours = trace.grid.stepHours * Double(slotsPerPlanningSlot)
    for (start, planned) in zip(starts, plannedKW) {
      for (k, power) in planned.enumerated() {
        let from = start + k * slotsPerPlanningSlot
        var sum = 0.0
        for i in from..<from + slotsPerPlanningSlot { sum += trace.batteryKW[i] }
        guard sum.isFinite else { continue }
        fidelity.add(
          plannedKW: Double(power), executedKW: sum / Double(slotsPerPlanningSlot),
          leadHours: Double(k) * stepHours)
      }
    }
    return fidelity
  }
}
