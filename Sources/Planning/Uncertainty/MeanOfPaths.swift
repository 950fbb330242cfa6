internal import CPlanningKernels

/// Collects the cost to go of paths at some states and takes their weighted mean.
struct MeanOfPaths {
  private var states = 0
  /// Energies that the mean is asked for at each state. [kWh]
  private var asked: [ClosedRange<Double>] = []
  private var weights: [Double] = []
  /// Places for the steps of one path at one state.
  private var room = 0
  /// Steps by state and path, `room` places each.
  private var steps: [planning_step] = []
  /// Number of steps, by state and path.
  private var counts: [Int64] = []
  private var left: [Double] = []
  private var corners: [planning_step] = []
  private var sorted: [planning_step] = []

  /// Forgets everything entered.
  ///
  /// - Parameters:
  ///   - states: The last state that is entered.
  ///   - paths: Weights of the paths, 1 in all.
  ///   - room: The most steps that a function has.
  ///   - asked: Energies that the mean is asked for, by state; all where there is none. [kWh]
  mutating func restart(
    states: Int, paths: [Double], room: Int, asked: [ClosedRange<Double>] = []
  ) {
    self.states = states
    self.asked = asked
    weights = paths
    let places = (states + 1) * paths.count
    counts = [Int64](repeating: 0, count: places)
    left = [Double](repeating: 0, count: places)
    self.room = room
    grow()
  }

  private func within(_ state: Int) -> ClosedRange<Double> {
    state < asked.count ? asked[state] : -.infinity ... .infinity
  }

  private mutating func grow() {
    let none = planning_step(energy_kwh: 0, slope: 0)
    let (all, paths) = ((states + 1) * weights.count * room, weights.count * room)
    if steps.count < all { steps = [planning_step](repeating: none, count: all) }
    if corners.count < paths {
      corners = [planning_step](repeating: none, count: paths)
      sorted = corners
    }
  }

  /// Enters all paths at a state.
  mutating func enter(_ bins: inout SlopeBins, state: Int, _ pieces: borrowing SlotPieces) {
    precondition(state <= states, "a state that has room")
    let place = state * weights.count
    let (paths, room, within) = (weights.count, room, within(state))
    unsafe steps.withUnsafeMutableBufferPointer { steps in
      unsafe counts.withUnsafeMutableBufferPointer { counts in
        unsafe left.withUnsafeMutableBufferPointer { left in
          guard let step = steps.baseAddress, let count = counts.baseAddress,
            let begin = left.baseAddress
          else { return }
          unsafe bins.enter(
            slopes: pieces.slope, scale: pieces.scale[state], kept: pieces.kept[state],
            within: within, paths: paths, room: room, steps: step + place * room,
            counts: count + place,
            left: begin + place)
        }
      }
    }
  }

  /// Enters the function of one path at a state.
  mutating func enter(_ value: borrowing ValueFunction, state: Int, path: Int) {
    let place = state * weights.count + path
    makeRoom(value.pieces[state])
    left[place] = value.leftEnd[state]
    counts[place] = Int64(value.pieces[state])
    var at = left[place]
    for k in 0..<value.pieces[state] {
      at += value.width[value.offset[state] + k]
      steps[place * room + k] = planning_step(
        energy_kwh: at, slope: value.slope[value.offset[state] + k])
    }
  }

  /// Makes room for functions of more steps than the bins have.
  private mutating func makeRoom(_ count: Int) {
    guard count > room else { return }
    let (formerRoom, former) = (room, steps)
    room = 2 * count
    grow()
    for place in counts.indices {
      for k in 0..<Int(counts[place]) { steps[place * room + k] = former[place * formerRoom + k] }
    }
  }

  /// Returns the function of one path as the only state it has been entered at.
  func entered(state: Int, path: Int) -> ValueFunction {
    let place = state * weights.count + path
    var value = ValueFunction()
    value.restart(slots: state)
    value.leftEnd[state] = left[place]
    value.pieces[state] = Int(counts[place])
    var at = left[place]
    for k in 0..<Int(counts[place]) {
      let step = steps[place * room + k]
      value.slope.append(step.slope)
      value.width.append(step.energy_kwh - at)
      at = step.energy_kwh
    }
    return value
  }

  /// Returns the mean over the energies that are asked for and that all paths know, after the first slots.
  mutating func value(start: Double, states: Int) -> ValueFunction {
    var result = ValueFunction()
    result.restart(slots: states)
    result.leftEnd[0] = start
    for state in 1..<max(1, states + 1) { append(state, to: &result) }
    return result
  }

  private mutating func append(_ state: Int, to result: inout ValueFunction) {
    let paths = weights.count
    let first = state * paths
    let most = (first..<first + paths).reduce(1) { $0 + Int(counts[$1]) }
    let begin = result.slope.count
    result.slope += [Double](repeating: 0, count: most)
    result.width += [Double](repeating: 0, count: most)
    var low = 0.0
    let (room, within) = (room, within(state))
    let fuzz = 2 * ValueFunction.energyRounding
    let count = unsafe steps.withUnsafeBufferPointer { steps in
      unsafe counts.withUnsafeBufferPointer { counts in
        unsafe left.withUnsafeBufferPointer { left in
          unsafe result.slope.withUnsafeMutableBufferPointer { slope in
            unsafe result.width.withUnsafeMutableBufferPointer { width in
              guard let step = steps.baseAddress, let count = counts.baseAddress,
                let begins = left.baseAddress, let slope = slope.baseAddress,
                let width = width.baseAddress
              else { return 0 }
              return unsafe planning_mean(
                step + first * room, count + first, begins + first, weights, paths, room,
                within.lowerBound, within.upperBound, fuzz, &corners, &sorted, &low, slope + begin,
                width + begin)
            }
          }
        }
      }
    }
    result.slope.removeLast(most - count)
    result.width.removeLast(most - count)
    result.offset[state] = begin
    result.leftEnd[state] = low
    result.pieces[state] = count
    for k in begin..<begin + count where k > begin && result.slope[k] < result.slope[k - 1] {
      result.isConvex = false
    }
  }
}
