package import CommandLine
import Synchronization

/// A console that collects text; time passes by one second per look at the clock.
package final class CollectingConsole: Sendable {
  private let results = Mutex("")
  private let remarks = Mutex("")
  private let clock = Mutex(0.0)
  private let width: Int?
  private let outputWidth: Int?

  /// Creates a console.
  ///
  /// - Parameters:
  ///   - width: Width of the terminal that standard error is; none if it is none. [columns]
  ///   - outputWidth: Columns that results fit into; as many as they take without. [columns]
  package init(width: Int? = nil, outputWidth: Int? = nil) {
    self.width = width
    self.outputWidth = outputWidth
  }

  /// What was written to standard output.
  package var output: String { results.withLock { $0 } }
  /// What was written to standard error.
  package var error: String { remarks.withLock { $0 } }

  /// The console that writes here.
  package var console: Console {
    Console(
      writeOutput: { text in self.results.withLock { $0 += text } },
      writeError: { text in self.remarks.withLock { $0 += text } },
      errorWidth: { self.width },
      seconds: {
        self.clock.withLock {
          $0 += 1
          return $0
        }
      }, outputWidth: outputWidth)
  }
}
