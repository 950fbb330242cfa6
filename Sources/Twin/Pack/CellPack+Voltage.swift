internal import CTwinKernels

extension CellPack {
  /// Returns the current, cut so that no cell passes a voltage at the end of the step. [A]
  ///
  /// Uses the coefficients of the last `prepare` and the open-circuit curve at the state of charge that
  /// the current leads to, so a bend within the step counts. The end voltage falls with the current, so
  /// halving the range finds the limit.
  ///
  /// - Parameters:
  ///   - response: The step.
  ///   - packA: Current of the pack, positive when discharging. [A]
  ///   - limitV: Voltage that no cell shall pass. [V]
  ///   - countsCharge: False leaves the charge as it is; only the surface lags behind.
  /// - Returns: The current or the part of it that keeps the limit. [A]
  func currentWithin(
    _ response: StepResponse, _ packA: Double, limitV: Double, countsCharge: Bool = true
  ) -> Double {
    func passes(_ packA: Double) -> Bool {
      worstRoomV(response, packA, limitV: limitV, countsCharge: countsCharge) < 0
    }
    guard packA != 0, passes(packA) else { return packA }
    var low = 0.0
    var high = 1.0
    for _ in 0..<40 {
      let middle = 0.5 * (low + high)
      if passes(middle * packA) {
        high = middle
      } else {
        low = middle
      }
    }
    return low * packA
  }

  /// Smallest distance of any cell's end voltage to the limit of the current's direction. [V]
  ///
  /// The voltage that the cell will show right after the step: open-circuit curve, hysteresis and series
  /// resistance of the end, pairs as the step leaves them.
  private func worstRoomV(
    _ response: StepResponse, _ packA: Double, limitV: Double, countsCharge: Bool
  ) -> Double {
    let step = unsafe response.coefficients.pointee
    let discharging = packA > 0
    let cell = model.tables.specification
    let kept = discharging ? 1 : cell.chargeEfficiency
    let hours = step.seconds / 3600
    let currents = sharesA(packA)
    let former = sharesA(packCurrentA)
    var worst = Double.infinity
    for j in 0..<cellCount {
      let current = currents[j]
      let moved = (current < 0 ? current * kept : current) + self[.bleed, j]
      var z = self[.soc, j]
      if countsCharge { z -= moved * hours * self[.inverseCapacity, j] }
      if cell.surfaceLag != nil {
        z -=
          step.lag_decay * self[.lag, j]
          + moved * hours * (self[.surfaceInverse, j] - self[.inverseCapacity, j])
      }
      let before = former[j]
      // A cell that cools gains resistance; one that warms is taken as it is, on the safe side.
      let ohm = self[.series, j] + self[.fast, j] + self[.slow, j]
      let warming =
        step.seconds
        * (self[.drift, j]
          + (current * current - before * before) * ohm / cell.heatCapacityJPerK)
      let series =
        model.tables.seriesOhm(
          socFraction: z, temperatureC: self[.temperature, j] + min(0, warming),
          charging: current < 0) * self[.scale, j]
      var volt =
        model.tables.openCircuitV(at: z) - step.decay1 * self[.fastV, j]
        - step.decay2 * self[.slowV, j]
        - current
        * (series + self[.fast, j] * (1 - step.decay1) + self[.slow, j] * (1 - step.decay2))
      if cell.hysteresisRate > 0 {
        let wait = cell.hysteresisRate * abs(current) * hours * self[.inverseCapacity, j]
        let sign = current > 0 ? 1.0 : (current < 0 ? -1 : 0)
        let turned =
          (self[.hysteresis, j] + sign) / (1 + wait * (1 + wait * (0.5 + wait / 6))) - sign
        volt += model.tables.hysteresisV(at: z) * turned
      }
      worst = min(worst, discharging ? volt - limitV : limitV - volt)
    }
    return worst
  }

  /// Returns the current of each cell for a current of the pack, by the last `prepare`. [A]
  func sharesA(_ packA: Double) -> [Double] {
    var view = unsafe memory.view
    return unsafe Array(unsafeUninitializedCapacity: cellCount + model.strings) { buffer, count in
      unsafe twin_currents(&view, packA, buffer.baseAddress)
      count = cellCount
    }
  }
}
