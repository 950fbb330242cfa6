internal import TimeSeries

/// One control tick decided by its actual cost and the cost to go of the plan.
enum ValueStep {
  static func batteryKW(plan: Plan, slot: Int, _ s: RecourseSituation) -> Double {
    let hours = s.seconds / 3600
    guard hours > 0 else { return 0 }
    var caps = Caps()
    let tariff = max(abs(plan.buyPerKWh[slot]), abs(plan.sellPerKWh[slot]), 0.1)
    if s.importAllowanceKW < .infinity {
      // A peak now is certain and one later is not, so it weighs twice what the cost to go counts.
      caps.insert(
        aboveKW: max(0, s.importAllowanceKW), price: max(100 * tariff, 2 * plan.overPeakPerKWh))
    }
    if s.importLimitKW < .infinity {
      caps.insert(
        aboveKW: max(0, s.importLimitKW), price: max(200 * tariff, 4 * plan.overPeakPerKWh))
    }
    let price = GridPrice(
      buy: plan.buyPerKWh[slot], sell: plan.sellPerKWh[slot], exportLimitKW: s.exportLimitKW,
      pvKW: s.pvKW, caps: caps)
    var battery = BatterySlot(
      netKW: s.netKW, chargeKW: s.chargeLimitKW,
      dischargeKW: max(0, min(s.dischargeLimitKW, s.loadKW + s.exportLimitKW)), stepHours: hours,
      chargeEfficiency: s.chargeEfficiency, dischargeEfficiency: s.dischargeEfficiency,
      wear: s.wearPerKWh)
    // The battery cannot charge and discharge at once, whatever a price below zero would pay.
    if plan.buyPerKWh[slot] < -battery.simultaneousThreshold { battery.dischargeKW = 0 }
    let cost = SlotCost(battery, price: price)
    let change: Double
    if let value = plan.valueFunction, slot < value.slotCount {
      let range = value.energyRange(after: slot)
      let energy = min(max(s.storedKWh, range.lowerBound), range.upperBound)
      change = value.bestChange(slot: slot, cost: cost, energyKWh: energy).change
    } else {
      change = linearChange(cost, worth: plan.energyValuePerKWh[slot])
    }
    return change > 0
      ? -change / (hours * s.chargeEfficiency) : -change * s.dischargeEfficiency / hours
  }

  /// The cheapest change where a stored kWh has one worth at every level.
  private static func linearChange(_ cost: SlotCost, worth: Double) -> Double {
    var at = cost.lowest
    for k in 0..<cost.count {
      if cost.slope[k] >= worth { break }
      at += cost.width[k]
    }
    return at
  }
}
