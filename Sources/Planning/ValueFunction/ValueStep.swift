internal import TimeSeries

/// One control tick decided by its actual cost and the cost to go of the plan.
enum ValueStep {
  /// Returns what a power costs in a tick, with the cost to go of what it leaves; only differences count. [currency]
  static func cost(ofKW batteryKW: Double, plan: Plan, slot: Int, _ s: RecourseSituation) -> Double
  {
    let hours = s.seconds / 3600
    let price = price(plan: plan, slot: slot, s)
    let meterKW = price.cheapestKW(netKW: s.netKW - batteryKW, amountsKW: s.curtailmentKW)
    let stored =
      batteryKW > 0
      ? -batteryKW * hours / s.dischargeEfficiency : -batteryKW * hours * s.chargeEfficiency
    let left = costToGo(
      after: slot, storedKWh: s.storedKWh, changeKWh: stored, plan.valueFunction,
      worthPerKWh: plan.energyValuePerKWh[slot])
    return (price.cost(atKW: meterKW) + s.wearPerKWh * max(0, batteryKW)) * hours + left
  }

  /// Cost to go of a battery after a change of its energy; without a value function by what a stored kWh is worth. [currency]
  static func costToGo(
    after slot: Int, storedKWh: Double, changeKWh: Double, _ value: ValueFunction?,
    worthPerKWh: Double
  ) -> Double {
    if let value, slot < value.slotCount {
      return value.costToGo(after: slot, energyKWh: storedKWh + changeKWh)
    }
    return -worthPerKWh * changeKWh
  }

  static func batteryKW(plan: Plan, slot: Int, _ s: RecourseSituation) -> Double {
    let hours = s.seconds / 3600
    guard hours > 0 else { return 0 }
    if !s.curtailmentKW.isEmpty { return steppedKW(plan: plan, slot: slot, s) }
    let caps = caps(plan: plan, slot: slot, s)
    let buy = plan.buyPerKWh[slot]
    let sell = plan.sellPerKWh[slot]
    let value = plan.valueFunction.flatMap { slot < $0.slotCount ? $0 : nil }
    if sell > buy && s.exportLimitKW > 0 || value?.isConvex == false {
      return Self.batteryKW(
        s, hours: hours, value: value, slot: slot, worth: plan.energyValuePerKWh[slot],
        price: MeterPrice(
          buy: buy, sell: sell, exportLimitKW: s.exportLimitKW, pvKW: s.pvKW, caps: caps))
    }
    let price = GridPrice(
      buy: buy, sell: sell, exportLimitKW: s.exportLimitKW, pvKW: s.pvKW, caps: caps)
    var battery = s.battery(hours: hours)
    // The battery cannot charge and discharge at once, whatever a price below zero would pay.
    if buy < -battery.simultaneousThreshold { battery.dischargeKW = 0 }
    let cost = SlotCost(battery, price: price)
    let change: Double
    if let value {
      let energy = value.knownEnergy(s.storedKWh, after: slot)
      change = value.bestChange(slot: slot, cost: cost, energyKWh: energy).change
    } else {
      change = linearChange(cost, worth: plan.energyValuePerKWh[slot])
    }
    return s.batteryKW(change: change, hours: hours)
  }

  /// The best of what is best with each amount of production that can be thrown away. [kW]
  ///
  /// With an amount fixed the meter keeps the export limit by the battery alone.
  private static func steppedKW(plan: Plan, slot: Int, _ s: RecourseSituation) -> Double {
    let value = plan.valueFunction.flatMap { slot < $0.slotCount ? $0 : nil }
    let roomKWh = value.map { max(0, $0.energyRange(after: slot).upperBound - s.storedKWh) }
    let chargeKW = min(
      s.chargeLimitKW, (roomKWh ?? .infinity) / (s.seconds / 3600 * s.chargeEfficiency))
    var best: (power: Double, cost: Double)?
    for amount in [0] + s.curtailmentKW {
      var fixed = s
      fixed.curtailmentKW = []
      fixed.loadKW = s.netKW + amount
      fixed.pvKW = 0
      let most = fixed.netKW + s.exportLimitKW
      // The last amount is thrown away even where it is not enough.
      guard -most <= chargeKW || amount == s.curtailmentKW.last else { continue }
      let free = batteryKW(plan: plan, slot: slot, fixed)
      let power = max(-chargeKW, min(s.dischargeLimitKW, free, most))
      let cost = cost(ofKW: power, plan: plan, slot: slot, fixed)
      if best.map({ cost < $0.cost }) ?? true { best = (power, cost) }
    }
    return best?.power ?? 0
  }

  /// Price at the meter in the tick.
  static func price(plan: Plan, slot: Int, _ s: RecourseSituation) -> MeterPrice {
    MeterPrice(
      buy: plan.buyPerKWh[slot], sell: plan.sellPerKWh[slot], exportLimitKW: s.exportLimitKW,
      pvKW: s.pvKW, caps: caps(plan: plan, slot: slot, s))
  }

  /// Imports above which the tick costs more.
  static func caps(plan: Plan, slot: Int, _ s: RecourseSituation) -> Caps {
    var caps = Caps()
    let tariff = max(abs(plan.buyPerKWh[slot]), abs(plan.sellPerKWh[slot]), 0.1)
    if s.importAllowanceKW < .infinity {
      // A peak now is certain and one later is not, so it weighs twice what the cost to go counts.
      caps.insert(
        aboveKW: max(0, s.importAllowanceKW), price: max(100 * tariff, 2 * plan.overPeakPerKWh))
    }
    for line in s.importLines {
      caps.insert(aboveKW: max(0, line.aboveKW), price: line.pricePerKWh)
    }
    if s.importLimitKW < .infinity {
      caps.insert(
        aboveKW: max(0, s.importLimitKW), price: max(200 * tariff, 4 * plan.overPeakPerKWh))
    }
    return caps
  }

  /// The same where the cost of the tick or the cost to go need not be convex.
  private static func batteryKW(
    _ s: RecourseSituation, hours: Double, value: ValueFunction?, slot: Int, worth: Double,
    price: MeterPrice
  ) -> Double {
    var cost = ShapedSlotCost()
    cost.build(s.battery(hours: hours), price: price)
    // Without a cost to go a stored kWh has one worth at every level.
    let future =
      value
      ?? ValueFunction(worthPerKWh: worth, upToKWh: s.storedKWh + cost.highest, slots: slot + 1)
    let energy = future.knownEnergy(s.storedKWh, after: slot)
    let change = future.cheapestChange(slot: slot, cost: cost, energyKWh: energy).change
    return s.batteryKW(change: change, hours: hours)
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

extension RecourseSituation {
  /// What fixes the cost of the tick besides its price.
  fileprivate func battery(hours: Double) -> BatterySlot {
    BatterySlot(
      netKW: netKW, chargeKW: chargeLimitKW,
      dischargeKW: max(0, min(dischargeLimitKW, loadKW + exportLimitKW)), stepHours: hours,
      chargeEfficiency: chargeEfficiency, dischargeEfficiency: dischargeEfficiency,
      wear: wearPerKWh)
  }

  /// Battery power that changes the stored energy by an amount within the tick. [kW]
  fileprivate func batteryKW(change: Double, hours: Double) -> Double {
    change > 0 ? -change / (hours * chargeEfficiency) : -change * dischargeEfficiency / hours
  }
}

extension ValueFunction {
  /// The next energy for which the cost after a slot is known. [kWh]
  fileprivate func knownEnergy(_ energyKWh: Double, after slot: Int) -> Double {
    let range = energyRange(after: slot)
    return min(max(energyKWh, range.lowerBound), range.upperBound)
  }

  /// Creates a function that gives every stored kWh the same worth in all states.
  fileprivate init(worthPerKWh: Double, upToKWh: Double, slots: Int) {
    self.init()
    restart(slots: slots)
    slope = [-worthPerKWh]
    width = [upToKWh]
    pieces = [Int](repeating: 1, count: slots + 1)
  }
}
