package import Diagnostics
import Foundation

/// What a subcommand may use of the world: channels, files, environment, the wish to stop.
package struct CommandContext: Sendable {
  /// The channels.
  package let console: Console
  /// Environment variables.
  package let environment: [String: String]
  /// True once the user asked to stop; long work polls it between cases.
  package let isInterrupted: @Sendable () -> Bool

  /// Creates the context of a command.
  package init(
    console: Console, environment: [String: String],
    isInterrupted: @escaping @Sendable () -> Bool
  ) {
    self.console = console
    self.environment = environment
    self.isInterrupted = isInterrupted
  }

  /// Prints a result on standard output, with a newline at the end if there is none.
  package func print(_ text: String) {
    console.writeOutput(text.hasSuffix("\n") ? text : text + "\n")
  }

  /// Prints findings on standard error.
  package func report(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics { console.writeError("\(diagnostic)\n") }
  }

  /// Prints a remark on standard error.
  package func note(_ text: String) {
    console.writeError("\(text)\n")
  }

  /// Starts to show the progress of a task.
  package func progress(_ task: String, total: Int, options: CommonOptions) -> Progress {
    Progress(task: task, total: total, console: console, isQuiet: options.isQuiet)
  }

  /// The number of cases to work on at once.
  package func workers(_ options: CommonOptions) -> Int {
    options.threads ?? ProcessInfo.processInfo.activeProcessorCount
  }

  /// Reads a whole file.
  ///
  /// - Throws: `InputError` that names the file and the reason.
  package func read(_ path: String) throws -> [UInt8] {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let place = SourcePosition(file: path)
    guard exists else { throw InputError("no such file", at: place) }
    guard !isFolder.boolValue else { throw InputError("a folder, not a file", at: place) }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputError("the file cannot be read", at: place)
    }
    return Array(data)
  }

  /// Writes a file into the folder of `--output`, which is made when it is not there.
  ///
  /// - Throws: `RunFailure` that names the path.
  package func write(_ text: String, to name: String, in folder: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"), options: .atomic)
    } catch {
      throw RunFailure("'\(folder)/\(name)' cannot be written")
    }
  }
}
