import Planning
import TimeSeries

/// What a plan expects: one value per slot of its horizon, all finite.
struct HorizonForecast {
  var grid: TimeGrid
  var loadKW: [Double]
  var pvKW: [Double]
  /// Spot prices, published ones as published; empty when the tariff does not use them.
  var spotPerKWh: [Double]
  /// What the battery will stand in.
  var surroundings: Surroundings
  /// Ways the horizon may turn out; empty unless plans are hedged.
  var paths: [ForecastPath] = []
}
