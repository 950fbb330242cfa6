extension SlotCost {
  /// Lets energy be lost for nothing: each change costs what the cheapest of those up to so much higher does.
  ///
  /// Of a convex cost the part that falls moves by the energy, and nothing is paid in between.
  ///
  /// - Parameter mostKWh: Most energy that may be lost. [kWh]
  /// - Returns: The change with the least cost, up to which it pays to lose. [kWh]
  mutating func lose(upTo mostKWh: Double) -> Double {
    var at = 0
    var cheapest = lowest
    while at < count, slope[at] < 0 {
      cheapest += width[at]
      at += 1
    }
    guard mostKWh > 0 else { return cheapest }
    var k = count
    while k > at {
      width[k] = width[k - 1]
      slope[k] = slope[k - 1]
      k -= 1
    }
    width[at] = mostKWh
    slope[at] = 0
    count += 1
    lowest -= mostKWh
    return cheapest
  }
}

extension ShapedSlotCost {
  /// Lets energy be lost for nothing: each change costs what the cheapest of those up to so much higher does.
  ///
  /// - Parameter mostKWh: Most energy that may be lost. [kWh]
  mutating func lose(upTo mostKWh: Double) {
    guard mostKWh > 0 else { return }
    if let at = fallingCount {
      replace(
        width: Array(width[..<at]) + [mostKWh] + width[at...],
        slope: Array(slope[..<at]) + [0] + slope[at...], lowest: lowest - mostKWh)
      return
    }
    let (change, cost) = corners()
    var width: [Double] = []
    var slope: [Double] = []
    let bends = (change.map { $0 - mostKWh } + change).sorted()
    for (from, to) in zip(bends, bends.dropFirst()) where to > from {
      let middle = 0.5 * (from + to)
      // Cost at the beginning and its slope: lost nothing, lost most, or lost down from a corner.
      var ways: [(cost: Double, slope: Double)] = []
      for lost in [0, mostKWh] where middle + lost > change[0] {
        guard let k = change.firstIndex(where: { $0 >= middle + lost }), k > 0 else { continue }
        let s = (cost[k] - cost[k - 1]) / (change[k] - change[k - 1])
        ways.append((cost[k] + s * (from + lost - change[k]), s))
      }
      for k in change.indices where change[k] >= middle && change[k] <= middle + mostKWh {
        ways.append((cost[k], 0))
      }
      appendLowest(ways, from: from, to: to, &width, &slope)
    }
    replace(width: width, slope: slope, lowest: lowest - mostKWh)
  }

  /// Returns the change that a battery makes before it loses energy, where losing it is the cheapest.
  ///
  /// - Parameters:
  ///   - change: Change after what is lost. [kWh]
  ///   - mostKWh: Most energy that may be lost. [kWh]
  /// - Returns: The change, of equal costs the lowest. [kWh]
  func cheapestChange(endingAt change: Double, losingUpTo mostKWh: Double) -> Double {
    if let falling = fallingCount {
      let cheapest = width[..<falling].reduce(lowest, +)
      return max(change, min(change + mostKWh, cheapest))
    }
    let (at, cost) = corners()
    func price(_ x: Double) -> Double {
      guard let k = at.firstIndex(where: { $0 >= x }), k > 0 else {
        return x <= at[0] ? cost[0] : cost[cost.count - 1]
      }
      return cost[k - 1] + (cost[k] - cost[k - 1]) * (x - at[k - 1]) / (at[k] - at[k - 1])
    }
    let first = max(change, at[0])
    var best = (change: first, cost: price(first))
    for x in at + [min(change + mostKWh, at[at.count - 1])]
    where x > first && x <= change + mostKWh {
      let money = price(x)
      if money < best.cost - 1e-12 { best = (x, money) }
    }
    return best.change
  }

  /// Number of pieces of a cost that falls and then rises; nothing for one that does otherwise.
  private var fallingCount: Int? {
    let falling = slope.firstIndex { $0 >= 0 } ?? slope.count
    return slope[falling...].allSatisfy { $0 >= 0 } ? falling : nil
  }

  /// The changes at which the slope changes, and their costs above that of the strongest discharge.
  private func corners() -> (change: [Double], cost: [Double]) {
    var change = [lowest]
    var cost = [0.0]
    for k in width.indices where width[k] > 0 {
      change.append(change[change.count - 1] + width[k])
      cost.append(cost[cost.count - 1] + width[k] * slope[k])
    }
    return (change, cost)
  }

  /// Appends the lowest of several lines over a stretch.
  private func appendLowest(
    _ lines: [(cost: Double, slope: Double)], from: Double, to: Double, _ width: inout [Double],
    _ slope: inout [Double]
  ) {
    guard var best = lines.min(by: { ($0.cost, $0.slope) < ($1.cost, $1.slope) }) else { return }
    var at = 0.0
    while true {
      var next = (line: best, at: to - from)
      for line in lines where line.slope < best.slope {
        let crossing = (line.cost - best.cost) / (best.slope - line.slope)
        if (crossing, line.slope) < (next.at, next.line.slope) { next = (line, max(at, crossing)) }
      }
      if next.at > at {
        if slope.last == best.slope {
          width[width.count - 1] += next.at - at
        } else {
          width.append(next.at - at)
          slope.append(best.slope)
        }
      }
      if next.at >= to - from || next.line.slope == best.slope { return }
      (best, at) = (next.line, next.at)
    }
  }
}
