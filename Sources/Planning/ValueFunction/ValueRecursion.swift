/// The exact dynamic program over one horizon: the value function backward, the schedule forward.
///
/// The memory is kept from plan to plan.
struct ValueRecursion {
  /// Cost to go, filled by `run`.
  private(set) var value = ValueFunction()
  /// Pieces of all slots' costs, those of the last slot first; slot `t` has `costCount[t]` from
  /// `costOffset[t]`.
  private var costSlope: [Double] = []
  private var costWidth: [Double] = []
  private var costOffset: [Int] = []
  private var costCount: [Int] = []
  private var highest: [Double] = []
  private var isSimultaneous: [Bool] = []
  private var bans: [SlotBan] = []
  private var curtailBelow: [Double] = []
  /// Change of the stored energy in each slot. [kWh]
  private(set) var change: [Double] = []
  /// Stored energy at the end of each slot. [kWh]
  private(set) var energy: [Double] = []
  /// Worth of a stored kWh at the end of each slot. [currency/kWh]
  private(set) var energyValue: [Double] = []
  /// Flows of each slot.
  private(set) var flows: [SlotFlows] = []
  /// Slots in which an optimum charged and discharged at once, closed to one direction since.
  private(set) var simultaneousSlots = 0

  /// Prepares for a model, with every direction of the battery open.
  mutating func open(_ model: PlanningModel) {
    let n = model.count
    simultaneousSlots = 0
    if change.count != n {
      change = [Double](repeating: 0, count: n)
      energy = change
      energyValue = change
      flows = [SlotFlows](repeating: SlotFlows(), count: n)
      highest = change
      costOffset = [Int](repeating: 0, count: n)
      costCount = costOffset
      isSimultaneous = [Bool](repeating: false, count: n)
      curtailBelow = change
      bans = [SlotBan](repeating: .none, count: n)
    } else {
      for t in 0..<n { bans[t] = .none }
    }
  }

  /// Gives the cost to go away, so that the next run writes to memory of its own without copying first.
  mutating func takeValue() -> ValueFunction {
    let taken = value
    value = ValueFunction(sizedLike: taken)
    return taken
  }

  /// Direction closed in a slot.
  func ban(_ slot: Int) -> SlotBan { bans[slot] }

  /// Solves for given peak targets.
  mutating func run(_ model: PlanningModel, targets: [Double]) {
    backward(model, targets: targets)
    forward(model, targets: targets)
  }

  /// Closes one direction in each slot that charges and discharges at once, and returns how many.
  ///
  /// A price below zero can make that worth while in the model, never in an executed plan.
  mutating func banSimultaneous() -> Int {
    var found = 0
    for t in flows.indices where flows[t].chargeKW > 0 && flows[t].dischargeKW > 0 {
      bans[t] = change[t] >= -1e-7 ? .discharging : .charging
      found += 1
    }
    simultaneousSlots += found
    return found
  }

  private mutating func backward(_ model: PlanningModel, targets: [Double]) {
    let n = model.count
    value.restart(slots: n)
    value.setEnd(
      model.terminal, keepingPerKWh: model.keepingPerKWh, low: model.energyMin[n - 1],
      high: model.energyMax[n - 1])
    costSlope.removeAll(keepingCapacity: true)
    costWidth.removeAll(keepingCapacity: true)
    var t = n - 1
    while t >= 0 {
      let price = model.gridPrice(t, targets: targets)
      curtailBelow[t] = price.curtailBelowKW
      let cost = SlotCost(model.batterySlot(t, ban: bans[t]), price: price)
      let low = t == 0 ? min(model.start, model.energyMin[0]) : model.energyMin[t - 1]
      let high = t == 0 ? max(model.start, model.energyMax[0]) : model.energyMax[t - 1]
      value.step(
        slot: t, cost: cost, retention: model.retention, keepingPerKWh: model.keepingPerKWh,
        low: low,
        high: high)
      keep(cost, slot: t)
      t -= 1
    }
  }

  /// Keeps a slot's cost for the way forward, without the room it does not use.
  @inline(__always)
  private mutating func keep(_ cost: borrowing SlotCost, slot: Int) {
    costOffset[slot] = costSlope.count
    costCount[slot] = cost.count
    for k in 0..<cost.count {
      costSlope.append(cost.slope[k])
      costWidth.append(cost.width[k])
    }
    highest[slot] = cost.highest
    isSimultaneous[slot] = cost.isSimultaneous
  }

  private mutating func forward(_ model: PlanningModel, targets: [Double]) {
    var stored = model.start
    var worth = Double.nan
    for t in 0..<model.count {
      let rested = stored * model.retention
      let range = costOffset[t]..<costOffset[t] + costCount[t]
      let best = value.bestChange(
        slot: t, costSlopes: costSlope.span.extracting(range),
        costWidths: costWidth.span.extracting(range), highest: highest[t], energyKWh: rested)
      change[t] = abs(best.change) < 1e-11 ? 0 : best.change
      stored = min(max(rested + change[t], model.energyMin[t]), model.energyMax[t])
      energy[t] = stored
      // The worth is carried along and moves only where the battery is empty or full.
      if worth.isNaN {
        worth = best.lowestValue.isFinite ? best.lowestValue : best.highestValue
        if best.highestValue.isFinite, best.lowestValue.isFinite {
          worth = 0.5 * (best.lowestValue + best.highestValue)
        }
        if !worth.isFinite { worth = 0 }
      } else {
        worth = max(
          best.lowestValue, min(best.highestValue, (worth - model.keepingPerKWh) / model.retention))
      }
      energyValue[t] = worth
      flows[t] = slotFlows(t, model, targets: targets)
    }
  }

  private func slotFlows(
    _ t: Int, _ model: PlanningModel, targets: [Double]
  ) -> SlotFlows {
    var result = SlotFlows()
    if isSimultaneous[t] {
      let price = model.gridPrice(t, targets: targets)
      let battery = model.batterySlot(t, ban: bans[t])
      let hull = SlotCost.simultaneousHull(battery, price: price)
      var k = 1
      while k < hull.count - 1, hull[k].change < change[t] { k += 1 }
      if k < hull.count {
        let a = hull[k - 1]
        let b = hull[k]
        let part = max(0, min(1, (change[t] - a.change) / (b.change - a.change)))
        result.chargeKW = a.chargeKW + part * (b.chargeKW - a.chargeKW)
        result.dischargeKW = a.dischargeKW + part * (b.dischargeKW - a.dischargeKW)
        if min(result.chargeKW, result.dischargeKW) < 1e-9 {
          if change[t] >= 0 { result.dischargeKW = 0 } else { result.chargeKW = 0 }
        }
      }
    } else if change[t] > 0 {
      result.chargeKW = change[t] / (model.stepHours * model.chargeEfficiency)
    } else if change[t] < 0 {
      result.dischargeKW = -change[t] * model.dischargeEfficiency / model.stepHours
    }
    result.settle(
      netKW: model.netKW[t] + result.chargeKW - result.dischargeKW, pvKW: model.pvKW[t],
      curtailBelowKW: curtailBelow[t])
    return result
  }
}
