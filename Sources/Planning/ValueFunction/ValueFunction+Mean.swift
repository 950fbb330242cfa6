extension ValueFunction {
  /// Returns the weighted mean of several cost-to-go functions of equal length.
  ///
  /// Slopes are averaged over the energies that all of them know. Takes time in proportion to the number
  /// of functions times that of all their pieces.
  static func mean(of values: [(value: ValueFunction, weight: Double)]) -> ValueFunction? {
    guard let first = values.first?.value else { return nil }
    var total = 0.0
    for one in values { total += one.weight }
    var result = ValueFunction()
    result.restart(slots: first.slotCount)
    var sum = SlopeSum()
    for state in 0...first.slotCount {
      var low = -Double.infinity
      var high = Double.infinity
      for one in values {
        let range = one.value.energyRange(after: state - 1)
        low = max(low, range.lowerBound)
        high = min(high, range.upperBound)
      }
      high = max(low, high)
      sum.restart(low: low, high: high)
      for one in values { sum.add(one.value, state: state, weight: one.weight / total) }
      result.append(sum, state: state)
    }
    return result
  }

  private mutating func append(_ sum: borrowing SlopeSum, state: Int) {
    offset[state] = slope.count
    leftEnd[state] = sum.low
    pieces[state] = sum.count
    slope.append(contentsOf: sum.slopes.prefix(sum.count))
    var at = sum.low
    for k in 0..<sum.count {
      width.append(sum.ends[k] - at)
      at = sum.ends[k]
    }
  }
}

/// A sum of convex functions by their slopes over one stretch of energies.
private struct SlopeSum {
  private(set) var low = 0.0
  private var high = 0.0
  /// Number of pieces.
  private(set) var count = 0
  /// Where each piece ends; only the first `count` count. [kWh]
  private(set) var ends: [Double] = []
  /// Slope of each piece; only the first `count` count. [currency/kWh]
  private(set) var slopes: [Double] = []
  private var oldEnds: [Double] = []
  private var oldSlopes: [Double] = []

  /// Begins with zero over a stretch.
  mutating func restart(low: Double, high: Double) {
    self.low = low
    self.high = high
    count = 0
    if high > low {
      reserve(1)
      ends[0] = high
      slopes[0] = 0
      count = 1
    }
  }

  private mutating func reserve(_ needed: Int) {
    guard ends.count < needed else { return }
    ends = [Double](repeating: 0, count: 2 * needed)
    slopes = ends
  }

  /// Adds a state of a function, times a weight: a merge of both lists of corners.
  mutating func add(_ value: borrowing ValueFunction, state: Int, weight: Double) {
    swap(&ends, &oldEnds)
    swap(&slopes, &oldSlopes)
    reserve(count + value.pieces[state] + 1)
    count = Self.merge(
      &ends, &slopes, oldEnds: oldEnds, oldSlopes: oldSlopes, oldCount: count, with: value,
      state: state, weight: weight, low: low, high: high)
  }

  private static func merge(
    _ ends: inout [Double], _ slopes: inout [Double], oldEnds: [Double], oldSlopes: [Double],
    oldCount: Int, with value: borrowing ValueFunction, state: Int, weight: Double, low: Double,
    high: Double
  ) -> Int {
    var newEnds = ends.mutableSpan
    var newSlopes = slopes.mutableSpan
    let oldEnds = oldEnds.span
    let oldSlopes = oldSlopes.span
    let addedSlopes = value.slope.span
    let addedWidths = value.width.span
    let pieces = value.pieces[state]
    let first = value.offset[state]
    let fuzz = 2 * ValueFunction.energyRounding
    var right = value.leftEnd[state]
    if pieces > 0 { right += addedWidths[first] }
    var i = 0
    var j = 0
    var at = low
    var written = 0
    while i < oldCount {
      // The last piece goes on to the end of the stretch.
      while j + 1 < pieces, right <= at + fuzz {
        j += 1
        right += addedWidths[first + j]
      }
      let slope = pieces > 0 ? weight * addedSlopes[first + j] : 0
      let added = j + 1 < pieces ? right : high
      let old = oldEnds[i]
      newSlopes[written] = oldSlopes[i] + slope
      // Corners closer than a rounding are one; the stretch always ends at its end.
      if added < old - fuzz {
        at = added
      } else {
        at = old
        i += 1
      }
      newEnds[written] = at
      written += 1
    }
    return written
  }
}
