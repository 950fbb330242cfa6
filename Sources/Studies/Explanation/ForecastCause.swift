import Forecasting
import Replay
import Tariffs
package import TimeSeries

/// What a forecast version may be wrong about.
package enum ForecastCause: String, Sendable, Hashable, CaseIterable {
  case load
  case pv
  /// Spot prices beyond the published ones.
  case price

  /// The quantity that is forecast.
  package var quantity: Quantity {
    switch self {
    case .load: .load
    case .pv: .pv
    case .price: .price
    }
  }

  /// Whether plans at the site read a forecast of it.
  func exists(at replay: ReplayCase) -> Bool {
    switch self {
    case .load: true
    case .pv: replay.history[.pv] != nil
    case .price: replay.tariff.usesSpot && replay.history[.price] != nil
    }
  }

  /// How a version forecasts it.
  func recipe(of version: ForecastVersion) -> ForecastRecipe {
    switch self {
    case .load: version.load
    case .pv: version.pv
    case .price: version.price
    }
  }

  /// What a version may be wrong about at a site; what it is given the truth of is no cause.
  static func causes(of version: ForecastVersion, at replay: ReplayCase) -> [ForecastCause] {
    allCases.filter { $0.exists(at: replay) && $0.recipe(of: version).kind != .perfect }
  }
}
