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
  private var lowest: [Double] = []
  private var isSimultaneous: [Bool] = []
  private var curtailBelow: [Double] = []
  /// Change with the least cost of each slot, up to which it pays to lose energy. [kWh]
  private var cheapestChange: [Double] = []
  private var shaped = ShapedSlotCost()
  private var shapes = ShapeMemory()
  /// Change of the stored energy in each slot. [kWh]
  private(set) var change: [Double] = []
  /// Stored energy at the end of each slot. [kWh]
  private(set) var energy: [Double] = []
  /// Worth of a stored kWh at the end of each slot. [currency/kWh]
  private(set) var energyValue: [Double] = []
  /// Flows of each slot.
  private(set) var flows: [SlotFlows] = []
  /// Costs are taken as they are, convex or not; else as convex functions, which may charge and discharge
  /// at once.
  var keepsShape = false
  /// Slots that the schedule is asked for.
  private var asked = 0
  /// Slots of the schedule of the last run.
  private(set) var shown = 0

  /// Prepares for a model, with costs as convex functions.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - slots: Slots that the schedule is asked for; all of them without.
  mutating func open(_ model: PlanningModel, slots: Int? = nil) {
    let n = model.count
    keepsShape = false
    asked = min(n, slots ?? n)
    if change.count != n {
      change = [Double](repeating: 0, count: n)
      energy = change
      energyValue = change
      flows = [SlotFlows](repeating: SlotFlows(), count: n)
      highest = change
      lowest = change
      costOffset = [Int](repeating: 0, count: n)
      costCount = costOffset
      isSimultaneous = [Bool](repeating: false, count: n)
      curtailBelow = change
      cheapestChange = change
    }
  }

  /// Returns the cost to go of the slots that are shown, with memory of its own.
  mutating func shownValue() -> ValueFunction {
    shown < value.slotCount ? ValueFunction(value, states: shown + 1) : takeValue()
  }

  /// Gives the cost to go away, so that the next run writes to memory of its own without copying first.
  mutating func takeValue() -> ValueFunction {
    let taken = value
    value = ValueFunction(sizedLike: taken)
    return taken
  }

  /// Solves for given peak targets.
  mutating func run(_ model: PlanningModel, targets: [Double]) {
    backward(model, targets: targets)
    forward(model, targets: targets)
  }

  /// Slots that charge and discharge at once.
  ///
  /// A price below zero can make that worth while in the model, never in an executed plan.
  var simultaneousSlots: Int {
    flows[..<shown].reduce(0) { $0 + ($1.chargeKW > 0 && $1.dischargeKW > 0 ? 1 : 0) }
  }

  private mutating func backward(_ model: PlanningModel, targets: [Double]) {
    let n = model.count
    value.restart(slots: n)
    value.setEnd(
      model.terminal, keepingPerKWh: model.keepingPerKWh, low: model.energyMin[n - 1],
      high: model.energyMax[n - 1])
    costSlope.removeAll(keepingCapacity: true)
    costWidth.removeAll(keepingCapacity: true)
    shown = asked
    if keepsShape { return backwardShaped(model, targets: targets) }
    var t = n - 1
    while t >= 0 {
      let price = model.gridPrice(t, targets: targets)
      curtailBelow[t] = price.curtailBelowKW
      var cost = SlotCost(model.batterySlot(t), price: price)
      if !model.losableKWh.isEmpty {
        cheapestChange[t] = cost.lose(upTo: model.losableKWh[t])
      }
      let before = model.bandBefore(t)
      value.step(
        slot: t, cost: cost, retention: model.retention, keepingPerKWh: model.keepingPerKWh,
        low: before.low, high: before.high)
      keep(cost, slot: t)
      // Whether the optimum does both at once there is only seen on the way forward.
      if cost.isSimultaneous { shown = n }
      t -= 1
    }
  }

  /// The same with costs as they are.
  private mutating func backwardShaped(_ model: PlanningModel, targets: [Double]) {
    for t in stride(from: model.count - 1, through: 0, by: -1) {
      shaped.build(model.batterySlot(t), price: model.meterPrice(t, targets: targets))
      if !model.losableKWh.isEmpty { shaped.lose(upTo: model.losableKWh[t]) }
      let before = model.bandBefore(t)
      value.step(
        slot: t, cost: shaped, retention: model.retention, keepingPerKWh: model.keepingPerKWh,
        low: before.low, high: before.high, memory: &shapes)
      costOffset[t] = costSlope.count
      costCount[t] = shaped.slope.count
      costSlope += shaped.slope
      costWidth += shaped.width
      lowest[t] = shaped.lowest
      isSimultaneous[t] = false
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
    for t in 0..<shown {
      let rested = stored * model.retention
      let range = costOffset[t]..<costOffset[t] + costCount[t]
      let best =
        keepsShape
        ? value.cheapestChange(
          slot: t, slopes: costSlope.span.extracting(range),
          widths: costWidth.span.extracting(range), lowest: lowest[t], energyKWh: rested)
        : value.bestChange(
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
      // By itself, as an argument that changes memory would have all of it copied first.
      let moved = moved(t, model, targets: targets)
      flows[t] = slotFlows(t, model, change: moved, targets: targets)
    }
  }

  /// Change that the battery makes in a slot, before what it loses for nothing. [kWh]
  private mutating func moved(_ t: Int, _ model: PlanningModel, targets: [Double]) -> Double {
    guard !model.losableKWh.isEmpty, model.losableKWh[t] > 0 else { return change[t] }
    let most = model.losableKWh[t]
    guard keepsShape else { return max(change[t], min(change[t] + most, cheapestChange[t])) }
    shaped.build(model.batterySlot(t), price: model.meterPrice(t, targets: targets))
    return shaped.cheapestChange(endingAt: change[t], losingUpTo: most)
  }

  private func slotFlows(
    _ t: Int, _ model: PlanningModel, change: Double, targets: [Double]
  ) -> SlotFlows {
    var result = SlotFlows()
    if isSimultaneous[t] {
      let price = model.gridPrice(t, targets: targets)
      let battery = model.batterySlot(t)
      let hull = SlotCost.simultaneousHull(battery, price: price)
      var k = 1
      while k < hull.count - 1, hull[k].change < change { k += 1 }
      if k < hull.count {
        let a = hull[k - 1]
        let b = hull[k]
        let part = max(0, min(1, (change - a.change) / (b.change - a.change)))
        result.chargeKW = a.chargeKW + part * (b.chargeKW - a.chargeKW)
        result.dischargeKW = a.dischargeKW + part * (b.dischargeKW - a.dischargeKW)
        if min(result.chargeKW, result.dischargeKW) < 1e-9 {
          if change >= 0 { result.dischargeKW = 0 } else { result.chargeKW = 0 }
        }
      }
    } else if change > 0 {
      result.chargeKW = change / (model.stepHours * model.chargeEfficiency)
    } else if change < 0 {
      result.dischargeKW = -change * model.dischargeEfficiency / model.stepHours
    }
    let net = model.netKW[t] + result.chargeKW - result.dischargeKW
    if keepsShape {
      result.settle(netKW: net, price: model.meterPrice(t, targets: targets))
    } else {
      result.settle(netKW: net, pvKW: model.pvKW[t], curtailBelowKW: curtailBelow[t])
    }
    return result
  }
}
