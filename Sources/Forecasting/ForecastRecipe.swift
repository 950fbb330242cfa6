public import Diagnostics
public import TimeSeries

/// How a forecast version is made: its name, its kind and the kind's settings.
public struct ForecastRecipe: Sendable, Hashable {
  /// The kinds of version.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The newest value, held.
    case persistence
    /// The value a day before.
    case naiveDay = "naive_day"
    /// The value a week before.
    case naiveWeek = "naive_week"
    /// Mean of the slot over the newest seven days; strictly causal.
    case sevenDayAverage = "baseline_7_day_avg"
    /// Mean of the clock hour over the newest seven days, as Darkstar averages.
    case sevenDayHourAverage = "baseline_7_day_avg_hourly"
    /// Smoothed slot means with day type and level.
    case slotEWMA = "slot_ewma"
    /// Clear-sky-index persistence for PV; slot EWMA for other quantities.
    case clearSkyPersistence = "kc_persistence"
    /// Ridge regression on calendar and lags.
    case ridge
    /// The truth; labelled oracle.
    case perfect
    /// The truth with stated errors; labelled oracle.
    case oracleNoise = "oracle_noise"
    /// Rows made elsewhere.
    case external

    /// True when the version is given the truth.
    public var isOracle: Bool { self == .perfect || self == .oracleNoise }
  }

  /// Name of the version in every result.
  public var version: String
  /// Kind of the version.
  public var kind: Kind
  /// Days from one refit to the next (learned kinds); nothing fits once. [d]
  public var refitDays: Int?
  /// Errors put on the truth (`oracle_noise`).
  public var noise: OracleForecaster.Noise
  /// Name of the version in the external rows (`external`); the recipe's own name when nothing.
  public var externalVersion: String?
  /// Age beyond which an external issue is not used. [h]
  public var maxAgeHours: Double?

  /// Describes a version; `validate()` tells whether the settings make sense.
  public init(
    version: String, kind: Kind, refitDays: Int? = 28,
    noise: OracleForecaster.Noise = OracleForecaster.Noise(), externalVersion: String? = nil,
    maxAgeHours: Double? = nil
  ) {
    self.version = version
    self.kind = kind
    self.refitDays = refitDays
    self.noise = noise
    self.externalVersion = externalVersion
    self.maxAgeHours = maxAgeHours
  }

  /// Describes a version that bears the name of its kind.
  public init(_ kind: Kind) { self.init(version: kind.rawValue, kind: kind) }

  /// Checks the settings.
  ///
  /// - Throws: `InputError` with all that is wrong.
  public func validate() throws(InputError) {
    var findings = Findings()
    if version.isEmpty { findings.error("'version' must not be empty") }
    if let refitDays, refitDays < 1 {
      findings.error("'refit_days' must be at least 1, found '\(refitDays)'")
    }
    if let maxAgeHours, !(maxAgeHours > 0) {
      findings.error("'max_age_hours' must be positive, found '\(maxAgeHours)'")
    }
    if !(noise.deviationFraction >= 0 && noise.deviationFraction.isFinite) {
      findings.error(
        "'deviation_fraction' must not be negative, found '\(noise.deviationFraction)'")
    }
    if !(noise.correlationPerHour >= 0 && noise.correlationPerHour < 1) {
      findings.error(
        "'correlation_per_hour' must be at least 0 and less than 1,"
          + " found '\(noise.correlationPerHour)'")
    }
    if !noise.scale.isFinite || !noise.offset.isFinite {
      findings.error("'scale' and 'offset' of the noise must be finite")
    }
    try findings.throwIfErrors()
  }

  /// Returns a forecaster of this version.
  ///
  /// - Parameters:
  ///   - site: What is known of the site.
  ///   - seed: Seed of everything random in the version.
  ///   - resources: The truth for oracle kinds, the rows for external ones.
  /// - Returns: A forecaster that has seen nothing yet.
  /// - Throws: `InputError` when settings are wrong or a resource is missing.
  public func forecaster(
    site: SiteContext, seed: UInt64, resources: ForecastResources = ForecastResources()
  ) throws -> any Forecaster {
    try validate()
    switch kind {
    case .perfect, .oracleNoise:
      guard let truth = resources.truth else {
        throw InputError("version '\(version)' is an oracle and needs the truth")
      }
      return OracleForecaster(
        truth: truth, noise: kind == .perfect ? OracleForecaster.Noise() : noise, seed: seed)
    case .external:
      guard let external = resources.external else {
        throw InputError("version '\(version)' is external and needs forecast rows")
      }
      return try ExternalForecaster(
        external, version: externalVersion ?? version, site: site,
        maxAgeSeconds: maxAgeHours.map { Int($0 * 3600) })
    default:
      let recipe = self
      return VersionForecaster(site: site) { recipe.model(for: $0) }
    }
  }

  func model(for quantity: Quantity) -> any SlotModel {
    switch kind {
    case .persistence: PersistenceModel()
    case .naiveDay: SeasonalNaiveModel(days: 1)
    case .naiveWeek: SeasonalNaiveModel(days: 7)
    case .sevenDayHourAverage: SevenDayHourModel()
    case .slotEWMA: SlotEWMAModel()
    case .clearSkyPersistence: quantity == .pv ? ClearnessModel() : SlotEWMAModel()
    case .ridge:
      RidgeModel(schedule: TrainingSchedule(refitDays: refitDays), usesTemperature: true)
    case .sevenDayAverage, .perfect, .oracleNoise, .external: SevenDayModel()
    }
  }
}

/// What a recipe may need besides the past.
public struct ForecastResources: Sendable {
  /// What happened; only oracle kinds read it.
  public var truth: SiteHistory?
  /// Forecasts made elsewhere.
  public var external: ExternalForecasts?

  /// Gathers resources.
  public init(truth: SiteHistory? = nil, external: ExternalForecasts? = nil) {
    self.truth = truth
    self.external = external
  }
}
