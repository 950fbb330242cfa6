/// What the process tells its caller at the end.
package enum ExitCode: Int32, Sendable {
  /// The work is done.
  case done = 0
  /// The run failed.
  case failed = 1
  /// The work is done, and something that was required of it does not hold.
  case unmet = 2
  /// The command line is wrong (EX_USAGE of sysexits.h).
  case badCommandLine = 64
  /// A document or data file is wrong (EX_DATAERR of sysexits.h).
  case badInput = 65
  /// Stopped by the user; what was finished is kept (128 + SIGINT).
  case interrupted = 130
}
