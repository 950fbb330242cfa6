import CommandLine
import Diagnostics
import Documents
import Foundation
import TimeSeries
import Twin

/// Every cell after every step, as CSV written while the run goes on.
struct CellRows {
  private let file: FileWriter
  private var rows = CSVWriter(
    header: ["start", "cell", "soc_fraction", "voltage_v", "temperature_c", "current_a"])

  /// Opens the file.
  ///
  /// - Throws: `RunFailure` that names the path and the reason.
  init(path: String) throws {
    file = try written { () throws(WriteFailure) in try FileWriter(path) }
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
    try written { () throws(WriteFailure) in try file.write(text) }
  }

  /// Writes what is left and gives the file its name.
  func finish() throws {
    try written { () throws(WriteFailure) in try file.finish() }
  }
}

/// Turns a file that cannot be written into a failed run.
private func written<Result>(_ write: () throws(WriteFailure) -> Result) throws -> Result {
  do throws(WriteFailure) {
    return try write()
  } catch {
    throw RunFailure("\(error)")
  }
}

/// A battery saved by `wattif twin --save-state`.
enum TwinStateFile {
  private struct Document: Codable {
    var schema: String
    var state: DigitalTwin.State
  }

  private struct Header: Decodable {
    var schema: String
  }

  private static let schema = "wattif.twin_state/1"

  /// Saves a battery as it is.
  ///
  /// - Throws: `RunFailure` that names the path.
  static func write(_ twin: DigitalTwin, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(Document(schema: schema, state: twin.state))
    let text = String(decoding: data, as: UTF8.self)
    try written { () throws(WriteFailure) in try FileWriter.write(text, to: path) }
  }

  /// Reads a battery.
  ///
  /// - Throws: `InputError` when the file is none of this kind, or of another battery.
  static func read(
    _ path: String, _ specification: TwinSpecification, context: CommandContext
  ) throws -> DigitalTwin {
    let file = try context.read(path)
    let place = SourcePosition(file: path)
    guard (try? JSONDecoding.decode(Header.self, from: file))?.schema == schema else {
      throw InputError("not a saved state of a battery, '\(schema)'", at: place)
    }
    let document = try JSONDecoding.decode(Document.self, from: file)
    do {
      return try DigitalTwin(specification, state: document.state)
    } catch {
      throw InputError(
        error.diagnostics.map { .error($0.message, at: place) })
    }
  }
}
