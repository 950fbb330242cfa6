package import Planning

/// How plans take the error of their forecast into account, and where their paths come from.
package struct HedgeSettings: Sendable, Hashable {
  /// How the paths are used; `none` trusts the forecast.
  package var hedge: Hedge
  /// Where the paths come from.
  package var source: PathSource
  /// Number of paths that are wanted; fewer where the past does not hold so many.
  package var pathCount: Int

  /// What was best where it was measured: the mean cost to go over the last days alike.
  package static let automatic = HedgeSettings(.expectedValue, source: .alikeDays)

  /// Creates a hedge; the default is none.
  package init(_ hedge: Hedge = .none, source: PathSource = .lastDays, pathCount: Int = 12) {
    self.hedge = hedge
    self.source = source
    self.pathCount = pathCount
  }
}

/// Where the paths of a hedged plan come from.
package enum PathSource: String, Sendable, Hashable, CaseIterable, Codable {
  /// The last days as they were metered, laid over the horizon.
  case lastDays = "last_days"
  /// The last workdays over the workdays of the horizon, the last days of rest over its days of rest.
  case alikeDays = "alike_days"
  /// The forecast, each time with what it missed when it was issued at the same hour of an earlier day.
  case residuals
  /// Paths drawn from the deciles of the forecast.
  case quantiles
}

/// How plans foresee the derating of a hot battery.
package enum HeatForesight: String, Sendable, Hashable, CaseIterable, Codable {
  /// Not at all: the limits of a battery at a comfortable temperature.
  case blind
  /// The twin's envelope along self-consumption of the forecast, once.
  case envelope
  /// Plan, envelope along the plan, plan again, until the cost in the twin settles.
  case iterated
  /// Temperature and allowed power as rows of the linear program.
  case inPlan = "in_plan"
}
