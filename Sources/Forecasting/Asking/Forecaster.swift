public import TimeSeries

/// Answers with a forecast for each issue time it is asked about.
///
/// An implementation sees the past only through `ForecastRequest.past`, which holds nothing at or
/// after the issue time, and refits itself on its own cadence from that past. The built-in
/// forecasters are functions of the request: asked in any order, or by a fresh copy, they give the
/// same answer; state is only a cache of work done on the past.
public protocol Forecaster: Sendable {
  /// Returns one value per interval of `request.grid`.
  ///
  /// - Throws: When the request is refused or an outside model fails; missing history is not an
  ///   error but a counted fallback in the result.
  mutating func forecast(_ request: ForecastRequest) throws -> Forecast
}

/// What is asked of a forecaster at an issue time.
public struct ForecastRequest: Sendable {
  /// History cut at the issue time.
  public var past: PastHistory
  /// What is forecast.
  public var quantity: Quantity
  /// The valid intervals; the first begins at or after the end of the past, on the same step.
  public var grid: TimeGrid
  /// Covariates known ahead, one value per interval of `grid`, NaN where none was published.
  ///
  /// Published prices, say; weather comes by `weather`.
  public var knownFuture: [Quantity: [Double]]
  /// Where weather forecasts come from, those of the past included.
  public var weather: WeatherOutlook?

  /// Asks for a quantity over a grid.
  public init(
    past: PastHistory, quantity: Quantity, grid: TimeGrid,
    knownFuture: [Quantity: [Double]] = [:], weather: WeatherOutlook? = nil
  ) {
    self.past = past
    self.quantity = quantity
    self.grid = grid
    self.knownFuture = knownFuture
    self.weather = weather
  }

  /// Everything known ahead at the issue time, one value per interval of `grid` each.
  public var knownAhead: [Quantity: [Double]] {
    guard let weather else { return knownFuture }
    return weather.known(over: grid, asOf: issuedAt).merging(knownFuture) { $1 }
  }

  /// The issue time: the begin of the first interval forecast. [UTC epoch s]
  public var issuedAt: Int { grid.start }
}

/// Point and quantile values for the intervals of a horizon, with what had to be done to them.
public struct Forecast: Sendable, Equatable {
  /// The valid intervals.
  public var grid: TimeGrid
  /// Point forecast, one value per interval, in the unit of the quantity.
  public var values: [Double]
  /// Probability levels of `quantiles`, increasing, 0…1.
  public var quantileLevels: [Double]
  /// One column per level, one value per interval each.
  public var quantiles: [[Double]]
  /// Intervals whose point value came from the stated fallback instead of the version itself.
  public var filledSlots = 0
  /// Intervals raised to the floor of zero (load and PV).
  public var flooredSlots = 0
  /// Intervals cut to the cap (PV capacity).
  public var cappedSlots = 0
  /// Intervals of PV set to zero because the sun is down or never shone on the plant then.
  public var nightSlots = 0
  /// Intervals in the dark that were left alone because the plant reports output in the dark.
  public var doubtedSunSlots = 0
  /// Intervals for which a column of the weather lay beyond what the fit has seen and was held at the
  /// edge of it.
  public var boundedSlots = 0
  /// Intervals where quantiles crossed and were put in order.
  public var crossedSlots = 0

  /// Intervals of which the guards changed the point value.
  public var clampedSlots: Int { flooredSlots + cappedSlots + nightSlots }

  /// Holds a point forecast, optionally with quantiles.
  public init(
    grid: TimeGrid, values: [Double], quantileLevels: [Double] = [], quantiles: [[Double]] = []
  ) {
    precondition(values.count == grid.count, "one value per interval")
    precondition(quantiles.count == quantileLevels.count, "one column per level")
    self.grid = grid
    self.values = values
    self.quantileLevels = quantileLevels
    self.quantiles = quantiles
  }
}

/// What is known of a site besides its measurements.
public struct SiteContext: Sendable, Hashable {
  /// The site's zone.
  public var zone: Zone
  /// Latitude, north positive. [°]
  public var latitudeDeg: Double?
  /// Longitude, east positive. [°]
  public var longitudeDeg: Double?
  /// Nominal power of the photovoltaic plant. [kW]
  public var pvCapacityKW: Double?
  /// Tilt of the modules from horizontal. [°]
  public var tiltDeg: Double?
  /// Direction the modules face, 180 for south. [°]
  public var azimuthDeg: Double?
  /// Days on which people rest as on a weekend.
  public var holidays: HolidayCalendar
  /// The battery whose power is forecast.
  public var battery: StorageLimits?

  /// Describes a site; only the zone is required.
  public init(
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

  /// The place, when both coordinates are known.
  var place: GeographicPosition? {
    guard let latitudeDeg, let longitudeDeg else { return nil }
    return GeographicPosition(latitudeDeg: latitudeDeg, longitudeDeg: longitudeDeg)
  }
}
