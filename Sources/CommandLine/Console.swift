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
  /// Columns that results for people fit into, wherever they go; nothing for as many as they take.
  package var outputWidth: Int?
  /// Seconds on a clock that only runs forward.
  package var seconds: @Sendable () -> Double
  /// Why results could not be written, or nil when they were, or when their reader went away.
  package var outputFailure: @Sendable () -> String?

  /// Creates a console from its functions.
  package init(
    writeOutput: @escaping @Sendable (String) -> Void,
    writeError: @escaping @Sendable (String) -> Void,
    errorWidth: @escaping @Sendable () -> Int?,
    seconds: @escaping @Sendable () -> Double, outputWidth: Int? = nil,
    outputFailure: @escaping @Sendable () -> String? = { nil }
  ) {
    self.writeOutput = writeOutput
    self.writeError = writeError
    self.errorWidth = errorWidth
    self.seconds = seconds
    self.outputWidth = outputWidth
    self.outputFailure = outputFailure
  }

  /// Standard output and standard error.
  package static let process = Console(
    writeOutput: { text in
      let error = write(text, to: STDOUT_FILENO)
      if error != 0, error != EPIPE { outputError.store(error, ordering: .relaxed) }
    },
    writeError: { _ = write($0, to: STDERR_FILENO) },
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
    },
    // The same on a wide terminal and in a file, so that results can be compared.
    outputWidth: 80,
    outputFailure: {
      let error = outputError.load(ordering: .relaxed)
      return error == 0 ? nil : unsafe String(cString: strerror(error))
    })

  /// Number of the system's error at the last write to standard output that failed; 0 for none.
  private static let outputError = Atomic<Int32>(0)

  /// Takes the numbers of channels that the parent closed, so that no file of the run gets them.
  static func holdClosedChannels() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // Opened for the other direction, so that its use fails as that of a closed one does.
      _ = unsafe open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  private static let processStart = ContinuousClock.now

  /// Writes a text and returns the number of the system's error, or 0.
  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      rest = rest.dropFirst(count)
    }
    return 0
  }
}
