import Foundation

/// A child process that answers one line for each line it is asked.
///
/// The child is started at the first question, killed when it takes too long, and started again at
/// the next. Used by one forecaster at a time.
final class ForecastProcess {
  /// Why a question has no answer.
  enum Failure: Error, Equatable {
    /// The program could not be started.
    case notStarted(String)
    /// No whole line within the time allowed.
    case timedOut
    /// The child ended, with this status.
    case ended(Int32)
  }

  private let command: [String]
  private let timeoutSeconds: Double
  private var process: Process?
  private var input: FileHandle?
  private var output: FileHandle?
  private var buffer: [UInt8] = []

  init(command: [String], timeoutSeconds: Double) {
    self.command = command
    self.timeoutSeconds = timeoutSeconds
    // A child that ended would otherwise end this process on the next write.
    signal(SIGPIPE, SIG_IGN)
  }

  deinit { stop() }

  /// Asks the child and returns its answer without the line end.
  func ask(_ line: String) throws(Failure) -> [UInt8] {
    if process?.isRunning != true { try start() }
    guard let input else { throw .notStarted("no input") }
    do {
      try input.write(contentsOf: Data((line + "\n").utf8))
    } catch {
      throw .ended(stop())
    }
    return try readLine()
  }

  private func start() throws(Failure) {
    stop()
    let made = Process()
    let toChild = Pipe()
    let fromChild = Pipe()
    // Found on the search path unless it names a file.
    made.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    made.arguments = command
    made.standardInput = toChild
    made.standardOutput = fromChild
    do {
      try made.run()
    } catch {
      throw .notStarted("\(error.localizedDescription)")
    }
    process = made
    input = toChild.fileHandleForWriting
    output = fromChild.fileHandleForReading
    buffer = []
  }

  private func readLine() throws(Failure) -> [UInt8] {
    guard let output else { throw .notStarted("no output") }
    let deadline = Date(timeIntervalSinceNow: timeoutSeconds)
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        let line = Array(buffer[..<end])
        buffer.removeFirst(end + 1)
        return line
      }
      let left = deadline.timeIntervalSinceNow
      var request = pollfd(fd: output.fileDescriptor, events: Int16(POLLIN), revents: 0)
      let ready = left > 0 ? unsafe poll(&request, 1, Int32(max(1, left * 1000))) : 0
      if ready == 0 {
        stop()
        throw .timedOut
      }
      if ready < 0 { continue }
      let data = output.availableData
      if data.isEmpty { throw .ended(stop()) }
      buffer += data
    }
  }

  /// Ends the child and returns its status.
  @discardableResult
  func stop() -> Int32 {
    guard let process else { return 0 }
    self.process = nil
    // The end of its input asks the child to end; a moment later it is made to.
    try? input?.close()
    let deadline = Date(timeIntervalSinceNow: 0.2)
    while process.isRunning, deadline.timeIntervalSinceNow > 0 { usleep(5000) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    input = nil
    output = nil
    return process.terminationStatus
  }
}
