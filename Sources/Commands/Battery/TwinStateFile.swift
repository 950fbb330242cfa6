import CommandLine
import Diagnostics
import Documents
import Foundation
import Numerics
import Twin

/// A battery saved by `wattif twin --save-state`.
enum TwinStateFile {
  private struct Document: Codable {
    var schema: String
    /// The battery in words, and what it is part by part.
    var battery: String
    var parts: [String: String]
    var state: DigitalTwin.State
  }

  private struct Header: Decodable {
    var schema: String
    var battery: String?
    var parts: [String: String]?
  }

  private static let schema = "wattif.twin_state/2"

  /// Saves a battery as it is.
  ///
  /// - Throws: `WriteFailure` that names the path.
  static func write(_ twin: DigitalTwin, to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(
      Document(
        schema: schema, battery: twin.specification.summary, parts: parts(of: twin.specification),
        state: twin.state))
    let text = String(decoding: data, as: UTF8.self)
    try FileWriter.write(text, to: path)
  }

  private static func parts(of battery: TwinSpecification) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: battery.fingerprints.map { ($0.key, $0.fingerprint.text) })
  }

  /// Reads a battery.
  ///
  /// - Throws: `InputError` when the file is none of this kind, or of another battery.
  static func read(
    _ path: String, _ specification: TwinSpecification, context: CommandContext
  ) throws -> DigitalTwin {
    let file = try context.read(path)
    let place = SourcePosition(file: path)
    guard let header = try? JSONDecoding.decode(Header.self, from: file), header.schema == schema
    else { throw InputError("not a saved state of a battery, '\(schema)'", at: place) }
    let (saved, own) = (header.parts ?? [:], parts(of: specification))
    let other = specification.fingerprints.map(\.key).filter { saved[$0] != own[$0] }
    guard other.isEmpty else {
      throw InputError([
        .error(
          "the state of another battery, which differs in "
            + listed(other.map { "'\($0)'" }, "and"), at: place,
          notes: [
            "the state is of \(header.battery ?? "an unknown battery")",
            "the scenario has \(specification.summary)",
          ])
      ])
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
