import Documents

/// Something that a subcommand will write, which is tried before its work.
package enum OutputPlace: Sendable {
  /// A folder for result files.
  case folder(String)
  /// One file.
  case file(String)
  /// Anything else, with what tries it.
  case other(@Sendable () throws -> Void)

  /// Tries whether it can be written; nothing is changed but that a folder may be made.
  ///
  /// - Throws: `WriteFailure` that names the path and the reason.
  func attempt(_ journal: OutputJournal) throws {
    switch self {
    case .folder(let path): try journal.tryFolder(path)
    case .file(let path): try FileWriter.trial(path)
    case .other(let attempt): try attempt()
    }
  }
}
