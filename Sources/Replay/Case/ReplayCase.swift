import Diagnostics
package import Forecasting
package import Tariffs
package import TimeSeries
package import Twin

/// A site and what happened there: everything a replay needs besides who decides.
package struct ReplayCase: Sendable {
  /// Measurements before and during the period.
  package let history: SiteHistory
  /// What forecasters may know of the site.
  package let site: SiteContext
  /// The intervals that are replayed and billed, a part of the history's grid.
  package let period: TimeGrid
  /// Position of the period's first interval in the history's grid.
  package let firstSlot: Int
  /// The battery system.
  package private(set) var battery: TwinSpecification
  /// The tariff.
  package let tariff: Tariff
  /// Highest import that the connection allows in each interval of the period. [kW]
  package let importLimitKW: PowerLimit
  /// Highest export that the connection allows in each interval of the period. [kW]
  package let exportLimitKW: PowerLimit
  /// What plans reckon with where the limits are not known yet; nothing where they are always known.
  package let usualLimits: UsualLimits?
  /// How the replay plans, executes and settles.
  package var settings: ReplaySettings
  /// All batteries of a site with several, of which `battery` is the first; empty for one.
  package internal(set) var fleet: [SiteBattery] = []
  /// Loads that can wait, on top of the load of the history.
  package var loads: [SiteLoad] = []
  /// What the maker of the battery promises of its life; nil when nothing is known.
  package var warranty: Warranty?
  /// Sun on the enclosure over the history's grid; nothing for one that the sun does not warm.
  package private(set) var sun: HorizontalIrradiance?

  /// Checks that the parts fit together.
  ///
  /// - Parameters:
  ///   - history: Measurements on one grid with at least `load` and `ambient`.
  ///   - site: What forecasters may know of the site.
  ///   - from: First instant of the period, on a boundary of the history's grid. [UTC epoch s]
  ///   - to: End of the period. [UTC epoch s]
  ///   - battery: The battery system.
  ///   - tariff: The tariff.
  ///   - importLimitKW: Highest import, one for each interval of the period or one for all. [kW]
  ///   - exportLimitKW: Highest export, likewise. [kW]
  ///   - usualLimits: What plans reckon with where the limits are not known yet.
  ///   - settings: How the replay plans, executes and settles.
  /// - Throws: `InputError` with every mismatch found.
  package init(
    history: SiteHistory, site: SiteContext, from: Int, to: Int, battery: TwinSpecification,
    tariff: Tariff, importLimitKW: PowerLimit = .infinity, exportLimitKW: PowerLimit = .infinity,
    usualLimits: UsualLimits? = nil, settings: ReplaySettings
  ) throws {
    var findings = Findings()
    let grid = history.grid
    let step = grid.stepSeconds
    if from < grid.start || to > grid.end || from >= to {
      findings.error(
        "the period \(Instant.utcText(from)) to \(Instant.utcText(to)) must lie within the history "
          + "\(Instant.utcText(grid.start)) to \(Instant.utcText(grid.end))")
    } else if (from - grid.start) % step != 0 || (to - from) % step != 0 {
      findings.error("the period must begin and end on a boundary of the history's \(step) s step")
    }
    for required in [Quantity.load, .ambient] where history[required] == nil {
      findings.error("the history must have the quantity '\(required.rawValue)'")
    }
    if let air = history[.ambient], !air.contains(where: \.isFinite) {
      findings.error("the history must have at least one value of 'ambient'")
    }
    findings.append(contentsOf: settings.problems(historyStepSeconds: step).all)
    let slots = max(0, to - from) / step
    for (name, limit) in [("import", importLimitKW), ("export", exportLimitKW)] {
      if !limit.isUsable(slots: slots) {
        findings.error("the \(name) limit must be one number for each interval of the period")
      } else if limit.leastKW < 0 {
        findings.error("the \(name) limit must not be negative, found \(limit.leastKW) kW")
      }
    }
    try findings.throwIfErrors()
    let first = (from - grid.start) / step
    if tariff.usesSpot {
      let price = history[.price] ?? [Double](repeating: .nan, count: grid.count)
      let missing = (first..<first + (to - from) / step).filter { !price[$0].isFinite }
      if let place = missing.first {
        findings.error(
          "the tariff is priced by spot, and \(missing.count) intervals of the period have no "
            + "spot price, the first at \(Instant.utcText(grid.instant(place)))")
      }
    }
    try findings.throwIfErrors()
    self.history = history
    self.site = site
    self.period = TimeGrid(from: from, to: to, stepSeconds: step)
    self.firstSlot = first
    self.battery = battery
    self.tariff = tariff
    // The connection and the tariff may both limit; the lower limit holds.
    self.importLimitKW = importLimitKW.lowered(to: PowerLimit(tariff.importLimitKW ?? .infinity))
    self.exportLimitKW = exportLimitKW.lowered(to: PowerLimit(tariff.exportLimitKW ?? .infinity))
    self.usualLimits = usualLimits
    self.settings = settings
    sun =
      battery.isSunlit
      ? HorizontalIrradiance(on: grid, from: history, place: site.place) : nil
  }

  /// Intervals of the period by where the sun on the enclosure is known from; empty for an enclosure that
  /// the sun does not warm.
  package var sunSlots: [HorizontalIrradiance.Source: Int] {
    sun?.counts(in: firstSlot..<firstSlot + period.count) ?? [:]
  }

  /// Returns the same case with another battery system.
  package func with(battery: TwinSpecification) -> ReplayCase {
    var other = self
    other.fleet = []
    other.battery = battery
    other.sun =
      battery.isSunlit
      ? sun ?? HorizontalIrradiance(on: history.grid, from: history, place: site.place) : nil
    return other
  }

  /// Returns the same case with several batteries in place of its one; with a list of one it has that one.
  package func with(fleet: [SiteBattery]) -> ReplayCase {
    guard let first = fleet.first else { return self }
    var other = self
    other.fleet = fleet
    other = other.alone(0)
    guard fleet.count > 1 || first.since ?? period.start > period.start else { return other }
    other.settings.wearPerKWh = settings.wearPerKWh
    // Each has its own.
    other.warranty = nil
    other.fleet = fleet
    if other.sun == nil, fleet.contains(where: { $0.system.isSunlit }) {
      other.sun = sun ?? HorizontalIrradiance(on: history.grid, from: history, place: site.place)
    }
    return other
  }

  /// Refuses a policy whose kept models cannot be asked at the steps of the replay.
  ///
  /// - Throws: `InputError` that says how long a step may be.
  package func checkModels(of policy: DeratingPolicy) throws {
    let slot = Double(period.stepSeconds)
    let step = slot / (slot / Double(settings.twinStepSeconds)).rounded(.up)
    try policy.problems(stepSeconds: step, named: "replay.twin_step_s").throwIfErrors()
  }

  /// Returns the same case with other measurements on the same grid.
  package func with(history: SiteHistory) throws -> ReplayCase {
    var other = try ReplayCase(
      history: history, site: site, from: period.start, to: period.end, battery: battery,
      tariff: tariff,
      importLimitKW: importLimitKW, exportLimitKW: exportLimitKW, usualLimits: usualLimits,
      settings: settings)
    other.warranty = warranty
    other.loads = loads
    return fleet.isEmpty ? other : other.with(fleet: fleet)
  }
}

extension ReplayCase {
  /// The case as a forecast version is planned: the truth needs no hedge but one that is asked for.
  ///
  /// - Parameters:
  ///   - version: The version.
  ///   - truths: Quantities whose truth it is told.
  /// - Returns: The case.
  func planned(by version: ForecastVersion, knowing truths: Set<Quantity> = []) -> ReplayCase {
    guard settings.hedge == .automatic, version.load.kind == .perfect || truths.contains(.load),
      version.pv.kind == .perfect || history[.pv] == nil || truths.contains(.pv)
    else { return self }
    var trusting = self
    trusting.settings.hedge = HedgeSettings()
    return trusting
  }
}

extension ReplayCase {
  /// Returns the slots of the plan that is due at an interval; plans do not look beyond the period.
  func planHorizon(at slot: Int) -> TimeGrid {
    let grid = period.withStep(settings.planningStepSeconds)
    let first = slot * period.stepSeconds / grid.stepSeconds
    return grid[first..<min(grid.count, first + settings.horizonSlots)]
  }
}
