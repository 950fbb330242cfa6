package import Diagnostics
import Foundation

/// What a subcommand may use of the world: channels, files, environment, the wish to stop.
package struct CommandContext: Sendable {
  /// The channels.
  package var console: Console
  /// Environment variables.
  package let environment: [String: String]
  /// True once the user asked to stop; long work polls it between cases.
  package let isInterrupted: @Sendable () -> Bool
  /// The options of the command line by their long names, `--name` or `--name=value`, in their order.
  package internal(set) var options: [String] = []
  /// Bytes that are read in the place of documents, by the path as it is given.
  package var documents: [String: [UInt8]] = [:]

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
}
