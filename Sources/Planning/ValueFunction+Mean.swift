extension ValueFunction {
  /// Returns the weighted mean of several cost-to-go functions of equal length.
  ///
  /// Slopes are averaged over the energies that all of them know.
  static func mean(of values: [(ValueFunction, Double)]) -> ValueFunction? {
    guard let first = values.first?.0 else { return nil }
    var total = 0.0
    for (_, weight) in values { total += weight }
    var result = ValueFunction()
    result.restart(slots: first.slotCount)
    for state in 0...first.slotCount {
      result.appendMean(of: values, state: state, totalWeight: total)
    }
    return result
  }

  private mutating func appendMean(
    of values: [(ValueFunction, Double)], state: Int, totalWeight: Double
  ) {
    var low = -Double.infinity
    var high = Double.infinity
    var ends: [Double] = []
    for (value, _) in values {
      let range = value.energyRange(after: state - 1)
      low = max(low, range.lowerBound)
      high = min(high, range.upperBound)
      var at = value.leftEnd[state]
      for k in 0..<value.pieces[state] {
        at += value.width[value.offset[state] + k]
        ends.append(at)
      }
    }
    high = max(low, high)
    ends.sort()
    offset[state] = slope.count
    leftEnd[state] = low
    var at = low
    var cursors = [Int](repeating: 0, count: values.count)
    var rights = values.map { value, _ in
      value.pieces[state] > 0
        ? value.leftEnd[state] + value.width[value.offset[state]] : value.leftEnd[state]
    }
    for end in ends {
      let stop = min(end, high)
      guard stop - at > 2 * Self.energyRounding else { continue }
      var sum = 0.0
      let middle = 0.5 * (at + stop)
      for (v, (value, weight)) in values.enumerated() {
        while rights[v] < middle, cursors[v] < value.pieces[state] - 1 {
          cursors[v] += 1
          rights[v] += value.width[value.offset[state] + cursors[v]]
        }
        if value.pieces[state] > 0 {
          sum += weight * value.slope[value.offset[state] + cursors[v]]
        }
      }
      slope.append(sum / totalWeight)
      width.append(stop - at)
      at = stop
    }
    pieces[state] = slope.count - offset[state]
  }
}
