import Glibc
import Synchronization

/// The wish of the user to stop (Ctrl-C).
///
/// The first signal only raises a flag that long work polls between cases, so that what is finished can be
/// kept. The second one ends the process at once.
package enum Interruption {
  private static let raised = Atomic<Bool>(false)

  /// True once the user asked to stop.
  package static var isRaised: Bool { raised.load(ordering: .relaxed) }

  /// Starts to watch for SIGINT and SIGTERM.
  static func watch() {
    // A parent may have blocked the signals for its own sake; a child inherits that.
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe sigaddset(&signals, SIGTERM)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      _ = signal(number) { number in
        // An atomic store and signal(2) are both allowed in a signal handler.
        Interruption.raised.store(true, ordering: .relaxed)
        _ = signal(number, SIG_DFL)
      }
    }
  }
}
