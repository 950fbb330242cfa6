import Diagnostics
import Forecasting
package import Replay
package import Studies
import Tariffs
import TimeSeries
import Twin

extension Scenario {
  /// Returns the batteries that a sizing study tries besides sizes.
  ///
  /// - Throws: `InputError` for a name that no battery of the document has.
  package func sizedBatteries() throws -> [BatteryChoice] {
    try (size?.products ?? []).map { product in
      guard let variant = batteries.first(where: { $0.name == product.name }) else {
        let near = suggestion(for: product.name, among: batteries.map(\.name))
        throw InputError(
          "'batteries' has no '\(product.name)'" + (near.map { "; did you mean '\($0)'?" } ?? ""),
          at: positions["size.batteries"])
      }
      return BatteryChoice(
        name: product.name, energyKWh: variant.system.nominalKWh,
        powerKW: variant.system.converter.ratedKW, price: product.price,
        twin: try variant.system.twin())
    }
  }

  /// Returns what a sizing study lets the site become besides a battery: more production, other tariffs.
  ///
  /// Added production is what the site's own plant brings, in proportion.
  ///
  /// - Parameters:
  ///   - replay: The site as it is.
  ///   - version: The forecasts that plans are made with.
  /// - Returns: One site per change.
  /// - Throws: `InputError` where there is no plant to add to, or a tariff does not fit the site.
  package func sizingSites(
    _ replay: ReplayCase, version: ForecastVersion
  ) throws -> [SizingSite] {
    guard let size else { return [] }
    let additions = [0] + (size.pv?.addedKWp ?? [])
    var sites: [SizingSite] = []
    for tariff in [nil] + size.tariffs.map({ Optional($0) }) {
      if let tariff, tariff.currency != replay.tariff.currency {
        throw InputError(
          "tariff '\(tariff.name)' is in \(tariff.currency), the site's in \(replay.tariff.currency)",
          at: positions["size.tariffs"])
      }
      for added in additions where added > 0 || tariff != nil {
        let grown = try history(of: replay, added: added, version: version)
        let site = context(replay.site, added: added)
        let connection = connection(grown, context: site)
        let other = try ReplayCase(
          history: grown, site: site, from: replay.period.start,
          to: replay.period.end, battery: replay.battery, tariff: tariff ?? replay.tariff,
          importLimitKW: connection.importKW, exportLimitKW: connection.exportKW,
          usualLimits: connection.usual, settings: replay.settings)
        let price = size.pv.map { added > 0 ? $0.fixed + $0.perKWp * added : 0 } ?? 0
        sites.append(
          SizingSite(other, addedPVKWp: added, tariff: tariff?.name, price: price))
      }
    }
    return sites
  }

  private func history(
    of replay: ReplayCase, added: Double, version: ForecastVersion
  ) throws -> SiteHistory {
    let history = replay.history
    guard added > 0 else { return history }
    let place = positions["size.pv"]
    guard let own = replay.site.pvCapacityKW, own > 0, history[.pv] != nil else {
      throw InputError(
        "'pv' adds to the plant of the site in proportion, so the site needs 'pv_kwp' and its history a "
          + "production", at: place)
    }
    if version.external != nil {
      throw InputError(
        "forecasts from files are of the plant as it is; plan 'pv' with a version that is made here",
        at: place)
    }
    var more = history
    more.scaleProduction(by: 1 + added / own)
    return more
  }

  private func context(_ site: SiteContext, added: Double) -> SiteContext {
    var more = site
    more.pvCapacityKW = site.pvCapacityKW.map { $0 + added }
    if let own = site.pvCapacityKW, own > 0 {
      let factor = 1 + added / own
      more.pvInverterKW = site.pvInverterKW.map { $0 * factor }
      more.planes = site.planes.map { plane in
        var larger = plane
        larger.moduleKW *= factor
        larger.inverterKW = plane.inverterKW.map { $0 * factor }
        return larger
      }
    }
    return more
  }
}
