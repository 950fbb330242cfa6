package import TimeSeries
package import Twin

/// What happened at the meter and in the battery, interval by interval.
///
/// All columns have one value per interval of the period. An interval whose load or production was
/// not measured is NaN in every power column: the battery idles through it and nobody is billed.
/// In every other interval `grid + battery + pv − curtailed = load + auxiliary`.
package struct ReplayTrace: Sendable {
  /// The intervals of the period.
  package let grid: TimeGrid
  /// Consumption of the site. [kW]
  package var loadKW: [Double]
  /// Production that was available. [kW]
  package var pvKW: [Double]
  /// Production that was not used. [kW]
  package var curtailedKW: [Double]
  /// Battery power that the controller asked for, positive when discharging. [kW]
  package var requestedKW: [Double]
  /// Battery power at the AC terminals, positive when discharging. [kW]
  package var batteryKW: [Double]
  /// Draw of the battery system's cooling, heating and stand-by. [kW]
  package var auxiliaryKW: [Double]
  /// Power at the meter, positive when importing. [kW]
  package var gridKW: [Double]
  /// Mean state of charge of the cells at the end of the interval, 0…1.
  package var socFraction: [Double]
  /// Stored energy at the end of the interval. [kWh]
  package var storedKWh: [Double]
  /// Temperature of the hottest cell at the end of the interval. [°C]
  package var hottestCellC: [Double]
  /// What limited the battery most in the interval, if anything did.
  package var limitedBy: [ClipCause?]

  /// Prepares an empty trace.
  package init(grid: TimeGrid) {
    let empty = [Double](repeating: .nan, count: grid.count)
    self.grid = grid
    loadKW = empty
    pvKW = empty
    curtailedKW = empty
    requestedKW = empty
    batteryKW = empty
    auxiliaryKW = empty
    gridKW = empty
    socFraction = empty
    storedKWh = empty
    hottestCellC = empty
    limitedBy = [ClipCause?](repeating: nil, count: grid.count)
  }

  /// Import at the meter; zero where nothing was measured. [kW, one per interval]
  package var importKW: [Double] { gridKW.map { $0 > 0 ? $0 : 0 } }

  /// Export at the meter; zero where nothing was measured. [kW, one per interval]
  package var exportKW: [Double] { gridKW.map { $0 < 0 ? -$0 : 0 } }

  /// Number of intervals that nobody was billed for, because a measurement was missing.
  package var unmeasuredCount: Int { gridKW.reduce(0) { $0 + ($1.isNaN ? 1 : 0) } }

  /// Largest violation of the power balance at the meter. [kWh per interval]
  package var largestImbalanceKWh: Double {
    var largest = 0.0
    for i in grid.indices where !gridKW[i].isNaN {
      let sum =
        gridKW[i] + batteryKW[i] + pvKW[i] - curtailedKW[i] - loadKW[i] - auxiliaryKW[i]
      largest = max(largest, abs(sum) * grid.stepHours)
    }
    return largest
  }
}
