package import Diagnostics
package import Documents
import Foundation

/// What a subcommand may use of the world: channels, files, environment, the wish to stop.
package struct CommandContext: Sendable {
  /// The channels.
  package var console: Console
  /// Environment variables.
  package let environment: [String: String]
  /// What the run wrote, and what it could not write.
  package let journal = OutputJournal()
  /// Whether the end of the run says where files are; not for those that nobody will find.
  package var tellsFiles = true
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

  /// Prints a result for people on standard output, with a newline at the end if there is none; lines that are
  /// too long are folded.
  package func print(_ text: String) { printDocument(TextLayout.current.folded(text)) }

  /// Prints a result for programs as it is, with a newline at the end if there is none.
  package func printDocument(_ text: String) {
    console.writeOutput(PrintableText.lines(text.hasSuffix("\n") ? text : text + "\n"))
  }

  /// The option that lets texts be as wide as they are.
  package static let wideOption = "--wide"

  /// How results are laid out for these options.
  var layout: TextLayout {
    TextLayout(width: options.contains(Self.wideOption) ? nil : console.outputWidth)
  }

  /// Prints findings on standard error, of each kind as many as are worth reading and a count.
  package func report(_ diagnostics: [Diagnostic]) {
    for diagnostic in Diagnostic.capped(diagnostics) { console.writeError("\(diagnostic)\n") }
  }

  /// Prints a remark on standard error.
  package func note(_ text: String) {
    console.writeError(PrintableText.lines("\(text)\n"))
  }

  /// Writes a file into the folder of `--output`; one that cannot be written is told of at the end of the run.
  ///
  /// - Throws: `CancellationError` when the user asked to stop, for half a result is none.
  package func write(_ text: String, to name: String, in folder: String) throws {
    if isInterrupted() { throw CancellationError() }
    journal.write(text, to: name, in: folder)
  }

  /// Writes a file into a folder piece by piece; a failure is told of at the end of the run.
  ///
  /// - Throws: `CancellationError` when the user has asked to stop.
  package func write(
    to name: String, in folder: String, _ body: (FileWriter) throws -> Void
  ) throws {
    if isInterrupted() { throw CancellationError() }
    journal.write(to: name, in: folder, body)
  }

  /// Writes something else; a failure is told of at the end of the run.
  package func keep(_ body: () throws -> Void) {
    do { try body() } catch { journal.fail("\(error)") }
  }

  /// Starts to show the progress of a task.
  package func progress(_ task: String, total: Int, options: CommonOptions) -> Progress {
    Progress(
      task: task, total: total, console: console,
      style: options.isQuiet ? .none : options.progress)
  }

  /// The number of cases to work on at once.
  package func workers(_ options: CommonOptions) -> Int {
    options.threads ?? ProcessInfo.processInfo.activeProcessorCount
  }
}
