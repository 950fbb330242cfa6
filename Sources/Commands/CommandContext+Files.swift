import CommandLine
import Diagnostics
import Documents
import Store

extension CommandContext {
  /// Reads a whole document; what is worth knowing about its encoding goes to standard error.
  ///
  /// - Throws: `InputError` that names the file and the reason.
  func read(_ path: String) throws -> TextFile {
    let document = try TextFile(path)
    report(document.warnings)
    return document
  }

  /// Writes into a project database; one that cannot be written is told of at the end of the run.
  ///
  /// - Throws: `InputError` when the store refuses what it is given.
  func keep(in path: String, _ body: (ProjectStore) throws -> Void) throws {
    do {
      try body(try ProjectStore(path: path))
    } catch let error as StoreError {
      if error.code == 0 { throw InputError(error.message) }
      journal.fail("'\(path)' cannot be written: \(error.message)")
    }
  }
}

extension OutputPlace {
  /// Files, where they are given.
  static func files(_ paths: String?...) -> [OutputPlace] {
    paths.compactMap { $0.map(OutputPlace.file) }
  }

  /// A project database, which is tried as it is where it is there.
  static func store(_ path: String?) -> [OutputPlace] {
    guard let path else { return [] }
    return [.file(path)] + [
      .other {
        do { try ProjectStore.trial(path) } catch let error as StoreError {
          throw RunFailure("'\(path)' cannot be written: \(error.message)")
        }
      }
    ]
  }
}

extension WorkingSubcommand {
  /// The result folder and the database of runs in it.
  var resultFolderAndRuns: [OutputPlace] {
    resultFolder + OutputPlace.store(common.output.map { "\($0)/wattif.sqlite" })
  }
}
