import Diagnostics
import Documents
import Forecasting
import Scenarios
import TimeSeries

extension Scenario {
  /// Each plane of modules in words, with where its production and its forecasts come from; nothing for a site of one.
  ///
  /// - Parameters:
  ///   - history: The history that was read.
  ///   - external: Forecasts made elsewhere.
  /// - Returns: One text per plane.
  func planeWords(_ history: SiteHistory, _ external: ExternalForecasts?) -> [String] {
    let common =
      site.context.pvInverterKW.map { "the inverter of \(rounded($0)) kW" } ?? "the inverter"
    return site.context.planes.map { plane in
      let place =
        "\(plane.name): \(rounded(plane.moduleKW)) kWp, tilt \(rounded(plane.tiltDeg))°, facing "
        + "\(rounded(plane.azimuthDeg))°, on "
        + (plane.inverterKW.map { "an inverter of \(rounded($0)) kW" } ?? common)
      let sources = [measured(plane, history)] + forecast(plane, external)
      return ([place] + sources.compactMap { $0 }).joined(separator: "; ")
    }
  }

  /// Where the production of a plane comes from; nothing where only that of all is known.
  private func measured(_ plane: RoofPlane, _ history: SiteHistory) -> String? {
    if let share = plane.shareFraction {
      return "\(rounded(share * 100)) % of the production measured for several planes"
    }
    guard let values = history[plane: plane.name] else { return nil }
    let columns = self.history.columns(of: plane).map { "'\($0)'" }
    let source: String
    switch self.history.source {
    case .synthetic: return "made up by itself"
    case .files: source = "measured in \(listed(columns, "and"))"
    case .store: source = "kept by itself in the store"
    }
    let missing = values.count { !$0.isFinite }
    return source + (missing > 0 ? ", missing in \(missing) of \(values.count) slots" : "")
  }

  /// Which forecasts are of the plane, and which versions forecast it by itself.
  private func forecast(_ plane: RoofPlane, _ external: ExternalForecasts?) -> [String] {
    var words: [String] = []
    let own = (external?.versionsByPlane ?? []).filter {
      external?.planes(version: $0).contains(plane.name) == true
    }
    if !own.isEmpty {
      words.append("forecast elsewhere in \(listed(own.map { "'\($0)'" }, "and"))")
    }
    for version in external?.versionsByPlane ?? [] {
      let scaled = external?.scaledPlanes(version: version) ?? []
      for scaled in scaled where scaled.plane == plane.name {
        words.append(
          "in '\(version)' \(rounded(scaled.factor)) times the forecast of "
            + listed(scaled.of.map { "'\($0)'" }, "and"))
      }
    }
    let versions = forecasts.versions.filter(\.pv.isByPlane).map { "'\($0.name)'" }
    if !versions.isEmpty { words.append("forecast by itself in \(listed(versions, "and"))") }
    return words
  }

  private func rounded(_ value: Double) -> String { NumberText.rounded(value, decimals: 2) }
}
