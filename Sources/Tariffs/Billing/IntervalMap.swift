import TimeSeries

/// Groups the slots of a grid into metering intervals that begin on the local clock.
struct IntervalMap {
  /// Length of an interval. [s]
  let seconds: Int
  /// First slot of each interval, and the slot count at the end.
  let bounds: [Int]
  /// Intervals of each billing month.
  let ofMonth: [Range<Int>]
  /// True when every interval is one slot.
  let isIdentity: Bool

  init(seconds: Int, slots: LocalSlots, zone: Zone, months: [BillingMonth]) {
    let grid = slots.grid
    self.seconds = max(seconds, grid.stepSeconds)
    isIdentity = seconds <= grid.stepSeconds
    if isIdentity {
      bounds = Array(0...grid.count)
      ofMonth = months.map(\.slots)
      return
    }
    var bounds: [Int] = []
    var previous = (key: Int.min, day: Int.min)
    for i in grid.indices {
      // Counted on the local clock, but a change of the clock begins a new interval.
      let local = slots.minuteOfDay[i] * 60 + (grid.instant(i) % 60)
      let key = local / seconds
      if (key, slots.dayNumber[i]) != previous {
        bounds.append(i)
        previous = (key, slots.dayNumber[i])
      } else if let first = bounds.last, grid.instant(i) - grid.instant(first) >= seconds {
        bounds.append(i)
      }
    }
    bounds.append(grid.count)
    self.bounds = bounds
    var ofMonth: [Range<Int>] = []
    var next = 0
    for month in months {
      let first = next
      while next < bounds.count - 1, bounds[next] < month.slots.upperBound { next += 1 }
      ofMonth.append(first..<next)
    }
    self.ofMonth = ofMonth
  }

  /// Number of intervals.
  var count: Int { bounds.count - 1 }

  /// Returns the interval that contains a slot.
  func interval(ofSlot slot: Int) -> Int {
    var low = 0
    var high = bounds.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if bounds[middle] <= slot { low = middle } else { high = middle }
    }
    return low
  }

  /// Returns the mean over each interval of a column with one value per slot.
  func means(of values: [Double]) -> [Double] {
    if isIdentity { return values }
    var result = [Double](repeating: 0, count: count)
    for interval in 0..<count {
      var sum = 0.0
      for slot in bounds[interval]..<bounds[interval + 1] { sum += values[slot] }
      result[interval] = sum / Double(bounds[interval + 1] - bounds[interval])
    }
    return result
  }
}
