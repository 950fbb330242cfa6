/// Memory for joining functions that are not convex.
struct ShapeMemory {
  /// A piece of a function with its value at the beginning.
  struct Stretch {
    var from: Double
    var to: Double
    var cost: Double
    var slope: Double

    @inline(__always)
    func cost(at energyKWh: Double) -> Double { cost + slope * (energyKWh - from) }
  }

  /// A maximal convex part of a function: slopes rise within it and fall at its end.
  fileprivate struct Run {
    var pieces: Range<Int>
    var from: Double
    var cost: Double
  }

  fileprivate var slotSlope: [Double] = []
  fileprivate var slotWidth: [Double] = []
  fileprivate var slotRuns: [Run] = []
  fileprivate var futureRuns: [Run] = []
  fileprivate var pair: [Stretch] = []
  fileprivate var row: [Stretch] = []
  fileprivate var lowest: [Stretch] = []
  fileprivate var spare: [Stretch] = []
  /// Differences of cost below this are rounding. [currency]
  fileprivate var rounding = 0.0
}

extension ShapeMemory {
  /// Share of the largest cost of a function that rounding may move it by.
  fileprivate static let roundingShare = 2e-15
  /// A fall of slope below this is rounding and ends no run. [currency/kWh]
  private static let slopeRounding = 1e-12

  /// Cuts pieces into maximal convex runs, beginning at an energy and no cost; returns the swing of cost.
  fileprivate static func cut(
    _ slopes: Span<Double>, _ widths: Span<Double>, _ pieces: Range<Int>, from: Double,
    into runs: inout [Run]
  ) -> Double {
    runs.removeAll(keepingCapacity: true)
    var at = from
    var cost = 0.0
    var swing = 0.0
    var begin = (piece: pieces.lowerBound, at: from, cost: 0.0)
    for k in pieces {
      if k > begin.piece, slopes[k] < slopes[k - 1] - slopeRounding {
        runs.append(Run(pieces: begin.piece..<k, from: begin.at, cost: begin.cost))
        begin = (k, at, cost)
      }
      at += widths[k]
      cost += slopes[k] * widths[k]
      swing += slopes[k].magnitude * widths[k]
    }
    runs.append(Run(pieces: begin.piece..<pieces.upperBound, from: begin.at, cost: begin.cost))
    return swing
  }

  /// Takes the lower of two functions into a third; both begin and end where they like but leave no gap.
  fileprivate static func takeLower(
    _ a: Span<Stretch>, _ b: Span<Stretch>, rounding: Double, into out: inout [Stretch]
  ) {
    var i = 0
    var j = 0
    var x = -Double.infinity
    if a.count > 0 { x = a[0].from }
    if b.count > 0 { x = a.count > 0 ? min(x, b[0].from) : b[0].from }
    while i < a.count || j < b.count {
      let hasA = i < a.count && a[i].from <= x
      let hasB = j < b.count && b[j].from <= x
      var end = Double.infinity
      if i < a.count { end = min(end, hasA ? a[i].to : a[i].from) }
      if j < b.count { end = min(end, hasB ? b[j].to : b[j].from) }
      if end > x {
        if hasA, hasB {
          let p = a[i]
          let q = b[j]
          let here = q.cost(at: x) - p.cost(at: x)
          let there = q.cost(at: end) - p.cost(at: end)
          if here >= -rounding, there >= -rounding {
            append(p, x, end, rounding, to: &out)
          } else if here <= rounding, there <= rounding {
            append(q, x, end, rounding, to: &out)
          } else {
            let crossing = min(end, max(x, x + here / (p.slope - q.slope)))
            let first = here > 0 ? p : q
            let second = here > 0 ? q : p
            append(first, x, crossing, rounding, to: &out)
            append(second, crossing, end, rounding, to: &out)
          }
        } else if hasA {
          append(a[i], x, end, rounding, to: &out)
        } else if hasB {
          append(b[j], x, end, rounding, to: &out)
        }
      }
      if hasA, a[i].to <= end { i += 1 }
      if hasB, b[j].to <= end { j += 1 }
      x = end
    }
  }

  /// Appends a part of a stretch, to the last one where it goes on in line.
  @inline(__always)
  private static func append(
    _ piece: Stretch, _ from: Double, _ to: Double, _ rounding: Double, to out: inout [Stretch]
  ) {
    guard to > from else { return }
    let cost = piece.cost(at: from)
    if let last = out.last, last.slope == piece.slope,
      (last.cost(at: from) - cost).magnitude <= rounding
    {
      out[out.count - 1].to = to
      return
    }
    out.append(Stretch(from: from, to: to, cost: cost, slope: piece.slope))
  }
}

extension ValueFunction {
  /// Adds the state before a slot whose cost, or the state after it, is not convex.
  ///
  /// Both are cut into convex runs. Each pair of runs is merged by slope, and the lowest of all merges is
  /// the cost to go: exact, for the best split lies in one pair.
  mutating func step(
    slot: Int, cost: borrowing ShapedSlotCost, retention: Double, keepingPerKWh: Double,
    low: Double, high: Double, memory: inout ShapeMemory
  ) {
    let after = slot + 1
    let from = offset[after]
    let to = from + pieces[after]
    let left = leftEnd[after] - cost.highest
    let begin = max(left, low * retention)
    let room = high * retention - begin
    memory.slotSlope.removeAll(keepingCapacity: true)
    memory.slotWidth.removeAll(keepingCapacity: true)
    for k in cost.slope.indices.reversed() {
      memory.slotSlope.append(-cost.slope[k])
      memory.slotWidth.append(cost.width[k])
    }
    var runs: [ShapeMemory.Run] = []
    swap(&runs, &memory.slotRuns)
    var swing = ShapeMemory.cut(
      memory.slotSlope.span, memory.slotWidth.span, 0..<memory.slotSlope.count,
      from: -cost.highest, into: &runs)
    swap(&runs, &memory.slotRuns)
    swing += ShapeMemory.cut(
      slope.span, width.span, from..<to, from: leftEnd[after], into: &memory.futureRuns)
    memory.rounding = swing * ShapeMemory.roundingShare
    memory.lowest.removeAll(keepingCapacity: true)
    for slotRun in memory.slotRuns {
      memory.row.removeAll(keepingCapacity: true)
      for futureRun in memory.futureRuns {
        merge(slotRun, futureRun, begin: begin, end: begin + room, memory: &memory)
        memory.addPairToRow()
      }
      memory.addRowToLowest()
    }
    write(memory.lowest, slot: slot, from: to, begin: begin, retention, keepingPerKWh)
  }

  /// Merges a run of the slot with one of the future by slope, cut to a band of energies.
  private func merge(
    _ slotRun: ShapeMemory.Run, _ futureRun: ShapeMemory.Run, begin: Double, end: Double,
    memory: inout ShapeMemory
  ) {
    memory.pair.removeAll(keepingCapacity: true)
    var i = futureRun.pieces.lowerBound
    var j = slotRun.pieces.lowerBound
    var at = futureRun.from + slotRun.from
    var cost = futureRun.cost + slotRun.cost
    while at < end {
      let future = i < futureRun.pieces.upperBound ? slope[i] : .infinity
      let inSlot = j < slotRun.pieces.upperBound ? memory.slotSlope[j] : .infinity
      let s: Double
      let w: Double
      if future <= inSlot {
        if future == .infinity { break }
        (s, w) = (future, width[i])
        i += 1
      } else {
        (s, w) = (inSlot, memory.slotWidth[j])
        j += 1
      }
      let stop = at + w
      if stop > begin {
        let start = max(at, begin)
        memory.pair.append(
          ShapeMemory.Stretch(
            from: start, to: min(stop, end), cost: cost + s * (start - at), slope: s))
      }
      at = stop
      cost += s * w
    }
  }

  /// Writes a function as the state before a slot.
  private mutating func write(
    _ stretches: [ShapeMemory.Stretch], slot: Int, from first: Int, begin: Double,
    _ retention: Double, _ keepingPerKWh: Double
  ) {
    reserve(stretches.count, from: first)
    var written = first
    // Stretches narrower than a rounding join the next one; the ends stay where they are.
    var at = begin
    for stretch in stretches {
      guard stretch.to - at >= Self.crumbWidth else { continue }
      let s = stretch.slope * retention - keepingPerKWh
      let w = (stretch.to - at) / retention
      if written > first, slope[written - 1] == s {
        width[written - 1] += w
      } else {
        slope[written] = s
        width[written] = w
        written += 1
      }
      at = stretch.to
    }
    if let last = stretches.last, last.to > at, written > first {
      width[written - 1] += (last.to - at) / retention
    }
    offset[slot] = first
    pieces[slot] = written - first
    leftEnd[slot] = begin / retention
    if written - first > 1 {
      for k in (first + 1)..<written where slope[k] < slope[k - 1] { isConvex = false }
    }
  }
}

extension ShapeMemory {
  fileprivate mutating func addPairToRow() {
    Self.addLower(pair, to: &row, rounding: rounding, spare: &spare)
  }

  fileprivate mutating func addRowToLowest() {
    Self.addLower(row, to: &lowest, rounding: rounding, spare: &spare)
  }

  /// Takes the lower of a function and another that does not begin before it.
  private static func addLower(
    _ other: [Stretch], to function: inout [Stretch], rounding: Double, spare: inout [Stretch]
  ) {
    guard let first = other.first else { return }
    guard let last = function.last, last.to > first.from else {
      function += other
      return
    }
    // What lies before the other's beginning stays as it is.
    var kept = function.count
    while kept > 0, function[kept - 1].to > first.from { kept -= 1 }
    spare.removeAll(keepingCapacity: true)
    takeLower(
      function.span.extracting(kept..<function.count), other.span, rounding: rounding, into: &spare)
    function.removeSubrange(kept...)
    function += spare
  }
}

// MARK: - The best change of energy

extension ValueFunction {
  /// Returns the change that is cheapest for a slot and all that follows, whatever the shapes.
  ///
  /// All corners of both functions are tried; among equal costs the smallest movement is taken.
  ///
  /// - Parameters:
  ///   - slot: The slot.
  ///   - slopes: Slopes of the slot's cost, from the strongest discharge. [currency/kWh]
  ///   - widths: Widths of its pieces. [kWh]
  ///   - lowest: Change at the strongest discharge. [kWh]
  ///   - energyKWh: Energy left after resting over the slot. [kWh]
  /// - Returns: The change with the worths of energy that support it.
  func cheapestChange(
    slot: Int, slopes: Span<Double>, widths: Span<Double>, lowest: Double, energyKWh: Double
  ) -> BestChange {
    let after = slot + 1
    let futureSlopes = slope.span.extracting(offset[after]..<offset[after] + pieces[after])
    let futureWidths = width.span.extracting(offset[after]..<offset[after] + pieces[after])
    // Both functions run over the change; each is walked to the first change that both know.
    var x = max(lowest, leftEnd[after] - energyKWh)
    var j = 0
    var slotEnd = lowest
    if slopes.count > 0 { slotEnd += widths[0] }
    while j + 1 < slopes.count, slotEnd <= x {
      j += 1
      slotEnd += widths[j]
    }
    var i = 0
    var futureEnd = leftEnd[after] - energyKWh
    if futureSlopes.count > 0 { futureEnd += futureWidths[0] }
    while i + 1 < futureSlopes.count, futureEnd <= x {
      i += 1
      futureEnd += futureWidths[i]
    }
    // Slopes beside the change: of the future below and above it, of the slot above and below it.
    var lowSlot = j < slopes.count ? -slopes[j] : -Double.infinity
    var highSlot = x > lowest ? lowSlot : .infinity
    var highFuture = i < futureSlopes.count ? futureSlopes[i] : Double.infinity
    var lowFuture = energyKWh + x > leftEnd[after] + Self.energyRounding ? highFuture : -.infinity
    var best = BestChange(
      change: x, lowestValue: -min(highSlot, highFuture), highestValue: -max(lowSlot, lowFuture))
    var cost = 0.0
    var least = 0.0
    var swing = 0.0
    while j < slopes.count, i < futureSlopes.count {
      var stop = min(slotEnd, futureEnd)
      let passesRest = x < 0 && stop > 0
      if passesRest { stop = 0 }
      let s = slopes[j] + futureSlopes[i]
      cost += s * (stop - x)
      swing += s.magnitude * (stop - x)
      x = stop
      highSlot = -slopes[j]
      lowFuture = futureSlopes[i]
      let ends = (slot: !passesRest && slotEnd <= x, future: !passesRest && futureEnd <= x)
      if ends.slot {
        j += 1
        if j < slopes.count { slotEnd += widths[j] }
      }
      if ends.future {
        i += 1
        if i < futureSlopes.count { futureEnd += futureWidths[i] }
      }
      lowSlot = j < slopes.count ? -slopes[j] : -Double.infinity
      highFuture = i < futureSlopes.count ? futureSlopes[i] : Double.infinity
      let rounding = 4e-15 * swing
      if cost < least - rounding
        || cost <= least + rounding && x.magnitude < best.change.magnitude
      {
        least = min(least, cost)
        best = BestChange(
          change: x, lowestValue: -min(highSlot, highFuture),
          highestValue: -max(lowSlot, lowFuture))
      }
    }
    return best
  }

  /// The same for a cost as it is.
  func cheapestChange(
    slot: Int, cost: borrowing ShapedSlotCost, energyKWh: Double
  ) -> BestChange {
    cheapestChange(
      slot: slot, slopes: cost.slope.span, widths: cost.width.span, lowest: cost.lowest,
      energyKWh: energyKWh)
  }

  /// Returns the pieces of a state of which the slopes rise: the function's lower convex hull.
  func convexPieces(of state: Int) -> [(slope: Double, width: Double)] {
    var hull: [(slope: Double, width: Double)] = []
    for k in offset[state]..<offset[state] + pieces[state] {
      var piece = (slope: slope[k], width: width[k])
      while let last = hull.last, last.slope > piece.slope {
        let whole = last.width + piece.width
        piece = ((last.slope * last.width + piece.slope * piece.width) / whole, whole)
        hull.removeLast()
      }
      hull.append(piece)
    }
    return hull
  }
}
