internal import Tariffs
internal import TimeSeries

/// Finds the peaks that make the cheapest plan, by the prices of being held to them.
///
/// For given peak targets the cost is convex in the targets, and the plan's own prices give its slope,
/// so supporting lines enclose the optimum.
struct PeakSearch {
  /// The best targets. [kW]
  var targetsKW: [Double]
  /// Evaluations of the value function.
  var evaluations: Int
  /// No better targets exist.
  var isExact: Bool
  /// Distance of the cost from the best bound, where the search ended before closing it. [currency]
  var gap: Double?

  /// Slots in which the convex relaxation charged and discharged at once; the plan does not.
  var repairedSlots = 0

  /// Searches, and leaves the best plan in `recursion`.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - recursion: The dynamic program.
  ///   - slots: Slots that the schedule is asked for; all where peaks are searched.
  /// - Returns: The peaks.
  static func run(
    _ model: PlanningModel, recursion: inout ValueRecursion, slots: Int? = nil
  ) -> PeakSearch {
    recursion.open(model, slots: model.demands.isEmpty ? slots : nil)
    guard model.invertedSlots == 0 else {
      return withoutConvexity(model, recursion: &recursion)
    }
    let search = once(model, recursion: &recursion)
    let repaired = recursion.simultaneousSlots
    if repaired == 0 { return search }
    var shaped = withoutConvexity(model, recursion: &recursion)
    shaped.evaluations += search.evaluations
    shaped.repairedSlots = repaired
    return shaped
  }

  /// Searches where feeding in pays more than buying costs, or a price pays for losing energy.
  ///
  /// For given targets the plan is exact. The cost over the targets is then not convex: those of the
  /// convex relaxation count, and for a single peak those that the same search finds with exact plans,
  /// whichever is cheaper. The relaxation is the bound.
  private static func withoutConvexity(
    _ model: PlanningModel, recursion: inout ValueRecursion
  ) -> PeakSearch {
    let active = model.searchedDemands
    if active.isEmpty {
      recursion.keepsShape = true
      return once(model, recursion: &recursion)
    }
    func cost(_ model: PlanningModel, _ targets: [Double]) -> Double {
      var cost = model.penalisedCost(recursion, targets: targets)
      for k in active {
        cost += model.demands[k].pricePerKW * (targets[k] - max(0, model.demands[k].incurredKW))
      }
      return cost
    }
    let relaxed = model.relaxed()
    var search = once(relaxed.model, recursion: &recursion)
    let bound = cost(relaxed.model, search.targetsKW) + relaxed.constant - (search.gap ?? 0)
    recursion.keepsShape = true
    recursion.run(model, targets: search.targetsKW)
    search.evaluations += 1
    var best = cost(model, search.targetsKW)
    if active.count == 1 {
      let own = once(model, recursion: &recursion)
      search.evaluations += own.evaluations
      let found = cost(model, own.targetsKW)
      if found < best {
        best = found
        search.targetsKW = own.targetsKW
      } else {
        recursion.run(model, targets: search.targetsKW)
        search.evaluations += 1
      }
    }
    search.gap = max(0, best - bound)
    search.isExact = best - bound <= 1e-9 * max(1, abs(best))
    return search
  }

  private static func once(
    _ model: PlanningModel, recursion: inout ValueRecursion
  ) -> PeakSearch {
    var floor = [Double](repeating: .infinity, count: model.demands.count)
    var active: [Int] = []
    for (k, demand) in model.demands.enumerated() {
      guard demand.pricePerKW > 0, demand.applies.contains(true) else { continue }
      floor[k] = max(0, demand.incurredKW)
      if demand.held == nil { active.append(k) }
    }
    recursion.run(model, targets: floor)
    if active.isEmpty {
      return PeakSearch(
        targetsKW: model.demands.map { max(0, $0.incurredKW) }, evaluations: 1, isExact: true)
    }
    if active.count == 1 {
      return single(active[0], model, recursion: &recursion, targets: floor)
    }
    return JointPeakSearch.run(model, active: active, recursion: &recursion, floor: floor)
  }

  /// One peak: the cost is a convex function of one number, enclosed by two supporting lines.
  private static func single(
    _ k: Int, _ model: PlanningModel, recursion: inout ValueRecursion, targets: [Double]
  ) -> PeakSearch {
    let price = model.demands[k].pricePerKW
    let floor = targets[k]
    var at = targets
    var evaluations = 1
    var low = line(k, at: at, price, model, recursion)
    // The peak already paid for is enough, or so dear that no more is wanted.
    if low.slope >= -1e-9 * price {
      return PeakSearch(targetsKW: at, evaluations: 1, isExact: true)
    }
    at[k] = .infinity
    recursion.run(model, targets: at)
    evaluations += 1
    let free = max(floor, model.peakKW(k, of: recursion.flows))
    var high = Line(
      at: free,
      value: model.penalised(recursion, targets: at, price: price, above: floor, k: k, at: free),
      slope: price)
    at[k] = free
    var best = high.value < low.value ? high : low
    while evaluations < 60 {
      let crossing =
        (high.value - low.value + low.slope * low.at - high.slope * high.at)
        / (low.slope - high.slope)
      let bound = low.value + low.slope * (crossing - low.at)
      let tolerance = 1e-10 * max(1, abs(best.value))
      if best.value - bound <= tolerance || high.at - low.at <= 1e-9 * max(1, high.at) { break }
      let trial = min(high.at, max(low.at, crossing))
      at[k] = trial
      recursion.run(model, targets: at)
      evaluations += 1
      let new = line(k, at: at, price, model, recursion)
      if new.value < best.value { best = new }
      if new.slope < 0 { low = new } else { high = new }
      if new.slope == 0 { break }
    }
    if at[k] != best.at {
      at[k] = best.at
      recursion.run(model, targets: at)
      evaluations += 1
    }
    return PeakSearch(targetsKW: at, evaluations: evaluations, isExact: evaluations < 60)
  }

  /// A supporting line of the cost over one peak.
  private struct Line {
    var at: Double
    var value: Double
    var slope: Double
  }

  private static func line(
    _ k: Int, at targets: [Double], _ price: Double, _ model: PlanningModel,
    _ recursion: ValueRecursion
  ) -> Line {
    let level = targets[k]
    let value = model.penalised(
      recursion, targets: targets, price: price, above: max(0, model.demands[k].incurredKW), k: k,
      at: level)
    var held = 0.0
    for t in 0..<model.count where model.demands[k].applies[t] {
      held += model.priceOfTarget(t, k, level: level, recursion)
    }
    return Line(at: level, value: value, slope: price - held)
  }
}

extension PlanningModel {
  /// Cost of the recursion's schedule with going above targets priced, plus the price of the target.
  func penalised(
    _ recursion: ValueRecursion, targets: [Double], price: Double, above floor: Double,
    k: Int, at level: Double
  ) -> Double {
    penalisedCost(recursion, targets: targets) + price * (level - floor)
  }

  /// Cost of the schedule with the penalties of going above the targets, less the worth of keeping energy.
  func penalisedCost(_ recursion: ValueRecursion, targets: [Double]) -> Double {
    var total = 0.0
    for t in 0..<count { total += slotCost(t, recursion.flows[t], targets: targets) }
    return total - endValue(recursion.energy.last ?? start) - keepingValue(of: recursion.energy)
  }

  /// Cost of one slot with all penalties. [currency]
  @inline(__always)
  func slotCost(_ t: Int, _ f: SlotFlows, targets: [Double]) -> Double {
    var money = buy[t] * f.importKW - sell[t] * f.exportKW + wear * f.dischargeKW
    if f.importKW > importLimitKW[t] {
      money += limitPenalty * (f.importKW - importLimitKW[t])
    }
    for k in 0..<demands.count where demands[k].applies[t] && f.importKW > targets[k] {
      money += overPeakPrice(demands[k]) * (f.importKW - targets[k])
    }
    return money * stepHours + lineCost(t, importKW: f.importKW)
  }

  /// Cost of import above the peaks so far where targets are held, in one slot. [currency]
  func lineCost(_ t: Int, importKW: Double) -> Double {
    var money = 0.0
    for demand in demands where demand.applies[t] {
      guard let held = demand.held, demand.pricePerKW > 0 else { continue }
      money += linePrice(demand, held) * max(0, importKW - max(0, held.meteredKW))
    }
    return money * stepHours
  }

  /// Price of import on top of the buying price that held targets make. [currency/kWh]
  private func heldPrice(_ t: Int, importKW: Double) -> Double {
    var price = 0.0
    for demand in demands where demand.applies[t] {
      guard let held = demand.held, demand.pricePerKW > 0 else { continue }
      for (level, above) in [
        (max(0, held.meteredKW), linePrice(demand, held)),
        (max(0, demand.incurredKW), overPeakPrice(demand)),
      ] where importKW > level + 1e-9 * max(1, level) { price += above }
    }
    return price
  }

  /// What one kW more of a peak target would save in a slot. [currency/kW]
  func priceOfTarget(
    _ t: Int, _ k: Int, level: Double, _ recursion: ValueRecursion
  ) -> Double {
    let flow = recursion.flows[t]
    let tolerance = 1e-9 * max(1, level)
    if flow.importKW < level - tolerance { return 0 }
    let most = overPeakPrice(demands[k])
    if flow.importKW > level + tolerance { return most * stepHours }
    return min(most * stepHours, priceAtLevel(t, recursion))
  }

  /// Price of one kW of net power in a slot above the buying price. [currency/kW]
  ///
  /// For a slot whose import lies at a target. Whatever is free to move there fixes the price of net
  /// power: the store by its worth, or curtailment, which is free. What is at a limit bounds it, and the
  /// lowest price within the bounds is a valid dual.
  func priceAtLevel(_ t: Int, _ recursion: ValueRecursion) -> Double {
    let flow = recursion.flows[t]
    let worth = recursion.energyValue[t]
    let tiny = 1e-9
    let over =
      (flow.importKW > importLimitKW[t] + tiny * max(1, importLimitKW[t]) ? limitPenalty : 0)
      + heldPrice(t, importKW: flow.importKW)
    var low = buy[t] + over
    var high = Double.infinity
    let byCharging = worth * chargeEfficiency
    let byDischarging = worth / dischargeEfficiency + wear
    if flow.chargeKW > tiny {
      high = min(high, byCharging)
      if flow.chargeKW < chargeKW[t] - tiny { low = max(low, byCharging) }
    } else if chargeKW[t] > tiny, flow.dischargeKW <= tiny {
      low = max(low, byCharging)
    }
    if flow.dischargeKW > tiny {
      low = max(low, byDischarging)
      if flow.dischargeKW < dischargeKW[t] - tiny { high = min(high, byDischarging) }
    } else if dischargeKW[t] > tiny, flow.chargeKW <= tiny {
      high = min(high, byDischarging)
    }
    if pvKW[t] > tiny {
      if flow.curtailKW > tiny { high = min(high, 0) }
      if flow.curtailKW < pvKW[t] - tiny { low = max(low, 0) }
    }
    return max(0, min(low, high) - buy[t] - over) * stepHours
  }
}

extension PlanningModel {
  /// Demand prices for whose peaks a plan looks.
  var searchedDemands: [Int] {
    demands.indices.filter { demands[$0].isSearched && demands[$0].applies.contains(true) }
  }
}

extension DemandPrice {
  /// A plan looks for the best peak.
  var isSearched: Bool { pricePerKW > 0 && held == nil }
}
