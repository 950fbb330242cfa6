import Diagnostics
import Forecasting
package import Replay
package import Telemetry
package import TimeSeries
import Store
import Synthesis
import Tariffs
import Twin

/// The history of a scenario, with what was done to get it.
package struct LoadedHistory: Sendable {
  /// Warm-up and period on one grid.
  package var history: SiteHistory
  /// What reading the files found; nothing for a synthetic history.
  package var report: IngestReport?
  /// Slots of the period for which a stand-in was used.
  package var filledSlots: [Quantity: Int]
}

extension Scenario {
  /// Reads or makes the history and applies the rule for missing values.
  ///
  /// - Throws: `InputError` with everything wrong in the files, or what is missing.
  package func loadHistory() throws -> LoadedHistory {
    let grid = period.historyGrid
    var loaded: LoadedHistory
    switch history.source {
    case .synthetic(let synthetic, let seed):
      loaded = LoadedHistory(
        history: synthetic.history(grid: grid, zone: site.zone, seed: seed), report: nil,
        filledSlots: [:])
    case .files(let sources):
      let reader = HistoryReader(
        sources, zone: site.zone, place: site.place,
        policy: history.skipsErrors ? .report : .refuse)
      let (read, report) = try reader.read(grid: grid)
      loaded = LoadedHistory(history: read, report: report, filledSlots: [:])
    case .store(let path, let name):
      loaded = LoadedHistory(
        history: try storedHistory(path: path, site: name, grid: grid), report: nil,
        filledSlots: [:])
    }
    try supplyAmbient(&loaded.history)
    try fillMissing(&loaded)
    try checkGridLimit(loaded.history)
    return loaded
  }

  /// Puts site, period, battery, tariff and settings together for a replay.
  package func replayCase(_ history: SiteHistory) throws -> ReplayCase {
    do {
      return try ReplayCase(
        history: history, site: site.context, from: period.start, to: period.end,
        twin: try battery.twin(), tariff: tariff, importLimitKW: grid.importLimitKW,
        exportLimitKW: grid.exportLimitKW, settings: settings)
    } catch let error as InputError {
      // What does not fit together has no line of its own; the document does.
      let document = positions["period"].map { SourcePosition(file: $0.file) }
      throw InputError(
        error.diagnostics.map { diagnostic in
          var placed = diagnostic
          placed.position = diagnostic.position ?? document
          return placed
        })
    }
  }

  /// Reads the forecasts made elsewhere and returns the versions in the order of the document.
  ///
  /// - Parameter history: What was observed, for versions that are given the weather that came true.
  /// - Returns: One version for each of the document, and the active one.
  /// - Throws: `InputError` with everything wrong in the files, or a version they do not hold.
  package func forecastVersions(history: SiteHistory) throws -> [ForecastVersion] {
    var rows: ExternalForecasts?
    for file in forecasts.external {
      let read = try file.read(zone: site.zone, stepSeconds: settings.planningStepSeconds)
      if rows == nil { rows = read } else { rows?.merge(read) }
    }
    var findings = Findings()
    var wanted = forecasts.versions
    if let active = forecasts.active, !wanted.contains(where: { $0.name == active }) {
      let held = rows?.versions ?? []
      if held.contains(active) {
        var recipe = ForecastRecipe(.external)
        recipe.version = active
        wanted.append(
          ForecastSettings.Version(
            name: active, load: recipe, pv: recipe,
            price: ForecastSettings.Version.priceDefault(for: recipe)))
      } else {
        let names = wanted.map(\.name) + held
        let near = suggestion(for: active, among: names).map { "; did you mean '\($0)'?" } ?? ""
        findings.error(
          "'active_forecast_version' must be a version of the scenario or of its external files,"
            + " which hold no '\(active)'\(near)",
          at: positions["forecasts.active_forecast_version"] ?? positions["forecasts"])
      }
    }
    let versions = wanted.map { version in
      for recipe in [version.load, version.pv, version.price] where recipe.kind == .external {
        let name = recipe.externalVersion ?? recipe.version
        let known = rows?.versions ?? []
        if !known.contains(name) {
          let near = suggestion(for: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
          findings.error(
            "the external files hold no version '\(name)'\(near)",
            at: positions["forecasts.versions"])
        }
      }
      return ForecastVersion(
        name: version.name, load: version.load, pv: version.pv, price: version.price,
        external: rows,
        weather: outlook(
          version.weather ?? forecasts.weather, rows: rows, history: history, &findings))
    }
    try findings.throwIfErrors()
    return versions
  }

  /// Where weather that is known ahead comes from.
  private func outlook(
    _ weather: ForecastSettings.Weather, rows: ExternalForecasts?, history: SiteHistory,
    _ findings: inout Findings
  ) -> WeatherOutlook? {
    switch weather {
    case .none: return nil
    case .observed:
      return WeatherOutlook(
        observed: history.resampled(stepSeconds: settings.planningStepSeconds))
    case .issued(let version, let maxAgeHours):
      let outlook = rows.map {
        WeatherOutlook(
          issued: $0, version: version, maxAgeSeconds: maxAgeHours.map { Int($0 * 3600) })
      }
      if let outlook, !outlook.quantities.isEmpty { return outlook }
      let near = suggestion(for: version, among: rows?.versions ?? [])
      findings.error(
        "the external files hold no weather of version '\(version)'"
          + (near.map { "; did you mean '\($0)'?" } ?? ""),
        at: positions["forecasts.weather"] ?? positions["forecasts.versions"],
        notes: [
          "weather is " + WeatherOutlook.quantities.map(\.rawValue).joined(separator: ", "),
          "'none' knows nothing ahead, 'observed' hands over what came true",
        ])
      return nil
    }
  }

  /// The version of a name, or the first one.
  package func version(
    named name: String?, among versions: [ForecastVersion]
  ) -> ForecastVersion? {
    name.flatMap { name in versions.first { $0.name == name } } ?? versions.first
  }

  /// Reads the history from the project database.
  private func storedHistory(path: String, site name: String, grid: TimeGrid) throws -> SiteHistory
  {
    let place = positions["history.site"]
    do {
      let store = try ProjectStore(path: path)
      let sites = try store.sites()
      guard sites.contains(name) else {
        let near = suggestion(for: name, among: sites).map { "; did you mean '\($0)'?" } ?? ""
        throw InputError("the store holds no site '\(name)'\(near)", at: place)
      }
      let stored = try store.history(site: name, grid: grid)
      guard stored[.load] != nil else {
        throw InputError(
          "the store holds no load of '\(name)' at a step of \(grid.stepSeconds) s in the period",
          at: place)
      }
      // The document's clock counts; a stored zone only named the same instants.
      return SiteHistory(grid: grid, zone: site.zone, columns: stored.columns)
    } catch let error as StoreError {
      throw InputError(error.description, at: positions["history.file"])
    }
  }

  /// Puts in the air temperature that the document states, when the history holds none.
  private func supplyAmbient(_ history: inout SiteHistory) throws {
    guard history[.ambient] == nil else { return }
    switch self.history.ambient {
    case .measured:
      throw InputError(
        "the history needs the air temperature, quantity 'ambient'", at: positions["history"])
    case .constant(let temperatureC):
      history[.ambient] = [Double](repeating: temperatureC, count: history.grid.count)
    case .madeUp(let climate, let seed):
      guard let place = site.place else { return }
      let weather = SyntheticSite(
        place: place, load: SyntheticLoad(kind: .home, annualKWh: 1), pv: nil, climate: climate,
        price: nil)
      history[.ambient] =
        weather.history(grid: history.grid, zone: site.zone, seed: seed)[.ambient]
    }
  }

  /// Replaces what is missing within the period, or refuses it.
  private func fillMissing(_ loaded: inout LoadedHistory) throws {
    let grid = loaded.history.grid
    let first = (period.start - grid.start) / grid.stepSeconds
    let slotsPerDay = 86_400 / grid.stepSeconds
    var findings = Findings()
    for quantity in [Quantity.load, .pv, .price] {
      if quantity == .price, !tariff.usesSpot { continue }
      guard var values = loaded.history[quantity] else { continue }
      let missing = (first..<grid.count).filter { !values[$0].isFinite }
      guard !missing.isEmpty else { continue }
      // A price cannot be left out: it values the slots around it as well.
      if history.missing == .leave, quantity != .price { continue }
      var unfilled: [Int] = []
      for slot in missing {
        var value: Double?
        switch history.missing {
        case .refuse, .leave: break
        case .zero: value = 0
        case .hold: value = slot > 0 ? values[slot - 1] : nil
        case .previousDay:
          value = stride(from: slot - slotsPerDay, through: 0, by: -slotsPerDay).lazy
            .map { values[$0] }.first { $0.isFinite }
        }
        if let value, value.isFinite { values[slot] = value } else { unfilled.append(slot) }
      }
      loaded.history[quantity] = values
      loaded.filledSlots[quantity] = missing.count - unfilled.count
      if let slot = unfilled.first {
        let text = Instant.localText(grid.instant(slot), zone: site.zone)
        findings.error(
          "'\(quantity.rawValue)' is missing in \(unfilled.count) of \(grid.count - first) slots "
            + "of the period, the first at \(text)",
          at: positions["history"],
          notes: history.missing == .refuse
            ? ["'missing' of the history may be 'previous_day', 'hold' or 'zero'"] : [])
      }
    }
    try findings.throwIfErrors()
  }

  /// Refuses a connection that cannot serve the load even with the inverter at full power.
  private func checkGridLimit(_ history: SiteHistory) throws {
    guard grid.importLimitKW.isFinite, let load = history[.load] else { return }
    let pv = history[.pv]
    let first = (period.start - history.grid.start) / history.grid.stepSeconds
    let most = grid.importLimitKW + battery.converter.ratedKW
    let short = (first..<history.grid.count).filter { load[$0] - (pv?[$0] ?? 0) > most }
    guard let slot = short.first else { return }
    let text = Instant.localText(history.grid.instant(slot), zone: site.zone)
    throw InputError(
      "'import_limit_kw' of \(plain(grid.importLimitKW)) cannot be kept: in \(short.count) slots "
        + "the load exceeds it by more than the inverter gives, the first at \(text)",
      at: positions["grid.import_limit_kw"] ?? positions["tariff"])
  }
}
