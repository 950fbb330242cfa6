import Documents
import TimeSeries
package import Twin

/// The steps of a run as CSV.
package struct TwinRows: Sendable {
  private var rows = CSVWriter(header: [
    "start", "requested_kw", "delivered_kw", "auxiliary_kw", "clipped_kw", "cause", "loss_kw",
    "soc_fraction", "hottest_cell_c", "stored_kwh", "ambient_c",
  ])

  /// The header and the steps entered so far.
  package var text: String { rows.text }

  /// Starts with the header.
  package init() {}

  /// Enters a step.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - instant: Its begin. [UTC epoch s]
  ///   - airC: Temperature of the air. [°C]
  package mutating func add(_ step: TwinStep, at instant: Int, airC: Double) {
    rows.add(Instant.utcText(instant))
    for number in [step.requestedKW, step.deliveredKW, step.auxiliaryKW, step.clippedKW] {
      rows.add(number)
    }
    rows.add(step.cause?.rawValue ?? "")
    for number in [
      step.lossKW, step.socFraction, step.hottestCellC, step.storedEnergyKWh, airC,
    ] {
      rows.add(number)
    }
    rows.endRow()
  }
}
