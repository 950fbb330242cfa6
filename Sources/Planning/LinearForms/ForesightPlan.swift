internal import Tariffs
internal import TimeSeries

/// Returns the best plan over a whole period that is known in full.
///
/// It is a bound on every planner in the same model: one plan over all slots, with every demand price
/// of every month in it. Memory grows with the number of slots; 35,040 slots take some 20 ms per
/// evaluation, and twelve demand prices take some tens of evaluations. Keeping energy is worth nothing, for
/// nothing is unforeseen.
///
/// Two kinds of price tie slots together beyond the stored energy and are solved to a stated gap: a peak
/// metered over several slots, by planning whole metering intervals, and a surcharge above an imported
/// energy, by a search for its dual price.
///
/// Loads that can wait and several batteries are planned window by window, and bounded by prices that decouple
/// them, see `WindowForesight`.
///
/// - Parameter request: The period, with the truth as forecast and one demand price per month and window.
/// - Returns: The plan; `lowerBound` is the proven bound and `relativeGap` what is left open.
public func foresightPlan(_ request: PlanRequest) -> Plan {
  var whole = request
  whole.optionValue = .none
  whole.heat = nil
  if !whole.waitingLoads.isEmpty || !whole.others.isEmpty { return WindowForesight.plan(whole) }
  if ValueFunctionPlanner.isExact(for: whole) {
    var planner = ValueFunctionPlanner()
    return PeakBranching.tightened(planner.plan(whole), whole)
  }
  guard let model = PlanningModel(whole) else { return Plan.idle(request, status: .invalid) }
  var best = planWithBlocks(whole, model)
  if let coarse = MeteringIntervals(whole, model) {
    let plan = planWithBlocks(coarse.request, PlanningModel(coarse.request))
    if plan.status != .invalid {
      let fine = coarse.spread(plan, whole, model)
      if fine.objective < best.objective { best = fine }
    }
    best.lowerBound = coarse.bound(after: plan)
  } else if ValueFunctionPlanner.obstacles(in: whole).contains(.meteredPeaks) {
    // No interval tiles the period: a bound leaves out what is metered over several slots.
    var free = whole
    free.prices.demands.removeAll { $0.meteringSlots > 1 }
    best.lowerBound = planWithBlocks(free, PlanningModel(free)).lowerBound
  }
  best.status = (best.relativeGap ?? 1) <= 1e-7 ? .optimal : .approximate
  return best
}

/// Plans with surcharges above an imported energy: the dual price of each is enclosed by halving.
func planWithBlocks(_ request: PlanRequest, _ model: PlanningModel?) -> Plan {
  var planner = ValueFunctionPlanner()
  guard let model else { return Plan.idle(request, status: .invalid) }
  let blocks = request.prices.importBlocks
  if blocks.isEmpty { return planner.plan(request) }
  var low = blocks.map { _ in 0.0 }
  var high = blocks.map(\.surchargePerKWh)
  var price = low
  var best: Plan?
  var bound = -Double.infinity
  for round in 0..<14 {
    var priced = request
    priced.prices.importBlocks = []
    for (k, block) in blocks.enumerated() where price[k] > 0 {
      for t in request.grid.indices where block.applies[t] {
        priced.prices.buyPerKWh[t] += price[k]
      }
    }
    let plan = planner.plan(priced)
    guard plan.status != .invalid else { return plan }
    let real = model.repriced(plan, request)
    if real.objective < best?.objective ?? .infinity { best = real }
    // Without a proven bound of the priced plan its cost is the best guess at one.
    var dual = plan.lowerBound ?? -.infinity
    for (k, block) in blocks.enumerated() { dual -= price[k] * max(0, block.limitKWh) }
    bound = max(bound, dual)
    if let best, best.objective - bound <= 1e-9 * max(1, abs(best.objective)) { break }
    for (k, block) in blocks.enumerated() {
      var imported = 0.0
      for t in request.grid.indices where block.applies[t] {
        imported += plan.importKW[t] * request.grid.stepHours
      }
      if imported > block.limitKWh { low[k] = price[k] } else { high[k] = price[k] }
      price[k] = round == 0 && imported > block.limitKWh ? high[k] : 0.5 * (low[k] + high[k])
      if high[k] == 0 { price[k] = 0 }
    }
  }
  var plan = best ?? Plan.idle(request, status: .idle)
  plan.lowerBound = bound.isFinite ? bound : nil
  return plan
}

extension PlanningModel {
  /// Returns a plan with its cost under this model's prices.
  fileprivate func repriced(_ plan: Plan, _ request: PlanRequest) -> Plan {
    var result = plan
    let flows = (0..<count).map { t in
      SlotFlows(
        chargeKW: plan.chargeKW[t], dischargeKW: plan.dischargeKW[t], importKW: plan.importKW[t],
        exportKW: plan.exportKW[t], curtailKW: plan.curtailKW[t])
    }
    result.objective = cost(of: flows, endKWh: plan.energyKWh.last ?? start).total
    if case .equalToStart = request.terminal { result.objective += endValue(start) }
    result.buyPerKWh = buy
    result.sellPerKWh = sell
    result.peakTargetKW = demands.indices.map {
      max(max(0, demands[$0].incurredKW), peakKW($0, of: flows))
    }
    return result
  }
}
