internal import LinearPrograms

/// A file of the linear program behind a plan.
public enum PlanProgramFile: String, Sendable, Hashable, CaseIterable, Codable {
  /// CPLEX LP, for people.
  case lp
  /// Free MPS, for other solvers.
  case mps

  /// Writes the general linear program of a request, and returns why that failed, if it did.
  ///
  /// - Parameters:
  ///   - request: What is planned.
  ///   - path: File to write.
  /// - Returns: A phrase for the user, or nothing.
  public func write(_ request: PlanRequest, to path: String) -> String? {
    guard let model = PlanningModel(request) else {
      return "the request holds missing or impossible numbers"
    }
    var form = GeneralForm(GLPKPlanner.shape(request, model))
    form.update(model, bans: [SlotBan](repeating: .none, count: model.count))
    let failure = form.program.write(self == .lp ? .lp : .mps, to: path)
    return failure.map { "cannot write the linear program to '\(path)': \($0)" }
  }
}
