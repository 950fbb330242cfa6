import TimeSeries
package import Twin

/// The steps of a run as CSV.
package struct TwinRows: Sendable {
  /// The header and the steps entered so far.
  package private(set) var text =
    "start,requested_kw,delivered_kw,auxiliary_kw,clipped_kw,cause,loss_kw,soc_fraction,"
    + "hottest_cell_c,stored_kwh,ambient_c\n"

  /// Starts with the header.
  package init() {}

  /// Enters a step.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - instant: Its begin. [UTC epoch s]
  ///   - airC: Temperature of the air. [°C]
  package mutating func add(_ step: TwinStep, at instant: Int, airC: Double) {
    let cells = [
      Instant.utcText(instant), "\(step.requestedKW)", "\(step.deliveredKW)",
      "\(step.auxiliaryKW)", "\(step.clippedKW)", step.cause?.rawValue ?? "", "\(step.lossKW)",
      "\(step.socFraction)", "\(step.hottestCellC)", "\(step.storedEnergyKWh)", "\(airC)",
    ]
    text += cells.joined(separator: ",") + "\n"
  }
}
