/// Equal intervals of time: interval `i` is `[start + i·step, start + (i + 1)·step)`.
public struct TimeGrid: Sendable, Hashable {
  /// First instant. [UTC epoch s]
  public let start: Int
  /// Length of an interval, greater than zero. [s]
  public let stepSeconds: Int
  /// Number of intervals.
  public let count: Int

  /// Lays `count` intervals of `stepSeconds` from `start`.
  public init(start: Int, stepSeconds: Int, count: Int) {
    precondition(stepSeconds > 0 && count >= 0, "a grid has positive steps")
    self.start = start
    self.stepSeconds = stepSeconds
    self.count = count
  }

  /// Lays whole intervals from `start` up to `end`, leaving out a last one that would pass it.
  public init(from start: Int, to end: Int, stepSeconds: Int) {
    self.init(
      start: start, stepSeconds: stepSeconds, count: max(0, (end - start) / stepSeconds))
  }

  /// First instant after the last interval. [UTC epoch s]
  public var end: Int { start + count * stepSeconds }

  /// Length of an interval. [h]
  public var stepHours: Double { Double(stepSeconds) / 3600 }

  /// The positions of all intervals.
  public var indices: Range<Int> { 0..<count }

  /// Returns where interval `index` begins; `count` gives the end of the grid. [UTC epoch s]
  public func instant(_ index: Int) -> Int { start + index * stepSeconds }

  /// Returns the interval that contains an instant, or nothing outside the grid.
  public func index(containing instant: Int) -> Int? {
    guard instant >= start, instant < end else { return nil }
    return (instant - start) / stepSeconds
  }

  /// Returns the part of the grid with the given interval positions.
  public subscript(range: Range<Int>) -> TimeGrid {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "a part of the grid")
    return TimeGrid(
      start: instant(range.lowerBound), stepSeconds: stepSeconds, count: range.count)
  }

  /// Returns a grid over the same time with another step that divides or is divided by this one.
  ///
  /// A last interval that would not be whole is left out.
  public func withStep(_ seconds: Int) -> TimeGrid {
    TimeGrid(from: start, to: end, stepSeconds: seconds)
  }
}
