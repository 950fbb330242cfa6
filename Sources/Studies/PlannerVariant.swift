public import Planning
public import Replay

/// A named way of planning and following plans, to be compared on the same forecasts.
public struct PlannerVariant: Sendable {
  /// The name under which results are shown.
  public var name: String
  /// Which solver makes the plans.
  public var engine: PlannerChoice
  /// How plans take the error of their forecast into account.
  public var hedge: HedgeSettings
  /// How plans foresee the derating of a hot battery.
  public var heat: HeatForesight
  /// How a plan meets what really happens.
  public var recourse: RecourseRule

  /// Names a way of planning.
  public init(
    name: String, engine: PlannerChoice, hedge: HedgeSettings, heat: HeatForesight,
    recourse: RecourseRule
  ) {
    self.name = name
    self.engine = engine
    self.hedge = hedge
    self.heat = heat
    self.recourse = recourse
  }

  /// Returns the version under a name that tells both.
  func naming(_ version: ForecastVersion) -> ForecastVersion {
    var named = version
    named.name = "\(version.name) / \(name)"
    return named
  }
}

extension ReplayCase {
  /// Returns the same case planned in another way.
  public func with(_ planner: PlannerVariant) -> ReplayCase {
    var replay = self
    replay.settings.engine = planner.engine
    replay.settings.hedge = planner.hedge
    replay.settings.heat = planner.heat
    replay.settings.recourse = planner.recourse
    return replay
  }
}
