package import Diagnostics

/// What ends a stop besides the level that lets it start again.
///
/// A stop ends when its level has been back for `dwellSeconds` without a break and its latch is over.
public struct StopRelease: Sendable, Equatable {
  /// What ends a latch.
  public enum Reset: String, Sendable, CaseIterable {
    /// Only its time.
    case time
    /// A current in the other direction, or its time if that is over before.
    case reversal
  }

  /// Time that the level must have been back. [s]
  public var dwellSeconds: Double
  /// Time of the latch, from the beginning of the stop; nil for none, or for one that only a reversal
  /// ends. [s]
  public var latchSeconds: Double?
  /// What ends the latch.
  public var reset: Reset

  /// Sets what ends a stop; the default ends it as soon as the level is back.
  public init(dwellSeconds: Double = 0, latchSeconds: Double? = nil, reset: Reset = .time) {
    self.dwellSeconds = dwellSeconds
    self.latchSeconds = latchSeconds
    self.reset = reset
  }

  /// True when nothing but a current in the other direction ends the latch.
  var needsReversal: Bool { reset == .reversal && latchSeconds == nil }

  /// Returns everything that makes the release impossible.
  package func problems() -> Findings {
    var found = Findings()
    for (key, value) in [("dwell_s", dwellSeconds), ("latch_s", latchSeconds ?? 0)]
    where !(value >= 0) {
      found.error("'\(key)' must be zero or more, found '\(value)'", key: key)
    }
    return found
  }
}
