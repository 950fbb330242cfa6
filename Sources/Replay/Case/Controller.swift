package import Forecasting
package import TimeSeries

/// Who decides what the battery does.
package enum Controller: Sendable {
  /// There is no battery; the site's own bill.
  case noBattery
  /// Charge what would be exported, discharge what would be imported, without any plan.
  case selfConsumption
  /// The rolling planner, fed by a forecast version.
  case planned(ForecastVersion)
  /// The rolling planner, fed by a forecast version that is told the truth of some quantities; it explains
  /// what the version costs and ranks nowhere. The truth may be that of slots of some leads only. [s]
  case informed(ForecastVersion, of: Set<Quantity>, leads: Range<Int>? = nil)
  /// The battery did what the history says; see `ReplayCase.isMeasured`.
  case asMeasured
  /// The same rolling planner with the same limits, fed with what will happen.
  case oracle

  /// The name under which results are shown.
  package var name: String {
    switch self {
    case .noBattery: "no battery"
    case .selfConsumption: "self-consumption"
    case .planned(let version): version.name
    case .informed(let version, let truths, _):
      "\(version.name) told " + truths.map(\.rawValue).sorted().joined(separator: ", ")
    case .asMeasured: "as measured"
    case .oracle: "oracle"
    }
  }
}

/// A named way of forecasting everything that a plan needs.
package struct ForecastVersion: Sendable {
  /// The name under which results are shown.
  package var name: String
  /// How load is forecast.
  package var load: ForecastRecipe
  /// How production is forecast.
  package var pv: ForecastRecipe
  /// How spot prices are forecast beyond the published ones.
  package var price: ForecastRecipe
  /// Forecasts made elsewhere, for recipes of the external kind.
  package var external: ExternalForecasts?
  /// Where weather forecasts come from; nothing is known ahead of the weather without.
  package var weather: WeatherForecasts?
  /// Whether recipes of the program kind may start their program.
  package var allowsPrograms = false
  /// The versions whose costs it follows; empty for a version that follows none.
  package var members: [ForecastVersion] = []
  /// What the members cost; found by replaying them where it is empty.
  package var realised: [RealisedCosts] = []

  /// Names a way of forecasting.
  package init(
    name: String, load: ForecastRecipe, pv: ForecastRecipe, price: ForecastRecipe,
    external: ExternalForecasts? = nil, weather: WeatherForecasts? = nil
  ) {
    self.name = name
    self.load = load
    self.pv = pv
    self.price = price
    self.external = external
    self.weather = weather
  }

  /// Returns how a quantity is forecast.
  func recipe(for quantity: Quantity) -> ForecastRecipe {
    switch quantity {
    case .pv: pv
    case .price: price
    default: load
    }
  }

  /// Whether any part of the version follows what its members cost.
  package var followsMoney: Bool { [load, pv, price].contains { $0.kind.followsMoney } }

  /// Whether any part of the version is given the truth; shown wherever its score appears.
  package var isOracle: Bool { [load, pv, price].contains { $0.kind.isOracle } }

  /// Whether the weather that came true stands for a forecast; shown wherever its score appears.
  package var hasOracleWeather: Bool { weather?.isOracle == true }
}
