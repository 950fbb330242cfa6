package import Forecasting

extension ForecastVersion {
  /// How much of a quantity comes from each member, day by day.
  package func weights(_ recipe: ForecastRecipe) -> MoneyWeights {
    MoneyWeights(
      recipe.kind == .moneySelected ? .selected : .weighted, of: realised,
      windowDays: recipe.windowDays ?? MoneyWeights.usualWindowDays,
      standBy: members.firstIndex { $0.load.kind.isBlend })
  }

  /// Says whether the version, and those that it follows, may start programs.
  package mutating func allowPrograms(_ isAllowed: Bool) {
    allowsPrograms = isAllowed
    for place in members.indices { members[place].allowPrograms(isAllowed) }
  }

  /// The version with what its members cost: as it is, or found by replaying them.
  ///
  /// - Parameters:
  ///   - replay: The case.
  ///   - monitor: Asked whether to stop.
  /// - Returns: The version.
  /// - Throws: What a replay throws.
  func knowingCosts(of replay: ReplayCase, monitor: ReplayMonitor) throws -> ForecastVersion {
    guard followsMoney, realised.isEmpty else { return self }
    var version = self
    let quiet = ReplayMonitor(isCancelled: monitor.isCancelled)
    version.realised = try members.map { member in
      try RealisedCosts(Replayer(replay).run(.planned(member), monitor: quiet), of: replay)
    }
    return version
  }
}

/// How a version followed the costs of others.
package struct FollowedMoney: Sendable {
  /// Names of the members.
  package let members: [String]
  /// How much of its forecasts came from each member, day by day.
  package let weights: MoneyWeights

  /// Tells how the first part that follows money did so; nothing for a version that follows none.
  init?(_ version: ForecastVersion) {
    guard let recipe = [version.load, version.pv, version.price].first(where: \.kind.followsMoney)
    else { return nil }
    members = version.members.map(\.name)
    weights = version.weights(recipe)
  }
}
