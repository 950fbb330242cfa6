/// What is to be known ahead: how far, and of which limit.
package struct WarningTask: Sendable, Equatable {
  /// How far ahead. [s]
  package var leadSeconds: Int
  /// Temperature that must not be reached. [°C]
  package var limitC: Double
  /// Longest stretch of the past that is looked at. [s]
  package var windowSeconds: Int
  /// Whether the current over the lead is known, because a plan sets it.
  package var knowsPlan: Bool

  /// States the task.
  package init(
    leadSeconds: Int, limitC: Double, windowSeconds: Int = 600, knowsPlan: Bool = false
  ) {
    self.leadSeconds = leadSeconds
    self.limitC = limitC
    self.windowSeconds = windowSeconds
    self.knowsPlan = knowsPlan
  }

  /// Stretches of the past that are looked at, for steps of a length. [s]
  ///
  /// Of 10 s, 30 s, 1, 2, 5, 10 and 30 min those of three steps at least, up to the longest.
  func windows(typicalSeconds: Int) -> [Int] {
    let usual = [10, 30, 60, 120, 300, 600, 1800, 3600]
      .filter { $0 >= 3 * typicalSeconds && $0 < windowSeconds }
    return usual + [windowSeconds]
  }

  /// The stretch of the past whose slope the rule of the trend goes on with: the lead, a minute at least. [s]
  func trendWindow(typicalSeconds: Int) -> Int {
    let windows = windows(typicalSeconds: typicalSeconds)
    return windows.first { $0 >= max(60, leadSeconds) } ?? windowSeconds
  }
}
