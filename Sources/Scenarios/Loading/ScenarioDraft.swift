import Diagnostics
import Documents
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
  var battery: BatterySettings?
  var grid: GridSettings?
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
    forecasts = reader.section("forecasts") { ForecastSettings($0) }
    let converter = reader.section("inverter") { ConverterSpecification($0) }
    let battery = reader.section("battery") { BatterySettings($0, converter: converter) }
    grid = reader.has("grid") ? reader.section("grid") { GridSettings($0) } : GridSettings()
    tariff = reader.tariff("tariff")
    let planner =
      reader.has("planner")
      ? reader.section("planner") { PlannerSection($0) } : PlannerSection()
    let replay =
      reader.has("replay") ? reader.section("replay") { ReplaySection($0) } : ReplaySection()
    size = reader.optionalSection("size") { SizeSettings($0) }
    stress = reader.optionalSection("stress") {
      StressSettings($0, battery: battery, zone: zone, period: period)
    }
    self.site = site
    self.period = period
    self.battery = battery
    if let planner, let replay, let period {
      settings = reader.replaySettings(
        planner, replay, period: period, seed: history?.seed ?? 1,
        initialSOCFraction: battery?.initialSOCFraction)
      planners = settings.map { base in planner.variants.map { $0.variant(of: base) } } ?? []
    }
    checkVersions(reader)
    checkGrid(reader)
    checkSpot(reader)
  }

  /// Assembles the scenario; everything is there once the context holds no error.
  func scenario(
    text: String, positions: [String: SourcePosition], warnings: [Diagnostic]
  ) throws -> Scenario {
    guard let site, let period, let history, let forecasts, let battery, let grid, let tariff,
      let settings
    else { throw InputError("the document could not be read") }
    return Scenario(
      name: name ?? site.name, text: text, site: site, period: period, history: history,
      forecasts: forecasts, battery: battery, grid: grid.limited(by: tariff), tariff: tariff,
      settings: settings, planners: planners, size: size, stress: stress, positions: positions,
      warnings: warnings)
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
  }

  /// A connection that cannot even feed the idle inverter is a mistake.
  private func checkGrid(_ reader: MappingReader) {
    guard let grid, let battery else { return }
    let standby = battery.converter.standbyKW
    if grid.importLimitKW < standby {
      reader.context.error(
        "'import_limit_kw' must cover the inverter's standby of \(plain(standby)) kW, "
          + "found '\(plain(grid.importLimitKW))'",
        at: reader.allPositions["grid.import_limit_kw"] ?? reader.position(of: "grid"))
    }
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

extension GridSettings {
  /// The tighter of the connection's and the tariff's limits.
  fileprivate func limited(by tariff: Tariff) -> GridSettings {
    var limits = self
    limits.importLimitKW = min(importLimitKW, tariff.importLimitKW ?? .infinity)
    limits.exportLimitKW = min(exportLimitKW, tariff.exportLimitKW ?? .infinity)
    return limits
  }
}

/// The section `replay`.
struct ReplaySection {
  var recourse = RecourseRule.valueStep
  var twinStepSeconds = 300
  var seed: UInt64?

  init() {}

  init?(_ reader: MappingReader) {
    recourse = reader.choice("recourse", default: .valueStep)
    twinStepSeconds = reader.integer("twin_step_s", 1...3600, default: 300)
    seed = reader.optionalInteger("seed").map { UInt64($0) }
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
    _ planner: PlannerSection, _ replay: ReplaySection, period: PeriodSettings, seed: UInt64,
    initialSOCFraction: Double?
  ) -> ReplaySettings {
    let step = period.stepSeconds
    let planningStep = planner.stepSeconds ?? (step < 900 && 900 % step == 0 ? 900 : step)
    let places = allPositions
    // Without a planning step that fits, the other two have nothing to be a multiple of.
    let fits = planningStep % step == 0
    func check(_ condition: Bool, _ key: String, _ message: String) {
      guard !condition else { return }
      context.error(message, at: places[key] ?? position)
    }
    check(
      fits, "planner.step_s",
      "'step_s' of the planner must be a multiple of the period's step of \(step) s, "
        + "found '\(planningStep)'")
    let replanSeconds = Int((planner.replanHours * 3600).rounded())
    check(
      !fits || replanSeconds % planningStep == 0, "planner.replan_every_h",
      "'replan_every_h' must be a multiple of the planning step of \(planningStep) s, "
        + "found '\(plain(planner.replanHours))'")
    check(
      !fits || Int(planner.horizonHours * 3600) % planningStep == 0, "planner.horizon_h",
      "'horizon_h' must be a multiple of the planning step of \(planningStep) s, "
        + "found '\(plain(planner.horizonHours))'")
    return ReplaySettings(
      planningStepSeconds: planningStep, horizonHours: planner.horizonHours,
      replanSeconds: replanSeconds, twinStepSeconds: replay.twinStepSeconds,
      recourse: replay.recourse, engine: planner.engine,
      hedge: planner.hedge?.settings(
        planningStepSeconds: planningStep, replanSeconds: replanSeconds) ?? HedgeSettings(),
      heat: planner.heat, batteryOutlook: planner.batteryOutlook, wearPerKWh: planner.wearPerKWh,
      terminal: planner.terminal, peakPricing: planner.peakPricing,
      publicationMinute: planner.publicationMinute, initialSOCFraction: initialSOCFraction,
      seed: replay.seed ?? seed)
  }

  /// Where the values of this section and of the sections in it stand, as `section.key`.
  var allPositions: [String: SourcePosition] {
    var places: [String: SourcePosition] = [:]
    func walk(_ entries: [YAMLEntry], _ path: String) {
      for entry in entries {
        let name = path.isEmpty ? entry.key : "\(path).\(entry.key)"
        places[name] = entry.value.position
        walk(entry.value.entries ?? [], name)
      }
    }
    walk(entries, path)
    return places
  }
}
