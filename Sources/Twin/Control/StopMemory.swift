/// What a stop remembers between steps: that of heat, of a cell's voltage or of the inverter.
struct StopMemory: Sendable, Equatable, Codable {
  private(set) var isStopped = false
  /// When the stop began. [s of the twin]
  private var beganS = 0.0
  /// Since when the level has been back without a break. [s of the twin]
  private var backSinceS: Double?
  /// True when current has flowed in the other direction since the beginning.
  private var isReversed = false

  /// Sums of steps differ from a whole number of seconds by rounding. [s]
  private static let toleranceS = 1e-6

  /// Moves to the start of a step.
  ///
  /// - Parameters:
  ///   - isReached: The level that stops is reached.
  ///   - isBack: The level that lets it start again is reached.
  ///   - release: What else ends the stop.
  ///   - now: Time of the twin. [s]
  mutating func update(isReached: Bool, isBack: Bool, release: StopRelease, now: Double) {
    if isReached {
      if !isStopped {
        isStopped = true
        beganS = now
        isReversed = false
      }
      backSinceS = nil
      return
    }
    guard isStopped else { return }
    guard isBack else {
      backSinceS = nil
      return
    }
    let since = backSinceS ?? now
    backSinceS = since
    let latchS = release.latchSeconds ?? (release.reset == .reversal ? .infinity : 0)
    let isUnlatched =
      now - beganS >= latchS - StopMemory.toleranceS
      || (release.reset == .reversal && isReversed)
    if isUnlatched, now - since >= release.dwellSeconds - StopMemory.toleranceS {
      self = StopMemory()
    }
  }

  /// Notes that current has flowed in the other direction.
  mutating func reverse() {
    if isStopped { isReversed = true }
  }
}
