/// Slots of a plan that keep to the powers at which an inverter can run.
extension PlanningModel {
  /// Returns the cheapest change near one that a power of the inverter makes; the same where it can run at any. [kWh]
  ///
  /// - Parameters:
  ///   - t: The slot.
  ///   - change: The change that would be best at any power. [kWh]
  ///   - value: Cost to go.
  ///   - energyKWh: Stored energy before, after rest. [kWh]
  ///   - targets: Peak targets. [kW]
  /// - Returns: The change. [kWh]
  func steppedChange(
    _ t: Int, _ change: Double, value: ValueFunction, energyKWh: Double, targets: [Double]
  ) -> Double {
    guard !powerSteps.isFree else { return change }
    let wanted =
      change > 0
      ? -change / (stepHours * chargeEfficiency) : -change * dischargeEfficiency / stepHours
    let price = meterPrice(t, targets: targets)
    var best = 0.0
    var least = Double.infinity
    for power in powerSteps.around(wanted, chargeKW: chargeKW[t], dischargeKW: dischargeKW[t]) {
      let moved =
        power > 0
        ? -power * stepHours / dischargeEfficiency : -power * stepHours * chargeEfficiency
      let end = energyKWh + moved
      // What the band cuts off would be another power.
      guard power == 0 || (end >= energyMin[t] - 1e-9 && end <= energyMax[t] + 1e-9) else {
        continue
      }
      let meterKW = price.cheapestKW(netKW: netKW[t] - power)
      let cost =
        (price.cost(atKW: meterKW) + wear * max(0, power)) * stepHours
        + value.costToGo(after: t, energyKWh: end)
      if cost < least { (best, least) = (moved, cost) }
    }
    return best
  }
}
