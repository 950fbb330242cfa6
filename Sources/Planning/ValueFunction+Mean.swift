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
    pieces[state] = sum.ends.count
    slope.append(contentsOf: sum.slopes)
    var at = sum.low
    for end in sum.ends {
      width.append(end - at)
      at = end
    }
  }
}

/// A sum of convex functions by their slopes over one stretch of energies.
private struct SlopeSum {
  private(set) var low = 0.0
  private var high = 0.0
  /// Where each piece ends. [kWh]
  private(set) var ends: [Double] = []
  /// Slope of each piece. [currency/kWh]
  private(set) var slopes: [Double] = []
  private var oldEnds: [Double] = []
  private var oldSlopes: [Double] = []

  /// Begins with zero over a stretch.
  mutating func restart(low: Double, high: Double) {
    self.low = low
    self.high = high
    ends.removeAll(keepingCapacity: true)
    slopes.removeAll(keepingCapacity: true)
    if high > low {
      ends.append(high)
      slopes.append(0)
    }
  }

  /// Adds a state of a function, times a weight: a merge of both lists of corners.
  mutating func add(_ value: borrowing ValueFunction, state: Int, weight: Double) {
    swap(&ends, &oldEnds)
    swap(&slopes, &oldSlopes)
    ends.removeAll(keepingCapacity: true)
    slopes.removeAll(keepingCapacity: true)
    let count = value.pieces[state]
    let first = value.offset[state]
    let addedSlopes = value.slope.span
    let addedWidths = value.width.span
    var right = value.leftEnd[state]
    var i = 0
    var j = 0
    if count > 0 { right += addedWidths[first] }
    var at = low
    let fuzz = 2 * ValueFunction.energyRounding
    while i < oldEnds.count {
      // The last piece goes on to the end of the stretch.
      while j + 1 < count, right <= at + fuzz {
        j += 1
        right += addedWidths[first + j]
      }
      let slope = count > 0 ? weight * addedSlopes[first + j] : 0
      let added = j + 1 < count ? right : high
      let old = oldEnds[i]
      // Corners closer than a rounding are one; the stretch always ends at its end.
      let end = added < old - fuzz ? added : old
      ends.append(end)
      slopes.append(oldSlopes[i] + slope)
      at = end
      if end == old { i += 1 }
    }
  }
}
