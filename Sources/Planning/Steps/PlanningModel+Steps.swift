internal import TimeSeries

/// Slots of a plan that keep to the powers at which an inverter can run, and to the steps of curtailment.
extension PlanningModel {
  /// Amounts of production that steps throw away in a slot besides none; empty where any amount can be. [kW]
  func curtailmentKW(at t: Int) -> [Double] { curtailmentKW.isEmpty ? [] : curtailmentKW[t] }

  /// Returns the model of a slot for each way in which production can be thrown away in it; itself where any amount can be.
  ///
  /// With an amount fixed the meter keeps the export limit by the battery alone. Ways in which it cannot are left out, but
  /// for the last.
  ///
  /// - Parameters:
  ///   - t: The slot.
  ///   - energyKWh: Stored energy before, after rest. [kWh]
  /// - Returns: The models.
  func fixingCurtailment(_ t: Int, energyKWh: Double) -> [PlanningModel] {
    let amounts = curtailmentKW(at: t)
    guard let last = amounts.last else { return [self] }
    let rest = netKW[t] + exportLimitKW[t]
    let roomKW = max(0, energyMax[t] - energyKWh) / (stepHours * chargeEfficiency)
    return ([0] + amounts).compactMap { amount in
      // What surplus is left above the limit has to be charged.
      let missing = max(0, -(rest + amount))
      guard missing <= min(chargeKW[t], roomKW) || amount == last else { return nil }
      var fixed = self
      fixed.curtailmentKW[t] = []
      fixed.netKW[t] += amount
      fixed.loadKW[t] = fixed.netKW[t]
      fixed.pvKW[t] = 0
      fixed.dischargeKW[t] = max(0, min(dischargeKW[t], rest + amount))
      return fixed
    }
  }

  /// Least that has to be charged for the export limit where nothing can be thrown away. [kWh stored]
  func leastChange(_ t: Int) -> Double {
    let missing = max(0, -(netKW[t] + exportLimitKW[t]))
    return min(missing, chargeKW[t]) * stepHours * chargeEfficiency
  }

  /// What a battery power in a slot costs with what comes after it. [currency]
  ///
  /// - Parameters:
  ///   - t: The slot.
  ///   - powerKW: Battery power, positive when discharging. [kW]
  ///   - endKWh: Stored energy after it. [kWh]
  ///   - value: Cost to go.
  ///   - targets: Peak targets. [kW]
  /// - Returns: The cost; only differences count.
  func cost(
    _ t: Int, powerKW: Double, endKWh: Double, value: ValueFunction, targets: [Double]
  ) -> Double {
    let price = meterPrice(t, targets: targets)
    let meterKW = price.cheapestKW(netKW: netKW[t] - powerKW, amountsKW: curtailmentKW(at: t))
    return (price.cost(atKW: meterKW) + wear * max(0, powerKW)) * stepHours
      + value.costToGo(after: t, energyKWh: endKWh)
  }

  /// The battery power that makes a change of the stored energy, positive when discharging. [kW]
  func powerKW(change: Double) -> Double {
    change > 0
      ? -change / (stepHours * chargeEfficiency) : -change * dischargeEfficiency / stepHours
  }

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
    let wanted = powerKW(change: change)
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
      let cost = cost(t, powerKW: power, endKWh: end, value: value, targets: targets)
      if cost < least { (best, least) = (moved, cost) }
    }
    return best
  }
}
