/// Collects the cost to go of paths at some states and takes their weighted mean.
struct MeanOfPaths {
  /// The end of a piece and its slope.
  private struct Step {
    var endKWh: Double
    var slope: Double
  }

  /// A rise of the mean slope at an energy.
  private struct Corner {
    var energyKWh: Double
    var rise: Double
  }

  private var states = 0
  private var weights: [Double] = []
  /// Pieces of one path at one state; the place is `state * paths + path`.
  private var steps: [[Step]] = []
  private var left: [Double] = []
  private var corners: [Corner] = []
  private var merged: [Corner] = []
  private var runs: [Int] = []

  /// Forgets everything entered.
  mutating func restart(states: Int, paths: [Double]) {
    let places = (states + 1) * paths.count
    if steps.count != places {
      steps = [[Step]](repeating: [], count: places)
      left = [Double](repeating: 0, count: places)
    }
    self.states = states
    weights = paths
    for place in steps.indices { steps[place].removeAll(keepingCapacity: true) }
  }

  /// Enters four paths at a state.
  mutating func enter(
    _ bins: borrowing SlopeBins, state: Int, firstPath: Int, slopes: [Double], scale: Double,
    kept: Double
  ) {
    let count = min(PathLanes.Lanes.scalarCount, weights.count - firstPath)
    let place = state * weights.count + firstPath
    var at = bins.left / scale
    for lane in 0..<count { left[place + lane] = at[lane] }
    bins.forEach { bin, width in
      let slope = slopes[bin] * scale - kept
      let wide = width / scale
      at += wide
      for lane in 0..<count where wide[lane] > 0 {
        steps[place + lane].append(Step(endKWh: at[lane], slope: slope))
      }
    }
  }

  /// Enters the function of one path at a state.
  mutating func enter(_ value: borrowing ValueFunction, state: Int, path: Int) {
    let place = state * weights.count + path
    left[place] = value.leftEnd[state]
    var at = left[place]
    for k in value.offset[state]..<value.offset[state] + value.pieces[state] {
      at += value.width[k]
      steps[place].append(Step(endKWh: at, slope: value.slope[k]))
    }
  }

  /// Returns the function of one path as the only state it has been entered at.
  func entered(state: Int, path: Int) -> ValueFunction {
    let place = state * weights.count + path
    var value = ValueFunction()
    value.restart(slots: state)
    value.leftEnd[state] = left[place]
    value.pieces[state] = steps[place].count
    var at = left[place]
    for step in steps[place] {
      value.slope.append(step.slope)
      value.width.append(step.endKWh - at)
      at = step.endKWh
    }
    return value
  }

  /// Returns the mean over the energies that all paths know, after the first slots.
  mutating func value(start: Double, states: Int) -> ValueFunction {
    var result = ValueFunction()
    result.restart(slots: states)
    result.leftEnd[0] = start
    for state in 1..<max(1, states + 1) { append(state, to: &result) }
    return result
  }

  private mutating func append(_ state: Int, to result: inout ValueFunction) {
    let first = state * weights.count
    let fuzz = 2 * ValueFunction.energyRounding
    var low = -Double.infinity
    var high = Double.infinity
    for path in weights.indices {
      low = max(low, left[first + path])
      high = min(high, steps[first + path].last?.endKWh ?? left[first + path])
    }
    high = max(low, high)
    corners.removeAll(keepingCapacity: true)
    runs.removeAll(keepingCapacity: true)
    var slope = 0.0
    for path in weights.indices {
      let list = steps[first + path]
      guard !list.isEmpty else { continue }
      runs.append(corners.count)
      var k = 0
      while k + 1 < list.count, list[k].endKWh <= low + fuzz { k += 1 }
      slope += weights[path] * list[k].slope
      while k + 1 < list.count, list[k].endKWh < high - fuzz {
        corners.append(
          Corner(
            energyKWh: list[k].endKWh, rise: weights[path] * (list[k + 1].slope - list[k].slope)))
        k += 1
      }
    }
    mergeRuns()
    result.offset[state] = result.slope.count
    result.leftEnd[state] = low
    var at = low
    for corner in corners {
      // Corners closer than a rounding are one; the stretch always ends at its end.
      if corner.energyKWh > at + fuzz {
        result.slope.append(slope)
        result.width.append(corner.energyKWh - at)
        at = corner.energyKWh
      }
      slope += corner.rise
    }
    if high > at {
      result.slope.append(slope)
      result.width.append(high - at)
    }
    let begin = result.offset[state]
    result.pieces[state] = result.slope.count - begin
    for k in begin..<result.slope.count where k > begin && result.slope[k] < result.slope[k - 1] {
      result.isConvex = false
    }
  }

  /// Sorts the corners, of which each path's are sorted already, by merging neighbours.
  private mutating func mergeRuns() {
    while runs.count > 1 {
      merged.removeAll(keepingCapacity: true)
      merged.reserveCapacity(corners.count)
      var next: [Int] = []
      var r = 0
      while r < runs.count {
        next.append(merged.count)
        var i = runs[r]
        let middle = r + 1 < runs.count ? runs[r + 1] : corners.count
        var j = middle
        let end = r + 2 < runs.count ? runs[r + 2] : corners.count
        while i < middle || j < end {
          let takesFirst =
            j >= end || i < middle && corners[i].energyKWh <= corners[j].energyKWh
          merged.append(corners[takesFirst ? i : j])
          if takesFirst { i += 1 } else { j += 1 }
        }
        r += 2
      }
      swap(&corners, &merged)
      runs = next
    }
  }
}
