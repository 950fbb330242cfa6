import CommandLine
import Diagnostics
import Foundation
import TimeSeries
import Twin

/// Every cell after every step, as CSV written while the run goes on.
struct CellRows {
  private let path: String
  private let file: FileHandle
  private var buffer = "start,cell,soc_fraction,voltage_v,temperature_c,current_a\n"

  /// Opens the file.
  ///
  /// - Throws: `RunFailure` that names the path.
  init(path: String) throws {
    self.path = path
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else { throw RunFailure("'\(path)' cannot be written") }
    self.file = file
  }

  /// Adds the cells as they are after the step that began at an instant.
  mutating func add(_ twin: DigitalTwin, at instant: Int) throws {
    let start = Instant.utcText(instant)
    let pack = twin.pack
    let (soc, volt) = (pack.socFraction, pack.terminalV)
    let (celsius, ampere) = (pack.temperatureC, pack.currentA)
    for j in soc.indices {
      buffer += "\(start),\(j),\(soc[j]),\(volt[j]),\(celsius[j]),\(ampere[j])\n"
    }
    if buffer.utf8.count > 1 << 20 { try flush() }
  }

  /// Writes what is left and closes the file.
  mutating func finish() throws {
    try flush()
    try? file.close()
  }

  private mutating func flush() throws {
    do {
      try file.write(contentsOf: Data(buffer.utf8))
    } catch {
      throw RunFailure("'\(path)' cannot be written")
    }
    buffer = ""
  }
}

/// A battery saved by `wattif twin --save-state`.
enum TwinStateFile {
  private struct Document: Codable {
    var schema: String
    var state: DigitalTwin.State
  }

  private static let schema = "wattif.twin_state/1"

  /// Saves a battery as it is.
  ///
  /// - Throws: `RunFailure` that names the path.
  static func write(_ twin: DigitalTwin, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    do {
      let data = try encoder.encode(Document(schema: schema, state: twin.state))
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw RunFailure("'\(path)' cannot be written")
    }
  }

  /// Reads a battery.
  ///
  /// - Throws: `InputError` when the file is none of this kind, or of another battery.
  static func read(
    _ path: String, _ specification: TwinSpecification, context: CommandContext
  ) throws -> DigitalTwin {
    let bytes = try context.read(path)
    let place = SourcePosition(file: path)
    guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)),
      document.schema == schema
    else { throw InputError("not a saved state of a battery, '\(schema)'", at: place) }
    do {
      return try DigitalTwin(specification, state: document.state)
    } catch {
      throw InputError(
        error.diagnostics.map { .error($0.message, at: place) })
    }
  }
}
