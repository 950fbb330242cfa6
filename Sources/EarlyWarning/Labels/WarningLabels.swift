/// What came true after each step, by time and never across a gap.
package struct WarningLabels: Sendable {
  /// Temperature at the lead minus temperature now; NaN where either is not known. [K]
  package internal(set) var changeK: [Double]
  /// Step whose temperature `changeK` is about; −1 where there is none.
  private(set) var target: [Int]
  /// Whether the limit is reached within the lead: 1 or 0; NaN where the lead was not measured to its end.
  package private(set) var willBeHot: [Double]
  /// Whether the limit is reached now.
  package private(set) var isHot: [Bool]
  /// Steps at which the limit is reached after a step below it.
  package private(set) var onsets: [Int] = []
  /// Stretches of steps at or above the limit.
  package private(set) var events: [Range<Int>] = []

  /// Looks ahead from every step of a frame.
  ///
  /// The change is taken to the step nearest to the lead, within half a usual step of it, and only where the
  /// temperature was measured there. A lead counts as measured when at least half of its steps were, and its end
  /// lies in the same stretch; a limit that is reached counts however many were.
  package init(_ frame: TelemetryFrame, task: WarningTask) {
    let count = frame.instants.count
    changeK = [Double](repeating: .nan, count: count)
    target = [Int](repeating: -1, count: count)
    willBeHot = changeK
    let now = frame.temperatureC
    let measured = frame.channels[frame.columns.temperature]?.measured ?? now
    isHot = now.map { $0 >= task.limitC }
    let half = frame.typicalSeconds
    for stretch in frame.stretches {
      var near = stretch.lowerBound
      var end = stretch.lowerBound
      // Steps from the queue's head on are candidates for the hottest of the lead.
      var hottest: [Int] = []
      var head = 0
      var known = 0
      for k in stretch {
        let until = frame.instants[k] + task.leadSeconds
        func distance(_ j: Int) -> Int { abs(frame.instants[j] - until) }
        while near + 1 < stretch.upperBound, distance(near + 1) <= distance(near) { near += 1 }
        if near > k, 2 * distance(near) <= half, measured[near].isFinite {
          target[k] = near
          changeK[k] = measured[near] - now[k]
        }
        while end < stretch.upperBound, frame.instants[end] <= until {
          if measured[end].isFinite {
            while hottest.count > head, let last = hottest.last, measured[last] <= measured[end] {
              hottest.removeLast()
            }
            hottest.append(end)
            known += end > k ? 1 : 0
          }
          end += 1
        }
        while head < hottest.count, hottest[head] <= k { head += 1 }
        let steps = end - 1 - k
        let isWhole = end < stretch.upperBound || 2 * distance(end - 1) <= half
        if head < hottest.count, measured[hottest[head]] >= task.limitC {
          willBeHot[k] = 1
        } else if isWhole, steps > 0, 2 * known >= steps {
          willBeHot[k] = 0
        }
        if k + 1 < end, measured[k + 1].isFinite { known -= 1 }
      }
      var first: Int?
      for k in stretch.lowerBound...stretch.upperBound {
        let goesOn = k < stretch.upperBound && isHot[k]
        if let start = first, !goesOn {
          events.append(start..<k)
          first = nil
        }
        if goesOn, first == nil {
          first = k
          if k > stretch.lowerBound, now[k - 1].isFinite { onsets.append(k) }
        }
      }
    }
  }
}
