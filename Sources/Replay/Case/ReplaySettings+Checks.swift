package import Diagnostics

extension ReplaySettings {
  /// Returns everything that makes the settings impossible for a history of a step; keys are those of a
  /// scenario.
  ///
  /// - Parameter historyStepSeconds: Step of the history. [s]
  /// - Returns: What was found.
  package func problems(historyStepSeconds: Int) -> Findings {
    var found = Findings()
    let replanHours = Double(replanSeconds) / 3600
    if planningStepSeconds <= 0 || planningStepSeconds % historyStepSeconds != 0 {
      // The other two are multiples of a planning step that fits.
      found.error(
        "'step_s' of the planner must be a multiple of the period's step of "
          + "\(historyStepSeconds) s, found '\(planningStepSeconds)'", key: "planner.step_s")
    } else {
      if replanSeconds <= 0 || replanSeconds % planningStepSeconds != 0 {
        found.error(
          "'replan_every_h' must be a multiple of the planning step of \(planningStepSeconds) s, "
            + "found '\(plain(replanHours))'", key: "planner.replan_every_h")
      }
      if Int((horizonHours * 3600).rounded()) % planningStepSeconds != 0 {
        found.error(
          "'horizon_h' must be a multiple of the planning step of \(planningStepSeconds) s, "
            + "found '\(plain(horizonHours))'", key: "planner.horizon_h")
      }
    }
    if !(horizonHours >= replanHours) {
      found.error(
        "'horizon_h' must reach the next plan, 'replan_every_h' is \(plain(replanHours))",
        key: "planner.horizon_h")
    }
    if twinStepSeconds <= 0 {
      found.error(
        "'twin_step_s' must be positive, found '\(twinStepSeconds)'", key: "replay.twin_step_s")
    }
    return found
  }

  /// The planning step for a history of a step: the usual one, or the history's where that does not
  /// divide it. [s]
  package static func usualPlanningStep(historyStepSeconds: Int) -> Int {
    let usual = ReplaySettings().planningStepSeconds
    return historyStepSeconds < usual && usual % historyStepSeconds == 0
      ? usual : historyStepSeconds
  }
}
