/// Integral of a signal over a stretch; a value counts for the time since the step before it.
struct HeldIntegral {
  private let frame: TelemetryFrame
  private let stretch: Range<Int>
  private var sums: [Double] = []

  /// - Parameters:
  ///   - frame: The frame.
  ///   - stretch: Steps without a gap.
  ///   - values: One per step of the frame; a missing one makes every later integral over it missing.
  init(_ frame: TelemetryFrame, _ stretch: Range<Int>, _ values: [Double]) {
    self.frame = frame
    self.stretch = stretch
    var sum = 0.0
    for k in stretch {
      if k > stretch.lowerBound {
        sum += values[k] * Double(frame.instants[k] - frame.instants[k - 1])
      }
      sums.append(sum)
    }
  }

  /// The integral from the start of the stretch to an instant in it; NaN outside of it. [unit·s]
  func until(_ instant: Int) -> Double {
    guard let k = frame.position(at: instant, in: stretch) else { return .nan }
    let at = k - stretch.lowerBound
    let over = instant - frame.instants[k]
    if over == 0 { return sums[at] }
    guard at + 1 < sums.count else { return .nan }
    let share = Double(over) / Double(frame.instants[k + 1] - frame.instants[k])
    return sums[at] + share * (sums[at + 1] - sums[at])
  }

  /// The mean between two instants; NaN where they reach out of the stretch.
  func mean(_ from: Int, _ to: Int) -> Double { (until(to) - until(from)) / Double(to - from) }
}
