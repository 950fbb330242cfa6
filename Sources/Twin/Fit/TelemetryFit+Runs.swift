internal import CTwinKernels

/// A run in the form of the regression.
struct PreparedRun {
  let seconds: [Double]
  let current: [Double]
  /// Current that the series resistance is taken to carry. [A]
  let seriesCurrent: [Double]
  let kelvin: [Double]
  let soc: [Double]
  let target: [Double]
  let weight: [Double]

  /// Prepares a run; with a lag the curves are read at the charge of the surface.
  init(
    _ run: TelemetryRun, settings: TelemetryFit.Settings, lag: SurfaceLag?,
    transfer: ChargeTransfer?
  ) {
    seconds = run.seconds
    current = run.currentA
    seriesCurrent = transfer?.linear(run, capacityAh: settings.capacityAh) ?? run.currentA
    kelvin = run.temperatureC.map { $0 + 273.15 }
    let mean = run.socFraction(capacityAh: settings.capacityAh)
    let soc = lag.map { $0.surface(of: run, mean: mean, settings: settings) } ?? mean
    self.soc = soc
    if let known = settings.knownOCV {
      let basis = HatBasis(known.socFraction)
      target = zip(run.voltageV, soc).map { $0 - basis.value(known.volt, at: $1) }
    } else {
      target = run.voltageV
    }
    weight = mean.map { settings.weightedSOC.contains($0) ? 1 : 0 }
  }

  var squareCurrent: Double {
    zip(current, weight).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
  }

  var targetSquares: Double {
    zip(target, weight).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
  }

  /// Calls a kernel with this run in its form.
  private func withRun<R>(
    settings: TelemetryFit.Settings, tau: [Double], activation: [Double],
    _ body: (UnsafePointer<twin_fit_run>) -> R
  ) -> R {
    let ocv = settings.knownOCV == nil ? settings.ocvNodes : []
    let nodes = settings.resistanceNodes
    return unsafe seconds.withUnsafeBufferPointer { seconds in
      unsafe current.withUnsafeBufferPointer { current in
        unsafe seriesCurrent.withUnsafeBufferPointer { series in
          unsafe kelvin.withUnsafeBufferPointer { kelvin in
            unsafe soc.withUnsafeBufferPointer { soc in
              unsafe target.withUnsafeBufferPointer { target in
                unsafe weight.withUnsafeBufferPointer { weight in
                  unsafe ocv.withUnsafeBufferPointer { ocvNodes in
                    unsafe nodes.withUnsafeBufferPointer { nodes in
                      unsafe tau.withUnsafeBufferPointer { tau in
                        unsafe activation.withUnsafeBufferPointer { activation in
                          var run = unsafe twin_fit_run(
                            samples: seconds.count, seconds: seconds.baseAddress,
                            current_a: current.baseAddress, kelvin: kelvin.baseAddress,
                            soc: soc.baseAddress, target_v: target.baseAddress,
                            weight: weight.baseAddress, series_a: series.baseAddress,
                            ocv_nodes: ocvNodes.count,
                            r_nodes: nodes.count, pairs: tau.count, ocv_soc: ocvNodes.baseAddress,
                            r_soc: nodes.baseAddress, tau_s: tau.baseAddress,
                            activation: activation.baseAddress)
                          return unsafe body(&run)
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private func workCount(_ settings: TelemetryFit.Settings, pairs: Int) -> Int {
    (settings.knownOCV == nil ? settings.ocvNodes.count : 0)
      + settings.resistanceNodes.count * (1 + 2 * pairs)
  }

  /// Adds the run to the normal equations and returns the square sum of the target.
  func accumulate(
    _ matrix: inout [Double], _ vector: inout [Double], settings: TelemetryFit.Settings,
    tau: [Double], activation: [Double]
  ) -> Double {
    var work = [Double](repeating: 0, count: workCount(settings, pairs: tau.count))
    return unsafe matrix.withUnsafeMutableBufferPointer { matrix in
      unsafe vector.withUnsafeMutableBufferPointer { vector in
        unsafe work.withUnsafeMutableBufferPointer { work in
          unsafe withRun(settings: settings, tau: tau, activation: activation) { run in
            unsafe twin_fit_accumulate(
              run, matrix.baseAddress, vector.baseAddress, work.baseAddress)
          }
        }
      }
    }
  }

  /// Returns the voltages that a solution gives.
  func predict(
    _ solution: [Double], settings: TelemetryFit.Settings, tau: [Double], activation: [Double]
  ) -> [Double] {
    var work = [Double](repeating: 0, count: workCount(settings, pairs: tau.count))
    var volt = [Double](repeating: 0, count: seconds.count)
    unsafe solution.withUnsafeBufferPointer { solution in
      unsafe volt.withUnsafeMutableBufferPointer { volt in
        unsafe work.withUnsafeMutableBufferPointer { work in
          unsafe withRun(settings: settings, tau: tau, activation: activation) { run in
            unsafe twin_fit_predict(
              run, solution.baseAddress, volt.baseAddress, work.baseAddress)
          }
        }
      }
    }
    if let known = settings.knownOCV {
      let basis = HatBasis(known.socFraction)
      for k in volt.indices { volt[k] += basis.value(known.volt, at: soc[k]) }
    }
    return volt
  }
}

/// A run in the form of the heat regression.
///
/// `T = free decay + (1/C)·filtered heat + (share/C)·filtered heat of the slow part + entropic nodes`;
/// the slow part is the surface's lag where there is one, else the second pair.
struct HeatRun {
  let seconds: [Double]
  let ambient: [Double]
  let measured: [Double]
  let startC: Double
  /// Power lost in the series resistance and the fast pair, and in the slow part. [W]
  let direct: [Double]
  let slow: [Double]
  /// `−I·T` and the place among the entropic nodes.
  let reversible: [Double]
  let soc: [Double]
  let basis: HatBasis?

  /// Splits the overvoltage of a run; `slowV` is the part of the slow pair. [V]
  init(_ run: TelemetryRun, fit: TelemetryFit, volt: [Double], slowV: [Double]) {
    seconds = run.seconds
    ambient = run.ambientC
    measured = run.temperatureC
    startC = run.startTemperatureC ?? run.temperatureC[0]
    let soc = run.socFraction(capacityAh: fit.settings.capacityAh)
    self.soc = soc
    let surface =
      fit.surfaceLag.map { $0.surface(of: run, mean: soc, settings: fit.settings) } ?? soc
    let linear =
      fit.chargeTransfer?.linear(run, capacityAh: fit.settings.capacityAh) ?? run.currentA
    // Overvoltage of the pairs grows within an interval: heat takes its mean of both ends.
    let hats = HatBasis(fit.settings.resistanceNodes)
    let activation = fit.activationJPerMol[0]
    var before = 0.0
    var slowBefore = 0.0
    var direct: [Double] = []
    var slow: [Double] = []
    for k in soc.indices {
      let current = run.currentA[k]
      let series =
        hats.value(fit.seriesOhm, at: surface[k])
        * PhysicalConstant.arrhenius(
          activationJPerMol: activation, kelvin: run.temperatureC[k] + 273.15)
      let pairs = fit.openCircuitV(soc[k]) - volt[k] - linear[k] * series
      let fast = pairs - slowV[k]
      direct.append(current * (linear[k] * series + 0.5 * (fast + before)))
      slow.append(current * 0.5 * (slowV[k] + slowBefore))
      before = fast
      slowBefore = slowV[k]
    }
    self.direct = direct
    self.slow = slow
    reversible = soc.indices.map { -run.currentA[$0] * (run.temperatureC[$0] + 273.15) }
    basis = fit.settings.entropicNodes.count > 1 ? HatBasis(fit.settings.entropicNodes) : nil
  }

  /// Walks through the run with filters of one cooling time.
  private func walk(_ tau: Double, _ visit: (_ k: Int, _ free: Double, _ filters: [Double]) -> Void)
  {
    var filters = [Double](repeating: 0, count: 2 + (basis?.nodes.count ?? 0))
    var free = startC
    var lastDT = -1.0
    var decay = 1.0
    for k in seconds.indices {
      let dt = seconds[k]
      if dt > 0 {
        if dt != lastDT {
          decay = PortableMath.exp(-dt / tau)
          lastDT = dt
        }
        let gain = (1 - decay) * tau
        free = ambient[k] + (free - ambient[k]) * decay
        for f in filters.indices { filters[f] *= decay }
        filters[0] += gain * direct[k]
        filters[1] += gain * slow[k]
        if let basis {
          let (low, share) = basis.place(soc[k])
          filters[2 + low] += gain * reversible[k] * (1 - share)
          filters[3 + low] += gain * reversible[k] * share
        }
      }
      visit(k, free, filters)
    }
  }

  /// Returns the temperatures that a solution gives.
  func predict(_ numbers: [Double], coolingS: Double) -> [Double] {
    var result = [Double](repeating: 0, count: seconds.count)
    walk(coolingS) { k, free, filters in
      var value = free
      for (a, number) in numbers.enumerated() { value += number * filters[a] }
      result[k] = value
    }
    return result
  }

  /// Solves for 1/C, the slow part's share over C and the entropic nodes over C.
  static func solve(
    _ runs: [HeatRun], coolingS: Double, nodes: Int
  ) -> (numbers: [Double], squares: Double) {
    let order = 2 + (nodes > 1 ? nodes : 0)
    var matrix = [Double](repeating: 0, count: order * order)
    var vector = [Double](repeating: 0, count: order)
    var squares = 0.0
    for run in runs {
      run.walk(coolingS) { k, free, filters in
        let y = run.measured[k] - free
        squares += y * y
        for a in 0..<order {
          vector[a] += filters[a] * y
          for b in 0..<order { matrix[a * order + b] += filters[a] * filters[b] }
        }
      }
    }
    for a in 0..<order { matrix[a * order + a] = matrix[a * order + a] * (1 + 1e-9) + 1e-12 }
    // Neighbouring entropic nodes lean on each other where few samples speak.
    if order > 4 {
      let strength = 1e-4 * (matrix[2 * order + 2] + matrix[3 * order + 3])
      for i in 3..<order - 1 {
        let parts = [(i - 1, 1.0), (i, -2.0), (i + 1, 1.0)]
        for (a, x) in parts {
          for (b, y) in parts { matrix[a * order + b] += strength * x * y }
        }
      }
    }
    let numbers = LeastSquares.nonNegative(matrix, vector, order: order, constrained: 0..<2)
    var value = squares
    for a in 0..<order { value -= numbers[a] * vector[a] }
    return (numbers, value)
  }
}

/// Piecewise linear functions on rising nodes, constant beyond the ends.
struct HatBasis {
  let nodes: [Double]

  init(_ nodes: [Double]) { self.nodes = nodes }

  func place(_ x: Double) -> (Int, Double) {
    if x <= nodes[0] { return (0, 0) }
    if x >= nodes[nodes.count - 1] { return (nodes.count - 2, 1) }
    var low = 0
    var high = nodes.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if nodes[middle] <= x { low = middle } else { high = middle }
    }
    return (low, (x - nodes[low]) / (nodes[high] - nodes[low]))
  }

  func value(_ values: [Double], at x: Double) -> Double {
    let (low, share) = place(x)
    return values[low] + share * (values[low + 1] - values[low])
  }
}

/// Small symmetric systems.
enum LeastSquares {
  /// Solves a positive definite system by Cholesky's method.
  static func solve(_ matrix: [Double], _ vector: [Double], order: Int) -> [Double] {
    var l = matrix
    var x = vector
    for j in 0..<order {
      var diagonal = l[j * order + j]
      for k in 0..<j { diagonal -= l[j * order + k] * l[j * order + k] }
      // A direction without information stays at zero.
      let floor = 1e-14 * abs(matrix[j * order + j]) + 1e-300
      let root = diagonal > floor ? diagonal.squareRoot() : 1e150
      l[j * order + j] = root
      for i in j + 1..<max(order, j + 1) {
        var sum = l[i * order + j]
        for k in 0..<j { sum -= l[i * order + k] * l[j * order + k] }
        l[i * order + j] = sum / root
      }
    }
    for i in 0..<order {
      for k in 0..<i { x[i] -= l[i * order + k] * x[k] }
      x[i] /= l[i * order + i]
    }
    for i in stride(from: order - 1, through: 0, by: -1) {
      for k in i + 1..<max(order, i + 1) { x[i] -= l[k * order + i] * x[k] }
      x[i] /= l[i * order + i]
    }
    return x
  }

  /// Solves with a range of unknowns kept at zero or above, by leaving out the negative ones.
  static func nonNegative(
    _ matrix: [Double], _ vector: [Double], order: Int, constrained: Range<Int>
  ) -> [Double] {
    var held = [Bool](repeating: false, count: order)
    var x = [Double](repeating: 0, count: order)
    for _ in 0..<order {
      let free = (0..<order).filter { !held[$0] }
      let sub = free.flatMap { a in free.map { matrix[a * order + $0] } }
      let part = solve(sub, free.map { vector[$0] }, order: free.count)
      x = [Double](repeating: 0, count: order)
      for (k, index) in free.enumerated() { x[index] = part[k] }
      let negative = constrained.filter { x[$0] < 0 }
      if negative.isEmpty { break }
      for index in negative { held[index] = true }
    }
    return x
  }
}
