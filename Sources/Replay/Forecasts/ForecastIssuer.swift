import Forecasting
import Planning
import Tariffs
import TimeSeries

/// Issues the forecasts of one version, from nothing but what was known at the issue time.
struct ForecastIssuer {
  private let history: SiteHistory
  /// What forecasts are judged by: values that stand in for measurements are missing.
  private let measured: [Quantity: [Double]]
  private let prices: SiteHistory?
  private let published: PublishedPrices
  private var load: any Forecaster
  private var pv: (any Forecaster)?
  private var price: (any Forecaster)?
  private var ambient: any Forecaster
  private let sky: SiteHistory?
  private var sun: any Forecaster
  private var pathGenerator: PathGenerator

  /// Mistakes of the forecasts issued so far.
  private(set) var accuracy: [Quantity: ErrorStatistics] = [:]
  /// What had to be done to the values of the forecasts issued so far.
  private(set) var counts = ForecastCounts()
  /// What learned versions were fitted on, one record per quantity and refit.
  private(set) var models: [ModelRecord] = []
  private let version: String
  private let weather: WeatherForecasts?
  private let seed: UInt64
  /// Quantities that a version is told the truth of, which it need not be hedged against.
  private var truths: Set<Quantity> = []
  /// Leads of which the truth is told, where it is not that of all. [s]
  private var leads: Range<Int>?
  private var truth: OracleForecaster?
  private var fittedUntil: [Quantity: Int] = [:]

  /// Issues the forecasts of a version.
  ///
  /// - Parameters:
  ///   - replay: The case.
  ///   - planningHistory: The history on the planning step.
  ///   - version: The version.
  ///   - truths: Quantities that it is told the truth of; paths are the truth of them as well.
  ///   - leads: Leads of which it is told the truth; those of all slots without. [s]
  /// - Throws: `InputError` when a forecaster refuses.
  init(
    _ replay: ReplayCase, planningHistory: SiteHistory, version: ForecastVersion,
    knowing truths: Set<Quantity> = [], leads: Range<Int>? = nil
  ) throws {
    try self.init(
      replay, planningHistory: planningHistory, version: version.name, weather: version.weather
    ) { quantity in
      if leads == nil, truths.contains(quantity) {
        return OracleForecaster(truth: planningHistory, hasSignedLoad: replay.site.hasSignedLoad)
      }
      return try Self.forecaster(
        of: quantity, by: version, replay, planningHistory: planningHistory)
    }
    self.truths = truths
    self.leads = leads
    if leads != nil {
      truth = OracleForecaster(truth: planningHistory, hasSignedLoad: replay.site.hasSignedLoad)
    }
  }

  /// Returns how a version forecasts a quantity.
  private static func forecaster(
    of quantity: Quantity, by version: ForecastVersion, _ replay: ReplayCase,
    planningHistory: SiteHistory
  ) throws -> any Forecaster {
    var recipe = version.recipe(for: quantity)
    if recipe.kind.followsMoney, !version.members.isEmpty {
      return MoneyForecaster(
        try version.members.map { member in
          MoneyForecaster.Member(
            forecaster: try forecaster(
              of: quantity, by: member, replay, planningHistory: planningHistory),
            weather: member.weather)
        }, weights: version.weights(recipe), zone: planningHistory.zone)
    }
    if quantity != .price, recipe.quantileLevels.isEmpty {
      recipe.quantileLevels = PathGenerator.levels(for: replay.settings.hedge)
    }
    // Only a version that says it is an oracle is given the truth.
    let resources = ForecastResources(
      truth: recipe.kind.isOracle ? planningHistory : nil, external: version.external,
      allowsPrograms: version.allowsPrograms)
    return try recipe.forecaster(
      site: replay.site, seed: replay.settings.seed, resources: resources)
  }

  /// Issues the forecasts of the oracle, the only one that is given the truth.
  init(_ replay: ReplayCase, oracle planningHistory: SiteHistory) throws {
    try self.init(replay, planningHistory: planningHistory, version: "oracle", weather: nil) { _ in
      OracleForecaster(truth: planningHistory, hasSignedLoad: replay.site.hasSignedLoad)
    }
  }

  private init(
    _ replay: ReplayCase, planningHistory: SiteHistory, version: String, weather: WeatherForecasts?,
    forecaster: (Quantity) throws -> any Forecaster
  ) throws {
    history = planningHistory
    measured = Dictionary(
      uniqueKeysWithValues: [Quantity.load, .pv, .price].map {
        ($0, planningHistory.measured($0) ?? [])
      })
    self.version = version
    self.weather = weather
    seed = replay.settings.seed
    pathGenerator = PathGenerator(
      replay.settings.hedge, site: replay.site, seed: replay.settings.seed)
    published = PublishedPrices(
      zone: planningHistory.zone, publicationMinute: replay.settings.publicationMinute)
    load = try forecaster(.load)
    pv = planningHistory[.pv] == nil ? nil : try forecaster(.pv)
    if replay.tariff.usesSpot, let column = planningHistory[.price] {
      prices = SiteHistory(
        grid: planningHistory.grid, zone: planningHistory.zone, columns: [.price: column])
      price = try forecaster(.price)
    } else {
      prices = nil
      price = nil
    }
    // Weather moves slowly against the heat of a pack; yesterday's air serves every version alike.
    ambient = try ForecastRecipe(.naiveDay).forecaster(
      site: replay.site, seed: replay.settings.seed)
    sun = ambient
    sky = replay.sun.map { sun in
      let onHistory = Series(grid: sun.grid, values: sun.wattPerM2)
      return SiteHistory(
        grid: planningHistory.grid, zone: planningHistory.zone,
        columns: [.irradiance: onHistory.resampled(to: planningHistory.grid).values])
    }
  }

  /// Issues the forecasts for a horizon that begins at the issue time.
  mutating func issue(horizon: TimeGrid) throws -> HorizonForecast {
    let now = horizon.start
    let past = history.known(before: now)
    let weather = weather
    var outlook = HorizonForecast(
      grid: horizon, loadKW: [], pvKW: [Double](repeating: 0, count: horizon.count),
      spotPerKWh: [],
      surroundings: Surroundings(
        ambientC: [], irradianceWM2: [Double](repeating: 0, count: horizon.count)))
    var loadIssued = try load.forecast(
      ForecastRequest(past: past, quantity: .load, grid: horizon, weather: weather))
    outlook.loadKW = values(loadIssued, .load)
    var pvIssued = try pv?.forecast(
      ForecastRequest(past: past, quantity: .pv, grid: horizon, weather: weather))
    if let pvIssued { outlook.pvKW = values(pvIssued, .pv) }
    // Paths begin from what the plan is made of, with the fallbacks in place.
    loadIssued.values = outlook.loadKW
    pvIssued?.values = outlook.pvKW
    outlook.paths = pathGenerator.paths(load: loadIssued, pv: pvIssued, past: past)
    try tell(&outlook, past: past)
    for k in outlook.paths.indices where leads == nil {
      if truths.contains(.load) { outlook.paths[k].loadKW = outlook.loadKW }
      if truths.contains(.pv) { outlook.paths[k].pvKW = outlook.pvKW }
    }
    noteFit(of: load, .load)
    noteFit(of: pv, .pv)
    noteFit(of: price, .price)
    outlook.surroundings.ambientC = try ambient.forecast(
      ForecastRequest(past: past, quantity: .ambient, grid: horizon)
    ).values
    if let sky {
      outlook.surroundings.irradianceWM2 = try sun.forecast(
        ForecastRequest(past: sky.known(before: now), quantity: .irradiance, grid: horizon)
      ).values.map { $0.isFinite ? $0 : 0 }
    }
    if prices != nil {
      outlook.spotPerKWh = try spot(over: horizon)
      if truths.contains(.price) {
        try tell(&outlook.spotPerKWh, .price, over: horizon, past: past)
      }
    }
    return outlook
  }

  /// Puts the truth of some leads in place of the forecasts of load and production, and of their paths.
  private mutating func tell(_ outlook: inout HorizonForecast, past: PastHistory) throws {
    guard leads != nil else { return }
    if truths.contains(.load) {
      try tell(&outlook.loadKW, .load, over: outlook.grid, past: past)
      for k in outlook.paths.indices {
        try tell(&outlook.paths[k].loadKW, .load, over: outlook.grid, past: past)
      }
    }
    guard truths.contains(.pv), pv != nil else { return }
    try tell(&outlook.pvKW, .pv, over: outlook.grid, past: past)
    for k in outlook.paths.indices {
      try tell(&outlook.paths[k].pvKW, .pv, over: outlook.grid, past: past)
    }
  }

  private mutating func tell(
    _ values: inout [Double], _ quantity: Quantity, over grid: TimeGrid, past: PastHistory
  ) throws {
    guard let leads,
      let told = try truth?.forecast(
        ForecastRequest(past: past, quantity: quantity, grid: grid))
    else { return }
    for k in values.indices where leads.contains(k * grid.stepSeconds) && told.values[k].isFinite {
      values[k] = told.values[k]
    }
  }

  /// Keeps a record when a version was refitted for the newest forecast.
  private mutating func noteFit(of forecaster: (any Forecaster)?, _ quantity: Quantity) {
    guard let until = forecaster?.fittedUntil(quantity), until != fittedUntil[quantity],
      let record = forecaster?.record(of: quantity, version: version, seed: seed)
    else { return }
    fittedUntil[quantity] = until
    models.append(record)
  }

  private mutating func spot(over horizon: TimeGrid) throws -> [Double] {
    guard let prices, let column = prices[.price] else { return [] }
    let until = min(published.knownUntil(at: horizon.start), horizon.end)
    let step = horizon.stepSeconds
    let knownCount = (until - horizon.start) / step
    let offset = (horizon.start - prices.grid.start) / step
    var spot = Array(column[offset..<min(column.count, offset + knownCount)])
    let rest = horizon[spot.count..<horizon.count]
    if rest.count > 0, price != nil {
      let request = ForecastRequest(
        past: prices.known(before: rest.start), quantity: .price, grid: rest,
        issuedAt: horizon.start)
      if let issued = try price?.forecast(request) { spot += values(issued, .price) }
    }
    return spot
  }

  /// Books a forecast's mistakes and guards, and returns its values.
  private mutating func values(_ forecast: Forecast, _ quantity: Quantity) -> [Double] {
    counts += forecast.counts
    let actual = measured[quantity] ?? []
    let offset = (forecast.grid.start - history.grid.start) / forecast.grid.stepSeconds
    // Taken out, so that its sums have one owner and are not copied.
    var statistics = accuracy.removeValue(forKey: quantity) ?? ErrorStatistics()
    var values = forecast.values
    for k in values.indices {
      if !values[k].isFinite {
        values[k] = 0
        counts.filled += 1
      }
      if offset + k < actual.count {
        statistics.add(forecast: values[k], actual: actual[offset + k], lead: k)
      }
    }
    accuracy[quantity] = statistics
    counts.note(actual: actual.dropFirst(offset).prefix(values.count))
    return values
  }
}
