internal import CTwinKernels

/// A run in the form of the heat regression.
///
/// `T = free decay + (1/C)·filtered heat + (share/C)·filtered heat of the slow part + entropic heat`;
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
  /// Reversible heat of a known entropic coefficient, zero without one. [W]
  let known: [Double]
  let soc: [Double]
  let basis: HatBasis?

  /// Splits the overvoltage of a run; `slowV` is the part of the slow pair. [V]
  ///
  /// The air is as measured, and `airOffsetK` warmer. [K]
  init(
    _ run: TelemetryRun, fit: TelemetryFit, volt: [Double], slowV: [Double], airOffsetK: Double
  ) {
    seconds = run.seconds
    ambient = run.ambientC.map { $0 + airOffsetK }
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
    let reversible = soc.indices.map { -run.currentA[$0] * (run.temperatureC[$0] + 273.15) }
    self.reversible = reversible
    known =
      fit.settings.knownHeat.map { heat in
        let curve = HatBasis(heat.socFraction)
        return soc.indices.map { reversible[$0] * curve.value(heat.entropicVPerK, at: soc[$0]) }
      } ?? [Double](repeating: 0, count: soc.count)
    basis = fit.settings.entropicNodes.count > 1 ? HatBasis(fit.settings.entropicNodes) : nil
  }

  /// Columns of a run: heat, heat of the slow part, reversible heat of a known entropic coefficient, its unknown
  /// nodes.
  var columns: Int { 3 + (basis?.nodes.count ?? 0) }

  /// Walks through the run with the columns of one cooling time.
  func walk(_ tau: Double, _ visit: (_ k: Int, _ free: Double, _ columns: [Double]) -> Void) {
    var filters = [Double](repeating: 0, count: columns)
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
        filters[2] += gain * known[k]
        if let basis {
          let (low, share) = basis.place(soc[k])
          filters[3 + low] += gain * reversible[k] * (1 - share)
          filters[4 + low] += gain * reversible[k] * share
        }
      }
      visit(k, free, filters)
    }
  }

  /// Returns the temperatures that a solution gives, one number for each column.
  func predict(_ numbers: [Double], coolingS: Double) -> [Double] {
    var result = [Double](repeating: 0, count: seconds.count)
    walk(coolingS) { k, free, columns in
      var value = free
      for (a, number) in numbers.enumerated() { value += number * columns[a] }
      result[k] = value
    }
    return result
  }
}
