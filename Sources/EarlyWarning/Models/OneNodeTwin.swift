import Numerics

/// A body of one temperature that a current heats and its surroundings cool.
///
/// `dT/dt = a·I² + b·|I| + (T∞ − T)/τ`, solved exactly between steps. `T∞` is the measured temperature of
/// the surroundings, or that at the start of the run, plus an offset that is fitted. One node cannot tell a surface
/// from a core, nor a fan that changes its speed.
package struct OneNodeTwin: Sendable, Equatable {
  /// Time constant of cooling. [s]
  package var coolingS: Double
  /// Heating by the square of the current. [K/(s·A²)]
  package var perSquare: Double
  /// Heating by the current. [K/(s·A)]
  package var perAmpere: Double
  /// What is added to the temperature of the surroundings. [K]
  package var offsetK: Double

  /// Heats of a frame's stretch, each filtered by the cooling.
  private struct Filtered {
    /// ∫ e^(−(t−s)/τ)·x(s) ds from the start of the stretch, one value per step.
    var square: [Double]
    var ampere: [Double]
    /// The same for the surroundings over τ.
    var around: [Double]

    init(_ frame: TelemetryFrame, _ stretch: Range<Int>, _ inputs: Inputs, coolingS: Double) {
      square = []
      ampere = []
      around = []
      var (s, a, t) = (0.0, 0.0, 0.0)
      var lastSeconds = -1
      var decay = 1.0
      for k in stretch {
        if k > stretch.lowerBound {
          let seconds = frame.instants[k] - frame.instants[k - 1]
          if seconds != lastSeconds {
            decay = exponential(-Double(seconds) / coolingS)
            lastSeconds = seconds
          }
          let gain = (1 - decay) * coolingS
          let current = inputs.currentA[k]
          s = s * decay + gain * current * current
          a = a * decay + gain * abs(current)
          t = t * decay + (1 - decay) * inputs.aroundC[k]
        }
        square.append(s)
        ampere.append(a)
        around.append(t)
      }
    }
  }

  /// What drives a frame: current and surroundings, one value per step.
  private struct Inputs {
    var currentA: [Double]
    var aroundC: [Double]

    init(_ frame: TelemetryFrame, currentA: [Double]) {
      self.currentA = currentA
      if let around = frame.held(frame.columns.surroundings) {
        aroundC = around
        // Where a plan is longer than what was measured, the surroundings stay as they were.
        for k in aroundC.indices.dropFirst() where aroundC[k].isNaN { aroundC[k] = aroundC[k - 1] }
        return
      }
      let now = frame.temperatureC
      aroundC = now
      for place in frame.stretches.indices {
        let start = frame.runStartC[frame.runOfStretch[place]]
        for k in frame.planned[place] { aroundC[k] = start }
      }
    }
  }

  /// Fits the twin to changes over the lead, with the currents that flowed.
  ///
  /// For each of 40 time constants from 5 s to 5 h the other three numbers are least squares; heatings are not
  /// negative.
  ///
  /// - Parameters:
  ///   - frames: Frames with a current.
  ///   - labels: What came true in each.
  ///   - rows: Steps to fit on, by frame.
  /// - Returns: The twin, or nothing where there are fewer than 30 usable steps.
  package static func fit(
    _ frames: [TelemetryFrame], labels: [WarningLabels], rows: [[Int]]
  ) -> OneNodeTwin? {
    var best: (twin: OneNodeTwin, squares: Double)?
    for step in 0..<40 {
      let tau = 5 * raise(3600, to: Double(step) / 39)
      var matrix = [Double](repeating: 0, count: 9)
      var vector = [Double](repeating: 0, count: 3)
      var squares = 0.0
      var count = 0
      for (place, frame) in frames.enumerated() {
        guard let current = frame.held(frame.columns.current) else { continue }
        let inputs = Inputs(frame, currentA: current)
        let now = frame.temperatureC
        var wanted = [Bool](repeating: false, count: frame.instants.count)
        for k in rows[place] { wanted[k] = true }
        for stretch in frame.stretches {
          let filtered = Filtered(frame, stretch, inputs, coolingS: tau)
          for k in stretch where wanted[k] && labels[place].target[k] >= 0 {
            let j = labels[place].target[k]
            let (from, to) = (k - stretch.lowerBound, j - stretch.lowerBound)
            let decay = exponential(-Double(frame.instants[j] - frame.instants[k]) / tau)
            let free =
              now[k] * (decay - 1) + filtered.around[to] - filtered.around[from] * decay
            let columns = [
              filtered.square[to] - filtered.square[from] * decay,
              filtered.ampere[to] - filtered.ampere[from] * decay, 1 - decay,
            ]
            let y = labels[place].changeK[k] - free
            guard y.isFinite, columns[0].isFinite else { continue }
            count += 1
            squares += y * y
            for a in 0..<3 {
              vector[a] += columns[a] * y
              for b in 0..<3 { matrix[a * 3 + b] += columns[a] * columns[b] }
            }
          }
        }
      }
      guard count >= 30 else { return nil }
      let (x, rest) = nonNegative(matrix, vector, squares)
      if best.map({ rest < $0.squares }) ?? true {
        let twin = OneNodeTwin(
          coolingS: tau, perSquare: x[0], perAmpere: x[1], offsetK: x[2])
        best = (twin, rest)
      }
    }
    return best?.twin
  }

  /// Least squares in which the first two unknowns are not negative: the best of the ways to leave them out.
  private static func nonNegative(
    _ matrix: [Double], _ vector: [Double], _ squares: Double
  ) -> (x: [Double], squares: Double) {
    var best: (x: [Double], squares: Double) = ([0, 0, 0], squares)
    for held in [[], [0], [1], [0, 1]] {
      let free = [0, 1, 2].filter { !held.contains($0) }
      let sub = free.flatMap { a in
        free.map { b in matrix[a * 3 + b] * (a == b ? 1 + 1e-9 : 1) + (a == b ? 1e-12 : 0) }
      }
      guard
        let part = LinearAlgebra.choleskySolve(matrix: sub, rightHandSide: free.map { vector[$0] })
      else { continue }
      var x = [0.0, 0, 0]
      for (k, index) in free.enumerated() { x[index] = part[k] }
      guard x[0] >= 0, x[1] >= 0 else { continue }
      let rest = squares - zip(x, vector).reduce(0) { $0 + $1.0 * $1.1 }
      if rest < best.squares { best = (x, rest) }
    }
    return best
  }

  /// Temperatures of the twin over a stretch from its start, with the measured current. [°C]
  func path(_ frame: TelemetryFrame, _ stretch: Range<Int>, startC: Double) -> [Double] {
    guard let current = frame.held(frame.columns.current), let first = stretch.first else {
      return []
    }
    let filtered = Filtered(
      frame, stretch, Inputs(frame, currentA: current), coolingS: coolingS)
    let begun = frame.temperatureC[first].isFinite ? frame.temperatureC[first] : startC
    return stretch.map { k in
      let at = k - first
      let decay = exponential(-Double(frame.instants[k] - frame.instants[first]) / coolingS)
      return begun * decay + filtered.around[at] + offsetK * (1 - decay)
        + perSquare * filtered.square[at] + perAmpere * filtered.ampere[at]
    }
  }

  /// Returns the temperature after a step in which current and surroundings are as at its end. [°C]
  func moved(
    _ temperatureC: Double, seconds: Int, currentA: Double, aroundC: Double
  ) -> Double {
    let decay = exponential(-Double(seconds) / coolingS)
    let heat = perSquare * currentA * currentA + perAmpere * abs(currentA)
    return temperatureC * decay + (aroundC + offsetK + heat * coolingS) * (1 - decay)
  }

  /// Changes of the temperature over the lead, from what is known at each step. [K]
  ///
  /// With a plan its current flows over the lead; without one the current goes on as it was over as long before, and
  /// the surroundings stay as they are.
  package func changes(_ frame: TelemetryFrame, task: WarningTask) -> [Double] {
    var result = [Double](repeating: .nan, count: frame.instants.count)
    guard let current = frame.held(frame.columns.current) else { return result }
    let plan = frame.held(frame.columns.plannedCurrent) ?? current
    let inputs = Inputs(frame, currentA: task.knowsPlan ? plan : current)
    let now = frame.temperatureC
    let decay = exponential(-Double(task.leadSeconds) / coolingS)
    for (place, stretch) in frame.stretches.enumerated() {
      let whole = frame.planned[place]
      let square = HeldIntegral(frame, stretch, current.map { $0 * $0 })
      let ampere = HeldIntegral(frame, stretch, current.map { abs($0) })
      let filtered =
        task.knowsPlan ? Filtered(frame, whole, inputs, coolingS: coolingS) : nil
      for k in stretch {
        let instant = frame.instants[k]
        var change = (inputs.aroundC[k] + offsetK - now[k]) * (1 - decay)
        if let filtered {
          guard let j = frame.position(at: instant + task.leadSeconds, in: whole),
            2 * (instant + task.leadSeconds - frame.instants[j]) <= frame.typicalSeconds
          else { continue }
          let (from, to) = (k - stretch.lowerBound, j - stretch.lowerBound)
          let part = exponential(-Double(frame.instants[j] - instant) / coolingS)
          change += perSquare * (filtered.square[to] - filtered.square[from] * part)
          change += perAmpere * (filtered.ampere[to] - filtered.ampere[from] * part)
        } else {
          let gain = (1 - decay) * coolingS
          let from = max(frame.instants[stretch.lowerBound], instant - task.leadSeconds)
          if from < instant {
            change += perSquare * gain * square.mean(from, instant)
            change += perAmpere * gain * ampere.mean(from, instant)
          } else {
            change += gain * (perSquare * current[k] * current[k] + perAmpere * abs(current[k]))
          }
        }
        result[k] = change
      }
    }
    return result
  }
}
