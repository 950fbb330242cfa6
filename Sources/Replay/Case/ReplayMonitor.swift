/// How a long replay tells its caller where it is, and learns that it should stop.
public struct ReplayMonitor: Sendable {
  /// Called with the number of intervals finished since the last call, from any thread.
  public var advanced: @Sendable (Int) -> Void
  /// Asked now and then; a replay that is cancelled throws `CancellationError`.
  public var isCancelled: @Sendable () -> Bool
  /// Called with each replay that is finished, from any thread, so that it can be kept at once.
  public var finished: @Sendable (ReplayOutcome) -> Void

  /// Watches a replay; by default nobody does.
  public init(
    advanced: @escaping @Sendable (Int) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false },
    finished: @escaping @Sendable (ReplayOutcome) -> Void = { _ in }
  ) {
    self.advanced = advanced
    self.isCancelled = isCancelled
    self.finished = finished
  }
}
