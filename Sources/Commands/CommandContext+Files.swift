import CommandLine
import Documents

extension CommandContext {
  /// Reads a whole document; what is worth knowing about its encoding goes to standard error.
  ///
  /// - Throws: `InputError` that names the file and the reason.
  func read(_ path: String) throws -> TextFile {
    let document = try TextFile(path)
    report(document.warnings)
    return document
  }

  /// Writes a file into the folder of `--output`, which is made when it is not there.
  ///
  /// - Throws: `WriteFailure` that names the path and the reason.
  func write(_ text: String, to name: String, in folder: String) throws {
    try FileWriter.makeFolder(folder)
    try FileWriter.write(text, to: "\(folder)/\(name)")
  }
}
