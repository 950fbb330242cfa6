import TimeSeries

/// What to put into slots without a value; every slot so filled is counted.
package enum FillRule: Sendable, Hashable {
  /// Leave them missing.
  case none
  /// Zero.
  case zero
  /// Zero where the sun is not higher than an angle above the horizon. [deg]
  case zeroAtNight(maxElevationDeg: Double)
  /// The last value, for at most so long after its slot. [s]
  case hold(maxAgeSeconds: Int)
  /// A straight line across gaps that are at most so long. [s]
  case interpolate(maxGapSeconds: Int)
}

extension FillRule {
  /// The last measured value, which goes on from one stretch of a column to the next.
  struct Memory {
    fileprivate var last: (instant: Int, value: Double)?
  }

  /// False for a rule that looks at the slots behind a gap.
  var looksBackOnly: Bool {
    if case .interpolate = self { false } else { true }
  }

  /// Puts values into missing slots as the rule allows.
  ///
  /// - Parameters:
  ///   - values: One value per slot, NaN where missing.
  ///   - quality: One per slot; filled slots become `filled`.
  ///   - grid: The slots: all of them, or with a rule that looks back only the stretch that follows the one before.
  ///   - place: Where the site lies; needed for `zeroAtNight`.
  ///   - memory: What is known of the slots before.
  func apply(
    to values: inout [Double], quality: inout [SlotQuality], grid: TimeGrid,
    place: GeographicPosition?, memory: inout Memory
  ) {
    func put(_ value: Double, _ slot: Int) {
      values[slot] = value
      quality[slot] = .filled
    }
    switch self {
    case .none: return
    case .zero:
      for i in grid.indices where values[i].isNaN { put(0, i) }
    case .zeroAtNight(let limit):
      guard let place else { return }
      for i in grid.indices where values[i].isNaN {
        // The highest sun of the slot decides, so that a slot that touches the day stays missing.
        let ends = [grid.instant(i), grid.instant(i) + grid.stepSeconds / 2, grid.instant(i + 1)]
        let highest = ends.map { SunPosition(at: $0, place: place).elevationDeg }.max() ?? 90
        if highest <= limit { put(0, i) }
      }
    case .hold(let maxAgeSeconds):
      for i in grid.indices {
        if !values[i].isNaN, quality[i] != .filled {
          memory.last = (grid.instant(i), values[i])
        } else if let last = memory.last, grid.instant(i) - last.instant <= maxAgeSeconds {
          put(last.value, i)
        }
      }
    case .interpolate(let maxGapSeconds):
      var i = 0
      while i < grid.count {
        guard values[i].isNaN else {
          i += 1
          continue
        }
        var end = i
        while end < grid.count, values[end].isNaN { end += 1 }
        if i > 0, end < grid.count, (end - i) * grid.stepSeconds <= maxGapSeconds {
          let from = values[i - 1]
          let slope = (values[end] - from) / Double(end - i + 1)
          for k in i..<end { put(from + slope * Double(k - i + 1), k) }
        }
        i = end
      }
    }
  }
}
