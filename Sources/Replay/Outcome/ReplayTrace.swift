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
  package var loadKW: [Double] = []
  /// Production that was available. [kW]
  package var pvKW: [Double] = []
  /// Production that was not used. [kW]
  package var curtailedKW: [Double] = []
  /// Battery power that the controller asked for, positive when discharging. [kW]
  package var requestedKW: [Double] = []
  /// Battery power at the AC terminals, positive when discharging. [kW]
  package var batteryKW: [Double] = []
  /// Draw of the battery system's cooling, heating and stand-by. [kW]
  package var auxiliaryKW: [Double] = []
  /// Power at the meter, positive when importing. [kW]
  package var gridKW: [Double] = []
  /// Mean state of charge of the cells at the end of the interval, 0…1.
  package var socFraction: [Double] = []
  /// Stored energy at the end of the interval. [kWh]
  package var storedKWh: [Double] = []
  /// Temperature of the hottest cell at the end of the interval. [°C]
  package var hottestCellC: [Double] = []
  /// Temperature of the coldest cell at the end of the interval. [°C]
  package var coldestCellC: [Double] = []
  /// What derating rules kept from the rated charging power, asked for or not. [kW]
  package var withheldChargeKW: [Double] = []
  /// What derating rules kept from the rated discharging power, asked for or not. [kW]
  package var withheldDischargeKW: [Double] = []
  /// The loads that can wait, which `loadKW` contains.
  package var waiting: [WaitingTrace] = []
  /// Each of several batteries, of which the columns of the battery are sums, means and extremes; empty for one.
  package var batteries: [BatteryTrace] = []
  /// What limited the battery most in the interval, if anything did.
  package var limitedBy: [ClipCause?]
  /// The rule that withheld most in the interval, if any did.
  package var withheldBy: [ClipCause?]

  /// The columns of numbers, in the order of files.
  package static let columns: [TraceColumn] = [
    TraceColumn("load_kw", \.loadKW, "load", "Consumption of the site."),
    TraceColumn("pv_kw", \.pvKW, "PV", "Production that was available."),
    TraceColumn("curtailed_kw", \.curtailedKW, "curtailed", "Production that was not used."),
    TraceColumn(
      "requested_kw", \.requestedKW, "requested (discharging positive)",
      "Battery power that the controller asked for, positive when discharging."),
    TraceColumn(
      "battery_kw", \.batteryKW, "battery (discharging positive)",
      "Battery power at the AC terminals, positive when discharging."),
    TraceColumn(
      "auxiliary_kw", \.auxiliaryKW, "auxiliary",
      "Draw of the battery system's cooling, heating and stand-by."),
    TraceColumn(
      "grid_kw", \.gridKW, "grid (import positive)",
      "Power at the meter, positive when importing."),
    TraceColumn(
      "soc_fraction", \.socFraction, "state of charge",
      "Mean state of charge of the cells at the end of the interval, 0…1."),
    TraceColumn(
      "stored_kwh", \.storedKWh, "stored", "Stored energy at the end of the interval."),
    TraceColumn(
      "hottest_cell_c", \.hottestCellC, "hottest cell",
      "Temperature of the hottest cell at the end of the interval."),
    TraceColumn(
      "coldest_cell_c", \.coldestCellC, "coldest cell",
      "Temperature of the coldest cell at the end of the interval."),
    TraceColumn(
      "withheld_charge_kw", \.withheldChargeKW, "charging withheld",
      "What derating rules kept from the rated charging power, asked for or not."),
    TraceColumn(
      "withheld_discharge_kw", \.withheldDischargeKW, "discharging withheld",
      "What derating rules kept from the rated discharging power, asked for or not."),
  ]

  /// Prepares an empty trace.
  package init(grid: TimeGrid) {
    self.grid = grid
    limitedBy = [ClipCause?](repeating: nil, count: grid.count)
    withheldBy = limitedBy
    for column in Self.columns {
      self[keyPath: column.values] = [Double](repeating: .nan, count: grid.count)
    }
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
