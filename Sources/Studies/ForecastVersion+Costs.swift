import Replay

extension ForecastVersion {
  /// Returns the version with what its members cost, where all of that is known.
  ///
  /// - Parameters:
  ///   - realised: Costs by the name of a replay.
  ///   - planner: The way of planning of all of them.
  /// - Returns: The version.
  func knowing(
    _ realised: [String: RealisedCosts], plannedBy planner: PlannerVariant?
  ) -> ForecastVersion {
    guard followsMoney else { return self }
    let costs = members.compactMap { realised[planner?.naming($0.name) ?? $0.name] }
    guard costs.count == members.count else { return self }
    var version = self
    version.realised = costs
    return version
  }
}
