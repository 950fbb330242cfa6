import CommandLine
import Diagnostics
import Documents
import Foundation
import Numerics
import Replay
import Scenarios
import Studies

/// A folder that keeps the replayed candidates of a sizing study, one file each.
///
/// A file appears under its name when it is whole, so a run that is stopped in any moment leaves whole candidates, and
/// several machines may share the folder. Each file says what its candidate was replayed from; candidates of anything
/// else are refused.
struct CellFolder {
  private struct Document: Codable {
    var schema: String
    var stamp: Stamp
    var run: SizedRun
  }

  private struct Header: Decodable {
    var schema: String
    var stamp: Stamp
  }

  /// What a candidate was replayed from.
  struct Stamp: Codable, Equatable {
    var scenario: String
    /// Fingerprints of the document, and of it with everything else that was read.
    var document: String
    var inputs: String
    var seed: String
    var program: String

    /// Takes a scenario that has been read.
    init(_ loaded: LoadedScenario) {
      scenario = loaded.scenario.name
      document = loaded.document.text
      inputs = loaded.inputs.text
      seed = "\(loaded.replay.settings.seed)"
      program = Tool.wattif.version
    }

    /// Says in what another stamp differs; nothing where it does not.
    func difference(of other: Stamp) -> String? {
      if other.program != program {
        return "by version \(other.program) of the program, which is \(program) now"
      }
      if other.document != document {
        return other.scenario == scenario
          ? "from '\(other.scenario)' before its document was changed"
          : "from another scenario, '\(other.scenario)'"
      }
      if other.seed != seed { return "with the seed \(other.seed), which is \(seed) now" }
      return other.inputs == inputs ? nil : "from other data, or for another battery"
    }
  }

  private static let schema = "wattif.size_cell/1"
  let path: String
  private let stamp: Stamp

  /// Takes a folder for the candidates of a scenario.
  init(_ path: String, of loaded: LoadedScenario) {
    self.path = path
    stamp = Stamp(loaded)
  }

  /// Returns the candidates that are kept.
  ///
  /// A file that is not whole, as a machine without power may leave it, is told of and stands for nothing.
  ///
  /// - Throws: `InputError` for a candidate of something else.
  func runs(_ context: CommandContext) throws -> [SizedRun] {
    var runs: [SizedRun] = []
    for name in FileWriter.names(in: path) where name.hasPrefix("cell_") && name.hasSuffix(".json")
    {
      let place = SourcePosition(file: "\(path)/\(name)")
      guard let file = try? TextFile("\(path)/\(name)", isUnicode: true),
        let header = try? JSONDecoding.decode(Header.self, from: file),
        header.schema == Self.schema
      else {
        context.report([.warning("the file holds no whole candidate and is left out", at: place)])
        continue
      }
      if let difference = stamp.difference(of: header.stamp) {
        throw InputError([
          .error(
            "this candidate was replayed \(difference)", at: place,
            notes: ["take another folder, or empty this one"])
        ])
      }
      runs.append(try JSONDecoding.decode(Document.self, from: file).run)
    }
    return runs
  }

  /// Keeps a candidate.
  ///
  /// - Throws: `WriteFailure` that names the file.
  func keep(_ run: SizedRun) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(Document(schema: Self.schema, stamp: stamp, run: run))
    try FileWriter.makeFolder(path)
    try FileWriter.write(
      String(decoding: data, as: UTF8.self) + "\n", to: "\(path)/\(Self.name(of: run))")
  }

  /// The name of a candidate's file: no two candidates of a study share one.
  private static func name(of run: SizedRun) -> String {
    let product = run.product.map { "_\(Fingerprint($0).text)" } ?? ""
    return "cell_\(run.site)_\(run.energyKWh)kWh_\(run.powerKW)kW\(product).json"
  }
}

/// `K/N` on the command line: one of several parts.
extension Shard: ArgumentValue {
  package init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(argument: String(parts[0])),
      let count = Int(argument: String(parts[1]))
    else { return nil }
    self.init(number, of: count)
  }

  package static var phrase: String { "a part and a number of parts, such as 2/8" }
}
