import Documents
import Glibc
import Synchronization

/// The wish of the user to stop (Ctrl-C).
///
/// The first signal raises a flag that long work polls between cases, so that what is finished can be
/// kept. Work that does not look in time is ended: by the second signal at once, else after a while.
package enum Interruption {
  private static let raised = Atomic<Bool>(false)
  /// The end of the pipe that wakes the watcher.
  private static let waker = Atomic<Int32>(-1)

  /// How long work may take to stop by itself. [ms]
  private static let patienceMilliseconds: Int32 = 1400

  /// True once the user asked to stop.
  package static var isRaised: Bool { raised.load(ordering: .relaxed) }

  /// Starts to watch for SIGINT and SIGTERM.
  ///
  /// - Parameter exitCode: What the process tells its caller when it is ended.
  static func watch(exitCode: Int32) {
    // A parent may have blocked the signals for its own sake; a child inherits that.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe sigaddset(&signals, SIGTERM)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    waker.store(ends[1], ordering: .relaxed)
    watcherEnd.store(ends[0], ordering: .relaxed)
    watcherCode.store(exitCode, ordering: .relaxed)
    var thread = pthread_t()
    unsafe pthread_create(&thread, nil, { _ in unsafe Interruption.waitToEnd() }, nil)
    for number in [SIGINT, SIGTERM] {
      _ = signal(number) { _ in
        // An atomic store and write(2) are both allowed in a signal handler.
        Interruption.raised.store(true, ordering: .relaxed)
        var byte: UInt8 = 0
        let saved = errno
        _ = unsafe Glibc.write(Interruption.waker.load(ordering: .relaxed), &byte, 1)
        errno = saved
      }
    }
  }

  private static let watcherEnd = Atomic<Int32>(-1)
  private static let watcherCode = Atomic<Int32>(0)

  /// Waits for the first signal, then for the second or the end of patience, and ends the process.
  private static func waitToEnd() -> UnsafeMutableRawPointer? {
    let end = watcherEnd.load(ordering: .relaxed)
    var byte: UInt8 = 0
    while unsafe read(end, &byte, 1) != 1 {}
    var look = pollfd(fd: end, events: Int16(POLLIN), revents: 0)
    while unsafe poll(&look, 1, patienceMilliseconds) < 0 {}
    UnfinishedFiles.removeAll()
    Console.process.writeError("interrupted\n")
    _exit(watcherCode.load(ordering: .relaxed))
  }
}
