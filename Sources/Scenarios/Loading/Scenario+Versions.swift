import Diagnostics
package import Forecasting
package import Replay
import Tariffs
package import TimeSeries

extension Scenario {
  /// Reads the files with forecasts made elsewhere; nothing when the document names none.
  ///
  /// - Throws: `InputError` with everything wrong in a file.
  package func externalForecasts() throws -> ExternalForecasts? {
    var rows: ExternalForecasts?
    for file in forecasts.external {
      let read = try file.read(zone: site.zone, stepSeconds: settings.planningStepSeconds)
      if rows == nil { rows = read } else { rows?.merge(read) }
    }
    if let found = rows?.addUpPlanes(of: site.context) {
      let place = positions["forecasts.external"]
      guard found.errors.isEmpty else {
        throw InputError(found.errors.map { .error($0, at: place) })
      }
      rows?.warnings += found.warnings.map { .warning($0, at: place) }
    }
    return rows
  }

  /// Reads the forecasts made elsewhere and returns the versions in the order of the document.
  ///
  /// - Parameter history: What was observed, for versions that are given the weather that came true.
  /// - Returns: One version for each of the document, and the active one.
  /// - Throws: `InputError` with everything wrong in the files, or a version they do not hold.
  package func forecastVersions(history: SiteHistory) throws -> [ForecastVersion] {
    var rows = try externalForecasts()
    var findings = Findings()
    var wanted = forecasts.versions
    if let active = activeVersion(held: rows?.versions ?? [], &findings) { wanted.append(active) }
    for version in wanted { check(version, rows: &rows, history: history, &findings) }
    var versions = wanted.map { version in
      ForecastVersion(
        name: version.name, load: version.load, pv: version.pv, price: version.price,
        external: rows,
        weather: weatherForecasts(
          version.weather ?? forecasts.weather, rows: rows, history: history, &findings))
    }
    let members = versions.filter { !$0.followsMoney && !$0.isOracle && !$0.hasOracleWeather }
    for (place, version) in wanted.enumerated() where versions[place].followsMoney {
      versions[place].members = members
      if members.count < 2 {
        findings.error(
          "version '\(version.name)' follows what other versions cost, and needs two that are not given the "
            + "truth, found \(members.count)",
          at: version.position ?? positions["forecasts.versions"])
      }
    }
    try findings.throwIfErrors()
    return versions
  }

  /// The active version where it is none of the document but of the external files.
  private func activeVersion(
    held: [String], _ findings: inout Findings
  ) -> ForecastSettings.Version? {
    guard let active = forecasts.active, !forecasts.versions.contains(where: { $0.name == active })
    else { return nil }
    let place = positions["forecasts.active_forecast_version"] ?? positions["forecasts"]
    guard held.contains(active) else {
      let names = forecasts.versions.map(\.name) + held
      let near = suggestion(for: active, among: names).map { "; did you mean '\($0)'?" } ?? ""
      findings.error(
        "'active_forecast_version' must be a version of the scenario or of its external files,"
          + " which hold no '\(active)'\(near)", at: place)
      return nil
    }
    var names = VersionNames()
    for version in forecasts.versions {
      _ = names.add(version.name, line: version.position?.line ?? 0)
    }
    if let problem = names.add(active, line: place?.line ?? 0) {
      findings.error(problem.message, at: place, notes: problem.notes)
      return nil
    }
    var recipe = ForecastRecipe(.external)
    recipe.version = active
    return ForecastSettings.Version(
      name: active, load: recipe, pv: recipe, price: recipe, position: place)
  }

  /// Checks that the external files hold what a version takes from them.
  ///
  /// Rows that a part of its own asks for must be there. Where one kind stands for all quantities, a
  /// quantity without rows is left to the fallback, whose slots are counted, and is told of.
  private func check(
    _ version: ForecastSettings.Version, rows: inout ExternalForecasts?, history: SiteHistory,
    _ findings: inout Findings
  ) {
    let place = version.position ?? positions["forecasts.versions"]
    let known = rows?.versions ?? []
    let needed = [Quantity.load, .pv, .price].filter { quantity in
      version.recipe(for: quantity).kind == .external
        && (quantity == .load || (quantity == .price ? tariff.usesSpot : history[quantity] != nil))
    }
    func source(_ quantity: Quantity) -> String {
      version.recipe(for: quantity).externalVersion ?? version.name
    }
    let unknown = Set(needed.map(source)).subtracting(known)
    for name in unknown.sorted() {
      let near = suggestion(for: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
      findings.error("the external files hold no version '\(name)'\(near)", at: place)
    }
    guard unknown.isEmpty else { return }
    let missing = needed.filter {
      rows?.contains(version: source($0), quantity: $0) != true
    }
    for quantity in missing {
      let text =
        "the external files hold no '\(quantity.rawValue)' of version '\(source(quantity))'"
      guard missing.count < needed.count, !version.stated.contains(quantity) else {
        findings.error(
          text, at: place,
          notes: ["a part of its own, such as '\(quantity.rawValue): naive_day', is needed"])
        continue
      }
      rows?.warnings.append(
        .warning(
          "\(text); the mean of the newest seven days stands in, counted as filled", at: place,
          notes: ["'\(quantity.rawValue)' of the version may be of another kind"]))
    }
  }

  /// Where weather that is known ahead comes from.
  private func weatherForecasts(
    _ weather: ForecastSettings.Weather, rows: ExternalForecasts?, history: SiteHistory,
    _ findings: inout Findings
  ) -> WeatherForecasts? {
    switch weather {
    case .none: return nil
    case .observed:
      return WeatherForecasts(
        observed: history.resampled(stepSeconds: settings.planningStepSeconds))
    case .issued(let version, let maxAgeHours):
      let known = rows.map {
        WeatherForecasts(
          issued: $0, version: version, maxAgeSeconds: maxAgeHours.map { Int($0 * 3600) })
      }
      if let known, !known.quantities.isEmpty { return known }
      let near = suggestion(for: version, among: rows?.versions ?? [])
      findings.error(
        "the external files hold no weather of version '\(version)'"
          + (near.map { "; did you mean '\($0)'?" } ?? ""),
        at: positions["forecasts.weather"] ?? positions["forecasts.versions"],
        notes: [
          "weather is " + WeatherForecasts.quantities.map(\.rawValue).joined(separator: ", "),
          "'none' knows nothing ahead, 'observed' hands over what came true",
        ])
      return nil
    }
  }
}
