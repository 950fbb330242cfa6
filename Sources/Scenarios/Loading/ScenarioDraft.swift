import Diagnostics
import Documents
import Forecasting
import Planning
import Replay
import Tariffs
import Studies
import Synthesis
import Telemetry
import TimeSeries
import Twin

/// The sections of a document as far as they could be read, and the checks between them.
struct ScenarioDraft {
  var name: String?
  var site: SiteSettings?
  var period: PeriodSettings?
  var history: HistorySettings?
  var forecasts: ForecastSettings?
  var battery: BatterySection?
  var batteries: [BatteryVariant] = []
  var fleet: [FleetBattery] = []
  var grid: GridSettings?
  var loads: [LoadSettings] = []
  var meters: [MeterSettings] = []
  var tariff: Tariff?
  var settings: ReplaySettings?
  var planners: [PlannerVariant] = []
  var size: SizeSettings?
  var stress: StressSettings?

  /// Reads all sections, so that mistakes in one do not hide those in another.
  init(_ reader: MappingReader) {
    name = reader.optionalText("name")
    let site = reader.section("site") { SiteSettings($0) }
    let zone = site?.zone ?? .utc
    let period = reader.section("period") { PeriodSettings($0, zone: zone) }
    history = reader.section("history") { HistorySettings($0, site: site) }
    forecasts = reader.section("forecasts") {
      ForecastSettings($0, planes: site.map(\.context.planes))
    }
    let converter = reader.section("inverter") { ConverterSpecification($0) }
    let battery = reader.section("battery") { BatterySection($0, converter: converter) }
    grid = reader.has("grid") ? reader.section("grid") { GridSettings($0) } : GridSettings()
    loads = reader.loads("loads", zone: zone)
    tariff = reader.tariff("tariff")
    meters = reader.meters("meters")
    let planner =
      reader.has("planner")
      ? reader.section("planner") { PlannerSection($0, zone: zone) } : PlannerSection()
    let replay =
      reader.has("replay") ? reader.section("replay") { ReplaySection($0) } : ReplaySection()
    size = reader.optionalSection("size") { SizeSettings($0) }
    stress = reader.optionalSection("stress") {
      StressSettings(
        $0, battery: battery?.system, zone: zone, period: period, size: size?.study)
    }
    self.site = site
    self.period = period
    self.battery = battery
    batteries = reader.batteryVariants("batteries", isSound: battery != nil)
    fleet = reader.fleet("fleet", zone: zone, first: battery)
    if let planner, let replay, let period {
      settings = reader.replaySettings(
        planner, replay, period: period, historySeed: history?.seed,
        initialSOCFraction: battery?.initialSOCFraction)
      settings?.curtailment = grid?.curtailment ?? .free
      settings?.curtailmentSteps = grid?.curtailmentSteps ?? CurtailmentSteps()
      settings?.rights = grid?.rights ?? BatteryRights()
      if let budget = planner.budget, let battery {
        settings?.cyclesPerYear = budget.cyclesPerYear(
          nominalKWh: fleet.count > 1
            ? fleet.reduce(0) { $0 + $1.variant.system.nominalKWh } : battery.system.nominalKWh,
          warranty: fleet.count > 1 ? nil : battery.warranty)
        if settings?.cyclesPerYear == nil {
          reader.context.error(
            fleet.count > 1
              ? "'budget: warranty' is that of one battery; with several it must be a figure for all"
              : "'budget: warranty' needs 'cycles' or 'throughput_mwh' in 'battery.warranty'",
            at: reader.allPositions["planner.budget"] ?? reader.position(of: "planner"))
        }
      }
      if let history { settings?.filledMaxFraction = history.filledMaxFraction }
      planners =
        settings.map { base in planner.variants.map { $0.variant(of: base) }
        } ?? []
    }
    if let battery, let warranty = battery.warranty {
      size?.study.warrantedCycles = warranty.cycles(nominalKWh: battery.system.nominalKWh)
      size?.study.warrantedYears = warranty.years
    }
    checkVersions(reader)
    checkPlanes(reader)
    checkLoads(reader)
    checkPowerSteps(reader)
    checkGrid(reader)
    checkSpot(reader)
    checkArrangement(reader)
    checkSun(reader)
    checkFleet(reader)
    checkMeters(reader)
  }

  /// Assembles the scenario; everything is there once the context holds no error.
  func scenario(
    text: String, positions: [String: SourcePosition], files: [String], warnings: [Diagnostic]
  ) throws -> Scenario {
    guard let site, let period, let history, let forecasts, let battery, let grid, let tariff,
      let settings
    else { throw InputError("the document could not be read") }
    var scenario = Scenario(
      name: name ?? site.name, text: text, site: site, period: period, history: history,
      forecasts: forecasts, battery: battery.system, product: battery.product,
      datasheetMatch: battery.match, warranty: battery.warranty, grid: grid,
      tariff: tariff,
      settings: settings, planners: planners, size: size, stress: stress, positions: positions,
      files: files, warnings: warnings)
    scenario.batteries = batteries
    scenario.fleet = fleet
    scenario.loads = loads
    scenario.meters = meters
    return scenario
  }

  /// Studies name a version of the section `forecasts`.
  private func checkVersions(_ reader: MappingReader) {
    guard let names = forecasts?.versions.map(\.name) else { return }
    for (path, version) in [("size", size?.version), ("stress", stress?.version)] {
      guard let version, !names.contains(version) else { continue }
      let near = suggestion(for: version, among: names).map { "; did you mean '\($0)'?" } ?? ""
      reader.context.error(
        "no forecast version is named '\(version)'\(near)",
        at: reader.allPositions["\(path).version"] ?? reader.position(of: path))
    }
    // Each version with each way of planning is a row and a file of its own.
    var rows = VersionNames()
    let place = reader.allPositions["planner.variants"] ?? reader.position(of: "planner")
    for version in Set(names).sorted() {
      for planner in planners {
        let name = planner.naming(version)
        if let problem = rows.add(name, line: place.line) {
          reader.context.error(problem.message, at: place)
        }
      }
    }
  }

  /// Versions that forecast plane by plane need to know what each plane gave.
  private func checkPlanes(_ reader: MappingReader) {
    guard let site, let history else { return }
    for version in forecasts?.versions ?? [] where version.pv.isByPlane {
      let unknown = site.context.planes.filter { !history.measures($0) }.map { "'\($0.name)'" }
      guard site.context.planes.isEmpty || !unknown.isEmpty else { continue }
      reader.context.error(
        site.context.planes.isEmpty
          ? "'by_plane' needs 'planes' of the site"
          : "'by_plane' needs the production of each plane, and that of \(listed(unknown, "and")) is not known",
        at: version.position,
        notes: unknown.isEmpty
          ? [] : ["a column of 'history.files' may say its 'plane', or a plane its 'share'"])
    }
  }

  /// Loads that can wait need a program that takes them.
  private func checkLoads(_ reader: MappingReader) {
    guard !loads.isEmpty,
      settings?.engine == .valueFunction
        || planners.contains(where: { $0.engine == .valueFunction })
    else { return }
    reader.context.error(
      "the value function does not plan loads that can wait; 'engine' must be 'auto' or 'glpk'",
      at: reader.allPositions["planner.engine"] ?? reader.position(of: "planner"))
  }

  /// Powers at which an inverter cannot run need whole numbers.
  private func checkPowerSteps(_ reader: MappingReader) {
    guard let converter = battery?.system.converter,
      converter.minimumKW > 0 || !converter.stepsKW.isEmpty,
      settings?.engine == .valueFunction
        || planners.contains(where: { $0.engine == .valueFunction })
    else { return }
    reader.context.error(
      "the value function plans any power; with 'min_power_kw' or 'power_steps_kw' 'engine' must be 'auto' or"
        + " 'glpk'", at: reader.allPositions["planner.engine"] ?? reader.position(of: "planner"))
  }

  /// A connection that cannot even feed the idle inverter is a mistake.
  private func checkGrid(_ reader: MappingReader) {
    guard let grid, let battery else { return }
    let standby =
      fleet.isEmpty
      ? battery.system.converter.standbyKW
      : fleet.reduce(0) { $0 + $1.variant.system.converter.standbyKW }
    let leastKW = grid.importLimit.leastKW
    if leastKW < standby {
      reader.context.error(
        "'import_limit_kw' must cover the inverter's standby of \(plain(standby)) kW, "
          + "found '\(plain(leastKW))'",
        at: reader.allPositions["grid.import_limit_kw"] ?? reader.position(of: "grid"))
    }
    for (key, isGiven) in [
      ("export_limit_fraction", grid.exportLimitFraction != nil),
      ("curtailment_steps", !grid.curtailmentSteps.isFree),
    ] {
      guard isGiven, let site, site.context.pvCapacityKW == nil else { continue }
      reader.context.error(
        "'\(key)' \(key.hasSuffix("s") ? "are shares" : "is a share") of the plant's peak power, so"
          + " it needs 'pv_kwp' of the site",
        at: reader.allPositions["grid.\(key)"] ?? reader.position(of: "grid"))
    }
  }

  /// An enclosure in the sun needs to know of the sun.
  private func checkSun(_ reader: MappingReader) {
    let systems = [battery?.system].compactMap { $0 } + fleet.map(\.variant.system)
    guard systems.contains(where: { $0.enclosureChanges.solarApertureM2 ?? 0 > 0 }), let site,
      site.place == nil, let history, case .files(let files) = history.source,
      !files.contains(where: { $0.columns.contains { $0.quantity == .irradiance } })
    else { return }
    reader.context.error(
      "'solar_aperture_m2' needs 'latitude_deg' and 'longitude_deg' of the site, or a column of "
        + "quantity 'irradiance'",
      at: reader.allPositions["battery.enclosure.solar_aperture_m2"]
        ?? reader.position(of: "battery"))
  }

  /// Where load and production are billed apart, a battery behind them has nothing to do.
  private func checkArrangement(_ reader: MappingReader) {
    guard tariff?.export.arrangement == .buyAllSellAll else { return }
    reader.context.error(
      "a tariff that buys all and sells all leaves a battery nothing to do; 'wattif bill' bills it",
      at: reader.position(of: "tariff"))
  }

  /// A spot tariff needs spot prices.
  private func checkSpot(_ reader: MappingReader) {
    guard let tariff, tariff.usesSpot, let history else { return }
    let hasPrice: Bool
    switch history.source {
    case .synthetic(let site, _): hasPrice = site.price != nil
    case .files(let files):
      hasPrice = files.contains { $0.columns.contains { $0.quantity == .price } }
    case .store: hasPrice = true
    }
    if !hasPrice {
      reader.context.error(
        "the tariff follows the spot market, so the history needs a 'price'",
        at: reader.position(of: "history"))
    }
  }
}

extension HistorySettings {
  fileprivate var seed: UInt64? {
    if case .synthetic(_, let seed) = source { return seed }
    return nil
  }
}

extension MappingReader {
  /// Puts planner and replay together and checks that their steps divide each other.
  fileprivate func replaySettings(
    _ planner: PlannerSection, _ replay: ReplaySection, period: PeriodSettings,
    historySeed: UInt64?, initialSOCFraction: Double?
  ) -> ReplaySettings {
    var settings = planner.settings
    settings.planningStepSeconds =
      planner.stepSeconds
      ?? ReplaySettings.usualPlanningStep(historyStepSeconds: period.stepSeconds)
    settings.twinStepSeconds = replay.twinStepSeconds
    settings.recourse = replay.recourse
    settings.initialSOCFraction = initialSOCFraction
    settings.seed = replay.seed ?? historySeed ?? settings.seed
    add(settings.problems(historyStepSeconds: period.stepSeconds))
    return settings
  }
}
