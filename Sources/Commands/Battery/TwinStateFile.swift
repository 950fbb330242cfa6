import CommandLine
import Diagnostics
import Documents
import Foundation
import Twin

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
  /// - Throws: `WriteFailure` that names the path.
  static func write(_ twin: DigitalTwin, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(Document(schema: schema, state: twin.state))
    let text = String(decoding: data, as: UTF8.self)
    try FileWriter.write(text, to: path)
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
