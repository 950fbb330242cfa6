package import Planning
package import Replay
package import Tariffs

/// A named way of planning and following plans, to be compared on the same forecasts.
package struct PlannerVariant: Sendable {
  /// The name under which results are shown.
  package var name: String
  /// Which solver makes the plans.
  package var engine: PlannerChoice
  /// How plans take the error of their forecast into account.
  package var hedge: HedgeSettings
  /// How plans foresee the derating of a hot battery.
  package var heat: HeatForesight
  /// How a plan meets what really happens.
  package var recourse: RecourseRule
  /// How a plan prices the month's peak.
  package var peakPricing: PeakPricing
  /// Energy that stays in the battery for outages; that of the scenario where nothing is said.
  package var reserve: Reserve?

  /// Names a way of planning.
  package init(
    name: String, engine: PlannerChoice, hedge: HedgeSettings, heat: HeatForesight,
    recourse: RecourseRule, peakPricing: PeakPricing = .fullPrice, reserve: Reserve? = nil
  ) {
    self.name = name
    self.engine = engine
    self.hedge = hedge
    self.heat = heat
    self.recourse = recourse
    self.peakPricing = peakPricing
    self.reserve = reserve
  }

  /// Returns the version under a name that tells both.
  func naming(_ version: ForecastVersion) -> ForecastVersion {
    var named = version
    named.name = naming(version.name)
    return named
  }

  /// Returns the name of a version that is planned this way.
  package func naming(_ version: String) -> String { "\(version) / \(name)" }
}

extension ReplayCase {
  /// Returns the same case planned in another way.
  package func with(_ planner: PlannerVariant) -> ReplayCase {
    var replay = self
    replay.settings.engine = planner.engine
    replay.settings.hedge = planner.hedge
    replay.settings.heat = planner.heat
    replay.settings.recourse = planner.recourse
    replay.settings.peakPricing = planner.peakPricing
    if let reserve = planner.reserve { replay.settings.reserve = reserve }
    return replay
  }
}
