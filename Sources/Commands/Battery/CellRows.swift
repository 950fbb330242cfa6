import Documents
import TimeSeries
import Twin

/// Every cell after every step, as CSV written while the run goes on.
struct CellRows {
  private let file: FileWriter
  private var rows = CSVWriter(
    header: ["start", "cell", "soc_fraction", "voltage_v", "temperature_c", "current_a"])

  /// Opens the file.
  ///
  /// - Throws: `WriteFailure` that names the path and the reason.
  init(path: String) throws {
    file = try FileWriter(path)
  }

  /// Adds the cells as they are after the step that began at an instant.
  mutating func add(_ twin: DigitalTwin, at instant: Int) throws {
    let start = Instant.utcText(instant)
    let pack = twin.pack
    let (soc, volt) = (pack.socFraction, pack.terminalV)
    let (celsius, ampere) = (pack.temperatureC, pack.currentA)
    for j in soc.indices {
      rows.add(start)
      rows.add(j)
      for number in [soc[j], volt[j], celsius[j], ampere[j]] { rows.add(number) }
      rows.endRow()
    }
    let text = rows.drain()
    try file.write(text)
  }

  /// Writes what is left and gives the file its name.
  func finish() throws {
    try file.finish()
  }
}
