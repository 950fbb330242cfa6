package import Diagnostics
package import Forecasting
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
  /// Values of the period that stand in for measurements.
  package var standIns: [Quantity: StandIns] = [:]
  /// Energy of the period that inverters of a made-up plant of several planes clip; nothing for another. [kWh]
  package var pvClippedKWh: Double?
  /// What is worth knowing of the history as a whole.
  package var warnings: [Diagnostic] = []

  /// Slots of the period that the rule for missing values filled.
  package var filledSlots: [Quantity: Int] {
    standIns.mapValues(\.byMissingRule).filter { $0.value > 0 }
  }
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
        history: synthetic.history(grid: grid, zone: site.zone, seed: seed), report: nil)
      loaded.pvClippedKWh = clippedKWh(synthetic, loaded.history, seed: seed)
    case .files(let sources):
      var reader = HistoryReader(
        sources, zone: site.zone, place: site.place,
        policy: history.skipsErrors ? .report : .refuse)
      reader.planeShares = site.context.planes.shares
      let (read, report) = try reader.read(grid: grid)
      loaded = LoadedHistory(history: read, report: report)
    case .store(let path, let name):
      let (stored, labels) = try storedHistory(path: path, site: name, grid: grid)
      loaded = LoadedHistory(history: stored, report: nil)
      for (quantity, count) in loaded.history.withhold(labels).sorted(by: {
        $0.key.rawValue < $1.key.rawValue
      }) {
        loaded.warnings.append(
          .warning(
            "\(count) slots of '\(quantity.rawValue)' are left out by the quality labels of their days",
            at: positions["history.site"]))
      }
    }
    // Files are split as they are read, where the columns that shares are of are still apart.
    if loaded.report == nil, let pv = loaded.history[.pv] {
      loaded.history.setPlanes(shares: site.context.planes.shares, of: pv)
    }
    try checkPlanes(loaded.history)
    loaded.deriveLoad()
    try supplyAmbient(&loaded.history)
    try standIn(for: &loaded)
    try checkGridLimit(&loaded)
    checkPVLimit(&loaded)
    return loaded
  }

  /// What forecasters may know of the site, of which a signed meter may be all that is measured.
  package func context(of history: SiteHistory) -> SiteContext {
    var context = site.context
    context.hasSignedLoad = history[.net] != nil && history[.pv] == nil
    return context
  }

  /// Puts site, period, battery, tariff and settings together for a replay.
  package func replayCase(_ history: SiteHistory) throws -> ReplayCase {
    do {
      let context = context(of: history)
      let connection = connection(history, context: context)
      var replay = try ReplayCase(
        history: history, site: context, from: period.start, to: period.end,
        battery: try battery.twin(), tariff: tariff, importLimitKW: connection.importKW,
        exportLimitKW: connection.exportKW, usualLimits: connection.usual, settings: settings)
      replay.warranty = warranty
      try replay.checkModels(of: battery.derating)
      if !fleet.isEmpty {
        replay = replay.with(fleet: try fleet.map { try $0.siteBattery() })
        for own in fleet.dropFirst() {
          try replay.checkModels(of: own.variant.system.derating)
        }
      }
      replay.loads = loads.map {
        $0.load(from: period.start, to: period.end, zone: site.zone, seed: settings.seed)
      }
      return replay
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

  /// What the inverters of a made-up plant of several planes clip over the period. [kWh]
  private func clippedKWh(
    _ synthetic: SyntheticSite, _ history: SiteHistory, seed: UInt64
  ) -> Double? {
    guard !site.context.planes.isEmpty, let pv = synthetic.pv, let made = history[.pv] else {
      return nil
    }
    var open = synthetic
    open.pv = pv.unclipped
    let grid = period.historyGrid
    guard let all = open.history(grid: grid, zone: site.zone, seed: seed)[.pv] else { return nil }
    let first = (period.start - grid.start) / grid.stepSeconds
    return (first..<grid.count).reduce(0) { sum, i in
      let clipped = (all[i] - made[i]) * grid.stepHours
      return clipped.isFinite ? sum + max(0, clipped) : sum
    }
  }

  /// Says where a measured plant gives more than its inverters can.
  private func checkPVLimit(_ loaded: inout LoadedHistory) {
    guard !site.context.planes.isEmpty, let pv = loaded.history[.pv] else { return }
    var limitKW = 0.0
    var commonKW = 0.0
    for plane in site.context.planes {
      warn(plane, &loaded)
      if let own = plane.inverterKW { limitKW += own } else { commonKW += plane.moduleKW }
    }
    if commonKW > 0 {
      guard let common = site.context.pvInverterKW else { return }
      limitKW += common
    }
    let above = pv.count { $0 > limitKW * 1.001 }
    guard above > 0 else { return }
    loaded.warnings.append(
      .warning(
        "in \(above) of \(pv.count) slots the production exceeds the \(plain(limitKW)) kW of the inverters; "
          + "forecasts are capped there", at: positions["site.planes"] ?? positions["site"]))
  }

  /// Refuses to forecast by plane what only a database turns out not to hold by plane.
  private func checkPlanes(_ history: SiteHistory) throws {
    let unknown = site.context.planes.filter { history[plane: $0.name] == nil }
    guard history[.pv] != nil, !unknown.isEmpty,
      let version = forecasts.versions.first(where: \.pv.isByPlane)
    else { return }
    throw InputError(
      "the store holds no production of \(listed(unknown.map { "'\($0.name)'" }, "and")), which version "
        + "'\(version.name)' forecasts by plane", at: positions["history.site"])
  }

  /// Says where a plane gives more than its own inverter can.
  private func warn(_ plane: RoofPlane, _ loaded: inout LoadedHistory) {
    guard let limitKW = plane.inverterKW, let pv = loaded.history[plane: plane.name] else { return }
    let above = pv.count { $0 > limitKW * 1.001 }
    guard above > 0 else { return }
    loaded.warnings.append(
      .warning(
        "in \(above) of \(pv.count) slots the production of plane '\(plane.name)' exceeds the \(plain(limitKW)) kW of "
          + "its inverter; its own forecasts are capped there",
        at: positions["site.planes"] ?? positions["site"]))
  }

  /// Reads the history from the project database.
  private func storedHistory(
    path: String, site name: String, grid: TimeGrid
  ) throws -> (SiteHistory, [DayLabel]) {
    let place = positions["history.site"]
    do {
      let store = try ProjectStore(path: path, creates: false)
      let sites = try store.sites()
      guard sites.contains(name) else {
        let near = suggestion(for: name, among: sites).map { "; did you mean '\($0)'?" } ?? ""
        throw InputError("the store holds no site '\(name)'\(near)", at: place)
      }
      let stored = try store.history(site: name, grid: grid)
      guard stored[.load] != nil || stored[.net] != nil else {
        throw InputError(
          "the store holds no load and no net of '\(name)' at a step of \(grid.stepSeconds) s in the period",
          at: place)
      }
      // The document's clock counts; a stored zone only named the same instants.
      var history = SiteHistory(grid: grid, zone: site.zone, columns: stored.columns)
      for plane in site.context.planes { history[plane: plane.name] = stored[plane: plane.name] }
      return (history, try store.dayLabels(site: name))
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
}
