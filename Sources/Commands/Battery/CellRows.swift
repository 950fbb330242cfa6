import CommandLine
import Documents
import TimeSeries
import Twin

/// Every cell after every step, or less often, as CSV written while the run goes on.
struct CellRows {
  /// The file; nothing any more when it could not be written on.
  private var file: FileWriter?
  private let context: CommandContext
  private let places: [CellPlace]
  private let everySeconds: Double
  /// Time since cells were last written. [s]
  private var waitedSeconds = 0.0
  private var rows = CSVWriter(
    header: [
      "start", "string", "module", "group", "cell", "soc_fraction", "voltage_v", "temperature_c",
      "current_a",
    ])

  /// Opens the file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - battery: Where the cells sit.
  ///   - everySeconds: Least time between two looks at the cells; 0 for every step. [s]
  ///   - context: Told when the file cannot be written on; the run goes on without it.
  /// - Throws: `WriteFailure` that names the path and the reason.
  init(
    path: String, of battery: TwinSpecification, everySeconds: Double, context: CommandContext
  ) throws {
    self.context = context
    file = try FileWriter(path)
    places = (0..<battery.cellCount).map(battery.place)
    self.everySeconds = everySeconds
  }

  /// Adds the cells as they are after the step that began at an instant and took so long.
  mutating func add(_ twin: DigitalTwin, at instant: Int, seconds: Double) {
    guard file != nil else { return }
    waitedSeconds += seconds
    // Parts of an hour add up to it but for rounding.
    guard waitedSeconds >= everySeconds - 1e-3 else { return }
    waitedSeconds = 0
    let start = Instant.utcText(instant)
    let pack = twin.pack
    let (soc, volt) = (pack.socFraction, pack.terminalV)
    let (celsius, ampere) = (pack.temperatureC, pack.currentA)
    for j in soc.indices {
      rows.add(start)
      rows.add(places[j].string)
      rows.add(places[j].module ?? "")
      rows.add(places[j].group)
      rows.add(j)
      for number in [soc[j], volt[j], celsius[j], ampere[j]] { rows.add(number) }
      rows.endRow()
    }
    let text = rows.drain()
    write { try $0.write(text) }
  }

  /// Writes what is left and gives the file its name.
  mutating func finish() {
    write { try $0.finish() }
  }

  /// Gives the file up at the first failure.
  private mutating func write(_ body: (FileWriter) throws -> Void) {
    guard let open = file else { return }
    do {
      try body(open)
    } catch {
      context.journal.fail("\(error)")
      file = nil
    }
  }
}
