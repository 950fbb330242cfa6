package import TimeSeries

/// Answers with a forecast for each issue time it is asked about.
///
/// An implementation sees the past only through `ForecastRequest.past`, which holds nothing at or
/// after the issue time, and refits itself on its own cadence from that past. The built-in
/// forecasters are functions of the request: asked in any order, or by a fresh copy, they give the
/// same answer; state is only a cache of work done on the past.
package protocol Forecaster: Sendable {
  /// Returns one value per interval of `request.grid`.
  ///
  /// - Throws: When the request is refused or an outside model fails; missing history is not an
  ///   error but a counted fallback in the result.
  mutating func forecast(_ request: ForecastRequest) throws -> Forecast

  /// Returns before which slot all is known to the newest fit of a quantity; nothing without fits.
  func fittedUntil(_ quantity: Quantity) -> Int?

  /// Returns what the model of a quantity was fitted on, as of its last forecast; nothing without a model here.
  func record(of quantity: Quantity, version: String, seed: UInt64) -> ModelRecord?
}

extension Forecaster {
  /// Nothing, as of a forecaster that is not fitted here.
  package func fittedUntil(_ quantity: Quantity) -> Int? { nil }

  /// Nothing, as of a forecaster that has no model here.
  package func record(of quantity: Quantity, version: String, seed: UInt64) -> ModelRecord? { nil }
}

/// What is asked of a forecaster at an issue time.
package struct ForecastRequest: Sendable {
  /// History cut at the issue time.
  package var past: PastHistory
  /// What is forecast.
  package var quantity: Quantity
  /// The valid intervals; the first begins at or after the end of the past, on the same step.
  package var grid: TimeGrid
  /// Covariates known ahead, one value per interval of `grid`, NaN where none was published.
  ///
  /// Published prices, say; weather comes by `weather`.
  package var knownFuture: [Quantity: [Double]]
  /// Where weather forecasts come from, those of the past included.
  package var weather: WeatherForecasts?
  /// The issue time: nothing made elsewhere that was issued later is looked at. [UTC epoch s]
  package var issuedAt: Int

  /// Asks for a quantity over a grid.
  ///
  /// The issue time is the begin of the grid, or earlier where the past reaches beyond it, as that of
  /// published prices does.
  package init(
    past: PastHistory, quantity: Quantity, grid: TimeGrid,
    knownFuture: [Quantity: [Double]] = [:], weather: WeatherForecasts? = nil, issuedAt: Int? = nil
  ) {
    self.past = past
    self.quantity = quantity
    self.grid = grid
    self.knownFuture = knownFuture
    self.weather = weather
    self.issuedAt = min(issuedAt ?? grid.start, grid.start)
  }

  /// Everything known ahead at the issue time, one value per interval of `grid` each.
  package var knownAhead: [Quantity: [Double]] {
    guard let weather else { return knownFuture }
    return weather.known(over: grid, asOf: issuedAt).merging(knownFuture) { $1 }
  }
}

/// Point and quantile values for the intervals of a horizon, with what had to be done to them.
package struct Forecast: Sendable, Equatable {
  /// The valid intervals.
  package var grid: TimeGrid
  /// Point forecast, one value per interval, in the unit of the quantity.
  package var values: [Double]
  /// Probability levels of `quantiles`, increasing, 0…1.
  package var quantileLevels: [Double]
  /// One column per level, one value per interval each.
  package var quantiles: [[Double]]
  /// What had to be done to the values.
  package var counts: ForecastCounts

  /// Holds a point forecast, optionally with quantiles.
  package init(
    grid: TimeGrid, values: [Double], quantileLevels: [Double] = [], quantiles: [[Double]] = [],
    counts: ForecastCounts = ForecastCounts()
  ) {
    precondition(values.count == grid.count, "one value per interval")
    precondition(quantiles.count == quantileLevels.count, "one column per level")
    self.counts = counts
    self.grid = grid
    self.values = values
    self.quantileLevels = quantileLevels
    self.quantiles = quantiles
  }
}

/// What is known of a site besides its measurements.
package struct SiteContext: Sendable, Hashable {
  /// The site's zone.
  package var zone: Zone
  /// Latitude, north positive. [°]
  package var latitudeDeg: Double?
  /// Longitude, east positive. [°]
  package var longitudeDeg: Double?
  /// Nominal power of the photovoltaic plant. [kW]
  package var pvCapacityKW: Double?
  /// Tilt of the modules from horizontal. [°]
  package var tiltDeg: Double?
  /// Direction the modules face, 180 for south. [°]
  package var azimuthDeg: Double?
  /// Planes of modules, of which `pvCapacityKW` is the sum; empty for one plane by tilt and direction.
  package var planes: [RoofPlane] = []
  /// Largest AC power of the inverter of all planes that have none of their own. [kW]
  package var pvInverterKW: Double?
  /// Days on which people rest as on a weekend.
  package var holidays: HolidayCalendar
  /// The battery whose power is forecast.
  package var battery: StorageLimits?
  /// Whether the load is what a signed meter shows and may be negative.
  package var hasSignedLoad = false
  /// No load is below; minus infinity for the load of a signed meter. [kW]
  package var lowestLoadKW: Double { hasSignedLoad ? -.infinity : 0 }

  /// Creates what is known of a site; only the zone is required.
  package init(
    zone: Zone, latitudeDeg: Double? = nil, longitudeDeg: Double? = nil,
    pvCapacityKW: Double? = nil, tiltDeg: Double? = nil, azimuthDeg: Double? = nil,
    holidays: HolidayCalendar = .none, battery: StorageLimits? = nil
  ) {
    self.zone = zone
    self.latitudeDeg = latitudeDeg
    self.longitudeDeg = longitudeDeg
    self.pvCapacityKW = pvCapacityKW
    self.tiltDeg = tiltDeg
    self.azimuthDeg = azimuthDeg
    self.holidays = holidays
    self.battery = battery
  }

  /// Tilt of the modules, or that of a usual roof. [°]
  package var plantTiltDeg: Double { tiltDeg ?? 30 }

  /// Direction the modules face, or towards the equator. [°]
  package var plantAzimuthDeg: Double { azimuthDeg ?? ((latitudeDeg ?? 0) < 0 ? 0 : 180) }

  /// The place, when both coordinates are known.
  package var place: GeographicPosition? {
    guard let latitudeDeg, let longitudeDeg else { return nil }
    return GeographicPosition(latitudeDeg: latitudeDeg, longitudeDeg: longitudeDeg)
  }
}
