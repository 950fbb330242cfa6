import Planning

extension PlannerEngine {
  /// Returns a planner that has not planned yet; it stays on the thread that asks for it.
  func planner(seed: UInt64) -> AutomaticPlanner {
    switch self {
    case .automatic: AutomaticPlanner(.automatic, seed: seed)
    case .glpk: AutomaticPlanner(.glpk, seed: seed)
    case .valueFunction: AutomaticPlanner(.valueFunction, seed: seed)
    }
  }
}
