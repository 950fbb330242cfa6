import Planning

extension PlannerEngine {
  /// Returns a planner that has not planned yet; it stays on the thread that asks for it.
  func planner(seed: UInt64) -> any SchedulePlanner {
    switch self {
    case .glpk: GLPKPlanner()
    case .valueFunction, .automatic: ValueFunctionPlanner()
    }
  }
}
