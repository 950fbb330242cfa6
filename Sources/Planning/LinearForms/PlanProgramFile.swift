internal import LinearPrograms

/// A file of the linear program behind a plan.
public enum PlanProgramFile: String, Sendable, Hashable, CaseIterable, Codable {
  /// CPLEX LP, for people.
  case lp
  /// Free MPS, for other solvers.
  case mps

  /// Writes the general program of a request, and returns why that failed, if it did.
  ///
  /// Where feeding in pays more than buying costs, whole-number columns choose one of them.
  ///
  /// - Parameters:
  ///   - request: What is planned.
  ///   - path: File to write.
  /// - Returns: A phrase for the user, or nothing.
  public func write(_ request: PlanRequest, to path: String) -> String? {
    guard let model = PlanningModel(request) else {
      return "the request holds missing or impossible numbers"
    }
    let program = IntegerForm(request, model).program
    let failure = program.write(self == .lp ? .lp : .mps, to: path)
    return failure.map { "cannot write the linear program to '\(path)': \($0)" }
  }
}
