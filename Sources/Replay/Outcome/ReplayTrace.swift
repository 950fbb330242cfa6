public import TimeSeries
public import Twin

/// What happened at the meter and in the battery, interval by interval.
///
/// All columns have one value per interval of the period. An interval whose load or production was
/// not measured is NaN in every power column: the battery idles through it and nobody is billed.
/// In every other interval `grid + battery + pv − curtailed = load + auxiliary`.
public struct ReplayTrace: Sendable {
  /// The intervals of the period.
  public let grid: TimeGrid
  /// Consumption of the site. [kW]
  public var loadKW: [Double]
  /// Production that was available. [kW]
  public var pvKW: [Double]
  /// Production that was not used. [kW]
  public var curtailedKW: [Double]
  /// Battery power that the controller asked for, positive when discharging. [kW]
  public var requestedKW: [Double]
  /// Battery power at the AC terminals, positive when discharging. [kW]
  public var batteryKW: [Double]
  /// Draw of the battery system's cooling, heating and stand-by. [kW]
  public var auxiliaryKW: [Double]
  /// Power at the meter, positive when importing. [kW]
  public var gridKW: [Double]
  /// Mean state of charge of the cells at the end of the interval, 0…1.
  public var socFraction: [Double]
  /// Stored energy at the end of the interval. [kWh]
  public var storedKWh: [Double]
  /// Temperature of the hottest cell at the end of the interval. [°C]
  public var hottestCellC: [Double]
  /// What limited the battery most in the interval, if anything did.
  public var limitedBy: [ClipCause?]

  /// Prepares an empty trace.
  public init(grid: TimeGrid) {
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
  public var importKW: [Double] { gridKW.map { $0 > 0 ? $0 : 0 } }

  /// Export at the meter; zero where nothing was measured. [kW, one per interval]
  public var exportKW: [Double] { gridKW.map { $0 < 0 ? -$0 : 0 } }

  /// Number of intervals that nobody was billed for, because a measurement was missing.
  public var unmeasuredCount: Int { gridKW.reduce(0) { $0 + ($1.isNaN ? 1 : 0) } }

  /// Largest violation of the power balance at the meter. [kWh per interval]
  public var largestImbalanceKWh: Double {
    var largest = 0.0
    for i in grid.indices where !gridKW[i].isNaN {
      let sum =
        gridKW[i] + batteryKW[i] + pvKW[i] - curtailedKW[i] - loadKW[i] - auxiliaryKW[i]
      largest = max(largest, abs(sum) * grid.stepHours)
    }
    return largest
  }
}
