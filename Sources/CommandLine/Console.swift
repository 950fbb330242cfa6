import Glibc
import Synchronization

/// The two channels of the process and what is known about the terminal.
///
/// Tests use one that collects text instead.
package struct Console: Sendable {
  /// Writes results.
  package var writeOutput: @Sendable (String) -> Void
  /// Writes diagnostics and progress.
  package var writeError: @Sendable (String) -> Void
  /// Width of the terminal that shows standard error, or nil when it is not a terminal.
  package var errorWidth: @Sendable () -> Int?
  /// Seconds on a clock that only runs forward.
  package var seconds: @Sendable () -> Double

  /// Creates a console from its functions.
  package init(
    writeOutput: @escaping @Sendable (String) -> Void,
    writeError: @escaping @Sendable (String) -> Void,
    errorWidth: @escaping @Sendable () -> Int?,
    seconds: @escaping @Sendable () -> Double
  ) {
    self.writeOutput = writeOutput
    self.writeError = writeError
    self.errorWidth = errorWidth
    self.seconds = seconds
  }

  /// Standard output and standard error.
  package static let process = Console(
    writeOutput: { write($0, to: STDOUT_FILENO) },
    writeError: { write($0, to: STDERR_FILENO) },
    errorWidth: {
      guard isatty(STDERR_FILENO) == 1 else { return nil }
      var size = winsize()
      guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
        return 80
      }
      return Int(size.ws_col)
    },
    seconds: {
      let now = ContinuousClock.now
      let elapsed = processStart.duration(to: now).components
      return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    })

  private static let processStart = ContinuousClock.now

  private static func write(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return  // the reader went away; there is nobody left to tell
      }
      rest = rest.dropFirst(count)
    }
  }
}
