import CommandLine
import Diagnostics
import Documents
import Reports
import Store

/// The runs of a project database, opened for reading.
struct RunLedger {
  /// Folder that the database lies in.
  let folder: String
  /// Runs in the order of their numbers.
  let runs: [StoredRun]
  private let path: String
  private let store: ProjectStore

  /// Opens a database, or the one of a result folder.
  ///
  /// - Throws: `InputError` when there is none, `StoreError` when it cannot be read.
  init(_ given: String) throws {
    let inside = "\(given)/wattif.sqlite"
    path = TextFile.problem(of: given) == nil ? given : inside
    if let problem = TextFile.problem(of: path) {
      throw InputError(
        "\(problem); a subcommand that replays keeps its runs in wattif.sqlite of --output",
        at: SourcePosition(file: path))
    }
    store = try ProjectStore(path: path)
    runs = try store.runs()
    folder = Paths.folder(of: path)
  }

  /// Returns the run of a number or of the first digits of an id; without one the newest.
  ///
  /// - Throws: `UsageError` when there is none or when several begin so.
  func run(_ reference: String?) throws(UsageError) -> StoredRun {
    guard let reference else {
      guard let newest = runs.last else { throw UsageError("'\(path)' holds no runs") }
      return newest
    }
    if let found = runs.first(where: { "\($0.number)" == reference }) { return found }
    let matching = runs.filter { reference.count >= 4 && $0.hash.hasPrefix(reference.lowercased()) }
    guard let found = matching.first else {
      let known = runs.suffix(10).map { "\($0.number) (\($0.shortHash))" }
      throw UsageError(
        "'\(path)' holds no run '\(reference)'; "
          + (known.isEmpty ? "it holds none" : "the newest are \(listed(known, "and"))"))
    }
    guard matching.count == 1 else {
      throw UsageError("\(matching.count) runs have an id that begins with '\(reference)'")
    }
    return found
  }

  /// Returns two runs to compare: those named, the one named with the newest, or the two newest.
  ///
  /// - Throws: `UsageError` when there are no two.
  func pair(_ references: [String]) throws(UsageError) -> (StoredRun, StoredRun) {
    if references.count == 2 { return (try run(references[0]), try run(references[1])) }
    guard runs.count > 1 else {
      throw UsageError("'diff' needs two runs; '\(path)' holds \(runs.count)")
    }
    if let only = references.first { return (try run(only), try run(nil)) }
    return (runs[runs.count - 2], runs[runs.count - 1])
  }

  /// Returns the page of a run, or nothing when it has none.
  func page(_ run: StoredRun) throws -> String? { try store.page(run: run.number) }

  /// Returns a run with what it read and what came out.
  func kept(_ run: StoredRun) throws -> KeptRun {
    try KeptRun(
      run, inputs: try store.inputs(run: run.number), scores: try store.scores(run: run.number))
  }
}
