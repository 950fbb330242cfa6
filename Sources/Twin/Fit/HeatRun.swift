internal import CTwinKernels

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
