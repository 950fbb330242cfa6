package import Forecasting
package import TimeSeries

/// A forecast version with its recipe for the quantity that is tested.
package struct BacktestCandidate: Sendable {
  /// Name in every result.
  package var name: String
  /// How the quantity is forecast.
  package var recipe: ForecastRecipe
  /// Forecasts made elsewhere, if the version uses them.
  package var external: ExternalForecasts?
  /// Where weather that is known ahead comes from.
  package var weather: WeatherForecasts?

  /// Names a version.
  package init(
    name: String, recipe: ForecastRecipe, external: ExternalForecasts?, weather: WeatherForecasts?
  ) {
    self.name = name
    self.recipe = recipe
    self.external = external
    self.weather = weather
  }

  /// Says what no forecaster could have known; empty for an honest version.
  package var label: String {
    var labels: [String] = []
    if recipe.kind.isOracle { labels.append("oracle") }
    if weather?.isOracle == true { labels.append("oracle weather") }
    return labels.joined(separator: ", ")
  }

  /// Returns the forecaster of the version.
  ///
  /// - Parameters:
  ///   - site: Where it forecasts.
  ///   - seed: Seed of everything random in it.
  ///   - allowsPrograms: Whether it may start a program.
  ///   - history: What was measured, given to an oracle only.
  /// - Returns: A forecaster that has seen nothing yet.
  /// - Throws: `InputError` when the recipe lacks something.
  package func forecaster(
    site: SiteContext, seed: UInt64, allowsPrograms: Bool, history: SiteHistory
  ) throws -> any Forecaster {
    try recipe.forecaster(
      site: site, seed: seed,
      resources: ForecastResources(
        truth: recipe.kind.isOracle ? history : nil, external: external,
        allowsPrograms: allowsPrograms))
  }
}
