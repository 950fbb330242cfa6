package import Diagnostics
package import Forecasting
import Store
import Telemetry
import TimeSeries

/// A scenario as a shadow of a running planner reads it: days that are new, and forecasts as they were kept.
extension Scenario {
  /// Returns the scenario over other days.
  ///
  /// - Parameters:
  ///   - firstDay: First local day, in days since 1970-01-01.
  ///   - lastDay: Last local day.
  /// - Returns: The scenario, with its warm-up before the first day.
  package func replaying(from firstDay: Int, through lastDay: Int) -> Scenario {
    var copy = self
    copy.period.start = site.zone.startOfDay(firstDay)
    copy.period.end = site.zone.startOfDay(lastDay + 1)
    copy.period.historyStart = site.zone.startOfDay(firstDay - period.warmUpDays)
    return copy
  }

  /// The Darkstar database that the history is read from; nothing where it comes from elsewhere.
  package var darkstarDatabase: String? {
    guard case .files(let sources) = history.source else { return nil }
    return sources.first { $0.format == .darkstar }?.path
  }

  /// Returns the scenario with its database at another path.
  ///
  /// - Throws: `InputError` when the history comes from no database.
  package func reading(database path: String) throws(InputError) -> Scenario {
    var copy = self
    switch history.source {
    case .store(_, let name): copy.history.source = .store(path: path, site: name)
    case .files(var sources) where darkstarDatabase != nil:
      for i in sources.indices where sources[i].format == .darkstar { sources[i].path = path }
      copy.history.source = .files(sources)
    case .files, .synthetic:
      throw InputError(
        "the history must come from a database, of format 'darkstar' or 'source: store', to be read from "
          + "'\(path)'", at: positions["history.source"] ?? positions["history"])
    }
    for i in copy.forecasts.external.indices {
      if case .store(_, let name) = copy.forecasts.external[i].layout {
        copy.forecasts.external[i].layout = .store(path: path, site: name)
      }
    }
    return copy
  }

  /// Returns the scenario with forecasts that were kept in a project database in the place of its external files.
  ///
  /// Every version that was kept and that the document does not name takes part: what it has no rows of is as the
  /// day before.
  ///
  /// - Parameters:
  ///   - kept: What was kept.
  ///   - path: Path of the database.
  ///   - name: Name of the site in it.
  /// - Returns: The scenario.
  package func comparing(
    _ kept: ExternalForecasts, keptIn path: String, site name: String
  ) -> Scenario {
    var copy = self
    copy.forecasts.external =
      kept.versions.isEmpty ? [] : [ExternalForecastFile(layout: .store(path: path, site: name))]
    var names = VersionNames()
    for version in forecasts.versions { _ = names.add(version.name, line: 0) }
    for version in kept.versions {
      let isOfSite = [Quantity.load, .pv].contains { kept.contains(version: version, quantity: $0) }
      guard isOfSite, names.add(version, line: 0) == nil else { continue }
      copy.forecasts.versions.append(
        ForecastSettings.Version(version, of: kept, otherwise: .naiveDay))
    }
    return copy
  }

  /// Names of the versions that take rows of external files.
  package var externalVersions: [String: String] {
    Dictionary(
      forecasts.versions.compactMap { version in
        let recipes = [version.load, version.pv].filter { $0.kind == .external }
        return recipes.first.map { (version.name, $0.externalVersion ?? version.name) }
      }
    ) { first, _ in first }
  }

  /// The last local day that the consumption is measured to the end of, in days since 1970-01-01.
  ///
  /// - Throws: `InputError` when nothing is measured, or files cannot be read.
  package func lastMeasuredDay() throws -> Int {
    guard let end = try measuredTo() else {
      throw InputError("the history holds no load", at: positions["history"])
    }
    return site.zone.civil(at: end).dayNumber - 1
  }

  /// End of the newest slot with a measured consumption. [UTC epoch s]
  private func measuredTo() throws -> Int? {
    switch history.source {
    case .synthetic: return period.end
    case .store(let path, let name):
      do {
        return try ProjectStore(path: path).newestObservation(site: name, of: [.load, .net])
      } catch let error as StoreError {
        throw InputError(error.description, at: positions["history.file"])
      }
    case .files(let sources):
      let metered = sources.filter { source in
        source.columns.contains { $0.quantity == .load || $0.quantity == .net }
      }
      let reader = HistoryReader(metered, zone: site.zone, policy: .report)
      let whole = try reader.extent(stepSeconds: period.stepSeconds)
      // Files may reach into the future, with prices and without a load.
      let (read, _) = try reader.read(grid: whole)
      let load = read[.load] ?? read[.net] ?? []
      return load.lastIndex { $0.isFinite }.map { whole.instant($0 + 1) }
    }
  }
}
