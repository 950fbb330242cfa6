/// How a long replay tells its caller where it is, and learns that it should stop.
package struct ReplayMonitor: Sendable {
  /// Called with the number of intervals finished since the last call, from any thread.
  package var advanced: @Sendable (Int) -> Void
  /// Asked now and then; a replay that is cancelled throws `CancellationError`.
  package var isCancelled: @Sendable () -> Bool
  /// Called with each replay that is finished, from any thread, so that it can be kept at once.
  package var finished: @Sendable (ReplayOutcome) -> Void

  /// Watches a replay; by default nobody does.
  package init(
    advanced: @escaping @Sendable (Int) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false },
    finished: @escaping @Sendable (ReplayOutcome) -> Void = { _ in }
  ) {
    self.advanced = advanced
    self.isCancelled = isCancelled
    self.finished = finished
  }
}
