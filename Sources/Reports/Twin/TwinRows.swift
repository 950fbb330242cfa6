import Documents
import TimeSeries
import Twin

/// The steps of a run as CSV.
package struct TwinRows: Sendable {
  private var rows = CSVWriter(header: [
    "start", "seconds", "requested_kw", "requested_a", "delivered_kw", "pack_a", "pack_v",
    "lowest_cell_v", "highest_cell_v", "auxiliary_kw", "clipped_kw", "cause", "held", "loss_kw",
    "soc_fraction", "hottest_cell_c", "stored_kwh", "ambient_c",
  ])

  /// The header and the steps entered so far.
  package var text: String { rows.text }

  /// Starts with the header.
  init() {}

  /// Enters a step.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - twin: The battery after it.
  ///   - instant: Its begin. [UTC epoch s]
  ///   - seconds: Its length. [s]
  ///   - airC: Temperature of the air. [°C]
  mutating func add(
    _ step: TwinStep, after twin: DigitalTwin, at instant: Int, seconds: Double, airC: Double
  ) {
    rows.add(Instant.utcText(instant))
    rows.add(seconds)
    rows.add(step.requestedKW)
    rows.add(step.requestedA ?? .nan)
    rows.add(step.deliveredKW)
    rows.add(step.packA)
    rows.add(twin.pack.packV)
    rows.add(twin.pack.lowestV)
    rows.add(twin.pack.highestV)
    rows.add(step.auxiliaryKW)
    rows.add(step.clippedKW)
    rows.add(step.cause?.rawValue ?? "")
    rows.add(step.isHeld ? 1 : 0)
    for number in [
      step.lossKW, step.socFraction, step.hottestCellC, step.storedEnergyKWh, airC,
    ] {
      rows.add(number)
    }
    rows.endRow()
  }
}
