package import Forecasting
package import Replay
package import Tariffs
package import TimeSeries
package import Twin

/// Small sites that tests replay: a few days or weeks, a home battery, simple tariffs.
package enum SmallSite {
  package static let berlin = Zone.named("Europe/Berlin")

  /// Starts the history three weeks before the period, so that weekly patterns are known.
  package static let warmUpDays = 21

  /// A history whose load and production are functions of the local hour.
  package static func history(
    from: Int, days: Int, stepSeconds: Int = 900, zone: Zone = berlin,
    load: (_ slot: Int, _ hour: Double) -> Double,
    pv: (_ slot: Int, _ hour: Double) -> Double = { _, _ in 0 },
    price: ((_ slot: Int, _ hour: Double) -> Double)? = nil, ambientC: Double = 20
  ) -> SiteHistory {
    let start = from - warmUpDays * 86_400
    let grid = TimeGrid(
      start: start, stepSeconds: stepSeconds,
      count: (days + warmUpDays) * 86_400 / stepSeconds)
    let slots = LocalSlots(grid: grid, zone: zone)
    let hours = slots.minuteOfDay.map { Double($0) / 60 }
    var history = SiteHistory(
      grid: grid, zone: zone,
      columns: [
        .load: grid.indices.map { load($0, hours[$0]) },
        .pv: grid.indices.map { pv($0, hours[$0]) },
        .ambient: [Double](repeating: ambientC, count: grid.count),
      ])
    if let price { history[.price] = grid.indices.map { price($0, hours[$0]) } }
    return history
  }

  /// A battery of 10 kWh and 5 kW.
  package static func battery(derating: DeratingPolicy = .none) throws -> TwinSpecification {
    try .sized(capacityKWh: 10, powerKW: 5, derating: derating)
  }

  package static func version(_ kind: ForecastRecipe.Kind, name: String? = nil) -> ForecastVersion {
    let recipe = ForecastRecipe(kind)
    return ForecastVersion(
      name: name ?? kind.rawValue, load: recipe, pv: recipe, price: ForecastRecipe(.naiveDay))
  }

  /// A case over whole days.
  package static func replay(
    _ history: SiteHistory, from: Int, days: Int, tariff: Tariff,
    twin: TwinSpecification? = nil, settings: ReplaySettings = ReplaySettings()
  ) throws -> ReplayCase {
    try ReplayCase(
      history: history, site: SiteContext(zone: history.zone), from: from,
      to: from + days * 86_400, battery: try twin ?? battery(), tariff: tariff, settings: settings)
  }
}

extension Zone {
  /// A zone that every time zone database holds.
  package static func named(_ identifier: String) -> Zone {
    guard let zone = try? Zone(identifier) else { preconditionFailure("a known zone") }
    return zone
  }
}
