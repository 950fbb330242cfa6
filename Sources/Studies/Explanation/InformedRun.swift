import Forecasting
import Replay
import TimeSeries

/// A replay in which a version is told the truth of some quantities.
struct InformedRun: Sendable {
  var version: ForecastVersion
  let truths: Set<Quantity>
  let planner: PlannerVariant?
  /// Leads of which the truth is told; those of all slots without. [s]
  var leads: Range<Int>?
  /// Whether the next day's prices are published at midnight before it, whenever the market does it.
  var knowsNextDay = false

  /// What decides a run: two with equal keys cost the same.
  struct Key: Hashable {
    /// How each quantity is forecast; nothing where the truth is told or nothing is forecast.
    let recipes: [ForecastRecipe?]
    /// The version, where weather or rows of its own may tell it from others.
    let source: String
    let planner: String?
    let leads: Range<Int>?
    /// Which truths, where they do not show in the recipes.
    let truths: Set<Quantity>
    let knowsNextDay: Bool
  }

  func key(at replay: ReplayCase) -> Key {
    let recipes = ForecastCause.allCases.map { cause -> ForecastRecipe? in
      guard cause.exists(at: replay), leads != nil || !truths.contains(cause.quantity) else {
        return nil
      }
      var recipe = cause.recipe(of: version)
      // A built-in kind does the same under any name.
      if recipe.kind != .external, recipe.kind != .program { recipe.version = "" }
      return recipe
    }
    let isShared =
      recipes.allSatisfy { $0 == nil }
      || (version.weather == nil && version.external == nil && !version.followsMoney)
    return Key(
      recipes: recipes, source: isShared ? "" : version.name, planner: planner?.name, leads: leads,
      truths: leads == nil ? [] : truths, knowsNextDay: knowsNextDay)
  }

  /// What a finished replay cost, without all that happened in it.
  struct Cost: Sendable {
    /// Cost of the period. [currency]
    let total: Double
    let parts: VersionCosts

    init(_ outcome: ReplayOutcome) {
      total = outcome.cost
      parts = VersionCosts(outcome)
    }
  }

  func run(_ replay: ReplayCase, _ monitor: ReplayMonitor) throws -> Cost {
    var replay = planner.map { replay.with($0) } ?? replay
    if knowsNextDay { replay.settings.publicationMinute = PriceKnowledge.earlyMinute }
    return Cost(
      try Replayer(replay).run(.informed(version, of: truths, leads: leads), monitor: monitor))
  }
}
