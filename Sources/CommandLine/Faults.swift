import Glibc

/// Says of a fault of the program that it is one, in place of a trace of the machine's calls.
///
/// Bad input never leads here; what does is worth a report, and the message says what to put into it.
enum Faults {
  /// The exit code (EX_SOFTWARE of sysexits.h).
  static let exitCode: Int32 = 70

  /// What is written, allocated once so that the handler only has to write it.
  nonisolated(unsafe) private static var message = unsafe UnsafeMutableRawBufferPointer(
    start: nil, count: 0)

  /// Starts to watch for traps and wild addresses.
  ///
  /// - Parameters:
  ///   - name: Name of the program.
  ///   - version: What this build calls itself.
  static func watch(_ name: String, _ version: String) {
    let text =
      "\nerror: this is a fault of \(name) \(version), not of the input or of you\n"
      + "note: please report it, with the command line and the smallest input that shows it; no file is "
      + "left half written\n"
    unsafe message = UnsafeMutableRawBufferPointer.allocate(
      byteCount: text.utf8.count, alignment: 1)
    unsafe message.copyBytes(from: text.utf8)
    // A stack that ran over has no room for a handler.
    let room = UnsafeMutableRawPointer.allocate(byteCount: 1 << 16, alignment: 16)
    var stack = unsafe stack_t(ss_sp: room, ss_flags: 0, ss_size: 1 << 16)
    unsafe sigaltstack(&stack, nil)
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
      var action = sigaction()
      unsafe action.__sigaction_handler.sa_handler = { _ in
        // write(2) and _exit(2) are allowed in a signal handler.
        _ = unsafe Glibc.write(STDERR_FILENO, Faults.message.baseAddress, Faults.message.count)
        _exit(Faults.exitCode)
      }
      action.sa_flags = SA_ONSTACK
      unsafe sigaction(number, &action, nil)
    }
  }
}
