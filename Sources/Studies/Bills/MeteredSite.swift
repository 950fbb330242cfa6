import Diagnostics
package import TimeSeries

/// What a bill is made of: load, generation and spot prices on one grid.
package struct MeteredSite: Sendable {
  /// The intervals.
  package let grid: TimeGrid
  /// The site's clock.
  package let zone: Zone
  /// Consumption, one per interval. [kW]
  package let loadKW: [Double]
  /// Production, one per interval. [kW]
  package let generationKW: [Double]
  /// Spot price, one per interval, or nothing. [currency/kWh]
  package let spotPerKWh: [Double]?

  /// Puts the columns of a site together.
  ///
  /// - Parameters:
  ///   - grid: The intervals.
  ///   - zone: The site's clock.
  ///   - loadKW: Consumption, one per interval. [kW]
  ///   - generationKW: Production, one per interval. [kW]
  ///   - spotPerKWh: Spot price, one per interval, or nothing. [currency/kWh]
  package init(
    grid: TimeGrid, zone: Zone, loadKW: [Double], generationKW: [Double], spotPerKWh: [Double]?
  ) {
    self.grid = grid
    self.zone = zone
    self.loadKW = loadKW
    self.generationKW = generationKW
    self.spotPerKWh = spotPerKWh
  }

  /// Refuses a load or generation with intervals that have no value.
  ///
  /// - Throws: `InputError` that counts them and names the first.
  package func refuseHoles(file: String) throws {
    let holes = grid.indices.filter { !(loadKW[$0] - generationKW[$0]).isFinite }
    guard let first = holes.first else { return }
    throw InputError(
      "\(holes.count) of \(grid.count) intervals have no value, the first at "
        + Instant.localText(grid.instant(first), zone: zone),
      at: SourcePosition(file: file))
  }
}
