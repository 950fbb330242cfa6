package import Diagnostics
package import TimeSeries

/// How a forecast version is made: its name, its kind and the kind's settings.
package struct ForecastRecipe: Sendable, Hashable {
  /// The kinds of version.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
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
    /// Boosted trees on squared error.
    case trees = "xgboost"
    /// Boosted trees on absolute error: the median.
    case treesMedian = "xgboost_median"
    /// Boosted trees for the nine deciles; the point is the median.
    case treesDeciles = "xgboost_deciles"
    /// Blend of naive, averaged, smoothed, ridge and boosted versions by trailing error.
    case blend
    /// The same blend without boosted trees, which is many times faster.
    case blendClassical = "blend_classical"
    /// Another version with its trailing bias taken off.
    case corrector
    /// Boosted quantile trees on calendar and weather without lags, as Darkstar's Aurora.
    case aurora
    /// PV from an irradiance forecast by plant geometry (PVWatts); slot EWMA for other quantities.
    case pvPhysical = "pv_physical"
    /// PV from an irradiance forecast by learned gain per slot; slot EWMA for other quantities.
    case pvSlotGain = "pv_slot_gain"
    /// Battery power that self-consumption would ask for; slot EWMA for other quantities.
    case batteryRule = "battery_rule"
    /// The last days as paths.
    case historyScenarios = "history_scenarios"
    /// Quantiles of the slot over four weeks.
    case climatology
    /// The truth; labelled oracle.
    case perfect
    /// The truth with stated errors; labelled oracle.
    case oracleNoise = "oracle_noise"
    /// Rows made elsewhere.
    case external
    /// A program asked over a pipe.
    case program
    /// Each day the version that has cost least so far; only a replay knows costs.
    case moneySelected = "money_selected"
    /// Mean of the versions, weighted by what each has cost so far; only a replay knows costs.
    case moneyWeighted = "money_weighted"

    /// True when the version is given the truth.
    package var isOracle: Bool { self == .perfect || self == .oracleNoise }

    /// True when the version follows what others have cost.
    package var followsMoney: Bool { self == .moneySelected || self == .moneyWeighted }

    /// Whether a model here makes it from what is known at the issue, and from nothing else.
    package var isMadeFromPast: Bool {
      !isOracle && !followsMoney && self != .external && self != .program
    }

    /// Whether it weighs other kinds by their errors.
    package var isBlend: Bool { self == .blend || self == .blendClassical }
  }

  /// Name of the version in every result.
  package var version: String
  /// Kind of the version.
  package var kind: Kind
  /// Days from one refit to the next (learned kinds); nothing fits once. [d]
  package var refitDays: Int?
  /// Newest days of history that a fit uses (learned kinds); nothing uses all. [d]
  package var trainingDays: Int?
  /// Errors put on the truth (`oracle_noise`).
  package var noise: OracleForecaster.Noise
  /// Name of the version in the external rows (`external`); the recipe's own name when nothing.
  package var externalVersion: String?
  /// Age beyond which an external issue is not used. [h]
  package var maxAgeHours: Double?
  /// Probability levels of the quantiles wanted, increasing; none for a point forecast alone.
  package var quantileLevels: [Double] = []
  /// Step a day by which the levels of quantiles made from own errors follow their coverage
  /// (adaptive conformal inference, measured 0.01); nothing keeps the levels.
  package var adaptiveRate: Double?
  /// Kind that the `corrector` corrects.
  package var correctedKind: Kind = .ridge
  /// The program asked (`program`).
  package var program: ProcessForecaster.Settings?
  /// Boosting rounds of the tree versions; nothing takes 150, Aurora 200.
  package var treeRounds: Int?
  /// Number of days of `history_scenarios`.
  package var scenarioCount = 12
  /// Newest days whose costs are looked at (`money_selected`, `money_weighted`); nothing takes the usual. [d]
  package var windowDays: Int?
  /// Whether the production is forecast plane by plane and added up, at a site with planes.
  package var isByPlane = false

  /// Creates a version; `validate()` tells whether the settings make sense.
  package init(
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

  /// Creates a version that bears the name of its kind.
  package init(_ kind: Kind) { self.init(version: kind.rawValue, kind: kind) }

  /// Checks the settings.
  ///
  /// - Throws: `InputError` with all that is wrong; findings carry the key of a scenario.
  package func validate() throws(InputError) {
    var findings = Findings()
    func within(_ value: Int?, _ range: ClosedRange<Int>, _ key: String) {
      guard let value, !range.contains(value) else { return }
      findings.error(
        "'\(key)' must be from \(range.lowerBound) to \(range.upperBound), found '\(value)'",
        key: key)
    }
    func require(_ condition: Bool, _ key: String, _ rule: String, found value: Double?) {
      guard !condition else { return }
      findings.error("'\(key)' must be \(rule), found '\(plain(value ?? .nan))'", key: key)
    }
    if version.isEmpty { findings.error("'version' must not be empty", key: "name") }
    within(refitDays, 1...3660, "refit_days")
    within(trainingDays, 7...3660, "training_days")
    within(treeRounds, 1...10_000, "rounds")
    within(scenarioCount, 1...366, "scenarios")
    within(windowDays, 7...3660, "window_days")
    require(maxAgeHours.map { $0 > 0 } ?? true, "max_age_h", "positive", found: maxAgeHours)
    require(
      noise.deviationFraction >= 0 && noise.deviationFraction.isFinite, "deviation_fraction",
      "zero or more", found: noise.deviationFraction)
    require(
      noise.correlationPerHour >= 0 && noise.correlationPerHour < 1, "correlation_per_hour",
      "at least 0 and less than 1", found: noise.correlationPerHour)
    require(noise.scale.isFinite, "scale", "finite", found: noise.scale)
    require(noise.offset.isFinite, "offset", "finite", found: noise.offset)
    require(
      adaptiveRate.map { $0 > 0 && $0 <= 1 } ?? true, "adaptive_rate", "above 0, up to 1",
      found: adaptiveRate)
    if isByPlane, !kind.isMadeFromPast {
      findings.error(
        "'by_plane' is of versions that are made here from the past, which '\(kind.rawValue)' is not",
        key: "by_plane")
    }
    if !quantileLevels.allSatisfy({ $0 > 0 && $0 < 1 })
      || zip(quantileLevels, quantileLevels.dropFirst()).contains(where: { $0 >= $1 })
    {
      findings.error("'quantiles' must lie between 0 and 1 and increase")
    }
    if kind == .program, program == nil {
      findings.error("a version of kind 'program' needs 'command'", key: "command")
    }
    if let program {
      within(program.historyDays, 1...3660, "history_days")
      require(
        program.timeoutSeconds > 0 && program.timeoutSeconds <= 86_400, "timeout_s",
        "positive and a day at most", found: program.timeoutSeconds)
    }
    if [.corrector, .perfect, .oracleNoise, .external, .program].contains(correctedKind)
      || correctedKind.followsMoney
    {
      findings.error(
        "'corrects' must be a built-in version, found '\(correctedKind.rawValue)'", key: "corrects")
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
  package func forecaster(
    site: SiteContext, seed: UInt64, resources: ForecastResources = ForecastResources()
  ) throws -> any Forecaster {
    try validate()
    switch kind {
    case .perfect, .oracleNoise:
      guard let truth = resources.truth else {
        throw InputError("version '\(version)' is an oracle and needs the truth")
      }
      return OracleForecaster(
        truth: truth, noise: kind == .perfect ? OracleForecaster.Noise() : noise, seed: seed,
        hasSignedLoad: site.hasSignedLoad)
    case .external:
      guard let external = resources.external else {
        throw InputError("version '\(version)' is external and needs forecast rows")
      }
      return try ExternalForecaster(
        external, version: externalVersion ?? version, site: site,
        maxAgeSeconds: maxAgeHours.map { Int($0 * 3600) })
    case .program:
      guard let program else {
        throw InputError("a version of kind 'program' needs 'command'")
      }
      return try ProcessForecaster(
        program, site: site, levels: quantileLevels, isAllowed: resources.allowsPrograms)
    case .moneySelected, .moneyWeighted:
      throw InputError(
        "version '\(version)' follows what other versions cost, which is known only in a replay of a scenario"
      )
    default:
      let recipe = self
      func version(_ site: SiteContext, _ plane: String?) -> VersionForecaster {
        let external = plane.map { resources.external?.ofPlane($0) } ?? resources.external
        return VersionForecaster(
          site: site, levels: quantileLevels, schedule: schedule, adaptiveRate: adaptiveRate
        ) { recipe.model(for: $0, seed: seed, external: external) }
      }
      guard isByPlane, !site.planes.isEmpty else { return version(site, nil) }
      return PlaneForecaster(site: site, of: version)
    }
  }

  private var schedule: TrainingSchedule {
    TrainingSchedule(refitDays: refitDays, windowDays: trainingDays)
  }

  func model(
    for quantity: Quantity, seed: UInt64, external: ExternalForecasts?
  ) -> any SlotModel {
    switch kind {
    case .persistence: return PersistenceModel()
    case .naiveDay: return SeasonalNaiveModel(days: 1)
    case .naiveWeek: return SeasonalNaiveModel(days: 7)
    case .sevenDayHourAverage: return SevenDayHourModel()
    case .slotEWMA: return SlotEWMAModel()
    case .clearSkyPersistence: return quantity == .pv ? ClearnessModel() : SlotEWMAModel()
    case .ridge: return RidgeModel(schedule: schedule)
    case .trees: return trees(.squared, schedule, seed)
    case .treesMedian: return trees(.pinball([0.5]), schedule, seed)
    case .treesDeciles: return trees(.pinball((1...9).map { Double($0) / 10 }), schedule, seed)
    case .blend, .blendClassical:
      return blend(quantity, schedule, seed, external)
    case .corrector:
      var base = self
      base.kind = correctedKind
      return CorrectorModel(
        base: base.model(for: quantity, seed: seed, external: external), schedule: schedule)
    case .aurora: return AuroraModel(schedule: schedule, seed: seed, rounds: treeRounds)
    case .pvPhysical: return quantity == .pv ? PhysicalModel() : SlotEWMAModel()
    case .pvSlotGain: return quantity == .pv ? SlotGainModel() : SlotEWMAModel()
    case .batteryRule: return quantity == .batteryPower ? BatteryRuleModel() : SlotEWMAModel()
    case .historyScenarios: return HistoryScenariosModel(count: scenarioCount)
    case .climatology: return ClimatologyModel()
    case .sevenDayAverage, .perfect, .oracleNoise, .external, .program, .moneySelected,
      .moneyWeighted:
      return SevenDayModel()
    }
  }

  private func trees(
    _ loss: TreeModel.Loss, _ schedule: TrainingSchedule, _ seed: UInt64
  ) -> TreeModel {
    var settings = TreeSettings()
    if let treeRounds { settings.rounds = treeRounds }
    return TreeModel(schedule: schedule, loss: loss, settings: settings, seed: seed)
  }

  private func blend(
    _ quantity: Quantity, _ schedule: TrainingSchedule, _ seed: UInt64,
    _ external: ExternalForecasts?
  ) -> BlendModel {
    var kinds: [Kind] = [.naiveDay, .sevenDayAverage]
    kinds += quantity == .pv ? [.clearSkyPersistence, .ridge] : [.slotEWMA, .ridge]
    // Without an irradiance forecast the slot gain has no value and takes no part.
    kinds.append(quantity == .pv ? .pvSlotGain : .naiveWeek)
    if kind == .blend { kinds += [.trees, .treesMedian] }
    var members: [(name: String, model: any SlotModel)] = kinds.map { member in
      var recipe = self
      recipe.kind = member
      return (member.rawValue, recipe.model(for: quantity, seed: seed, external: nil))
    }
    if let external {
      for version in external.versions
      where external.contains(version: version, quantity: quantity) {
        // A version made elsewhere may bear the name of a kind, or even of one told apart so.
        var name = version
        while members.contains(where: { $0.name == name }) { name += " (external)" }
        members.append(
          (name, ExternalModel(forecasts: external, version: version, quantity: quantity)))
      }
    }
    return BlendModel(members: members, schedule: schedule)
  }
}

/// What a recipe may need besides the past.
package struct ForecastResources: Sendable {
  /// What happened; only oracle kinds read it.
  package var truth: SiteHistory?
  /// Forecasts made elsewhere.
  package var external: ExternalForecasts?
  /// Whether versions may start programs (`--allow-exec`).
  package var allowsPrograms: Bool

  /// Gathers resources.
  package init(
    truth: SiteHistory? = nil, external: ExternalForecasts? = nil, allowsPrograms: Bool = false
  ) {
    self.truth = truth
    self.external = external
    self.allowsPrograms = allowsPrograms
  }
}
