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
/// - Parameter request: The period, with the truth as forecast and one demand price per month and window.
/// - Returns: The plan; `lowerBound` is the proven bound and `relativeGap` what is left open.
public func foresightPlan(_ request: PlanRequest) -> Plan {
  var whole = request
  whole.optionValue = .none
  whole.deferrableLoads = []
  whole.heat = nil
  if ValueFunctionPlanner.isExact(for: whole) {
    var planner = ValueFunctionPlanner()
    return planner.plan(whole)
  }
  guard let model = PlanningModel(whole) else { return Plan.idle(request, status: .invalid) }
  var best = planWithBlocks(whole, model)
  if let coarse = MeteringIntervals(whole) {
    let plan = planWithBlocks(coarse.request, PlanningModel(coarse.request))
    if plan.status != .invalid {
      let fine = coarse.spread(plan, whole, model)
      let bound = coarse.isRelaxation ? plan.lowerBound : nil
      if fine.objective < best.objective { best = fine }
      best.lowerBound = bound
    }
  }
  best.status = (best.relativeGap ?? 1) <= 1e-7 ? .optimal : .approximate
  return best
}

/// Plans with surcharges above an imported energy: the dual price of each is enclosed by halving.
private func planWithBlocks(_ request: PlanRequest, _ model: PlanningModel?) -> Plan {
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

/// A period in steps of its metering interval.
private struct MeteringIntervals {
  let request: PlanRequest
  let slots: Int
  /// Prices do not change inside an interval, so the coarse problem leaves nothing out but limits.
  let isRelaxation: Bool

  /// Nothing when no peak is metered over several slots, or the intervals do not tile the period.
  init?(_ fine: PlanRequest) {
    var m = 1
    for demand in fine.prices.demands where demand.pricePerKW > 0 {
      m = max(m, demand.meteringSlots)
    }
    let grid = fine.grid
    guard m > 1, grid.count % m == 0, grid.start % (m * grid.stepSeconds) == 0,
      fine.prices.demands.allSatisfy({ $0.pricePerKW == 0 || $0.meteringSlots == m })
    else { return nil }
    func mean(_ x: [Double]) -> [Double] {
      stride(from: 0, to: x.count, by: m).map { x[$0..<($0 + m)].reduce(0, +) / Double(m) }
    }
    func last(_ x: [Double]) -> [Double] {
      stride(from: m - 1, to: x.count, by: m).map { x[$0] }
    }
    func first(_ x: [Bool]) -> [Bool] { stride(from: 0, to: x.count, by: m).map { x[$0] } }
    var coarse = fine
    coarse.grid = TimeGrid(
      start: grid.start, stepSeconds: m * grid.stepSeconds, count: grid.count / m)
    coarse.loadKW = mean(fine.loadKW)
    coarse.pvKW = mean(fine.pvKW)
    coarse.prices = PlanningPrices(
      buyPerKWh: mean(fine.prices.buyPerKWh), sellPerKWh: mean(fine.prices.sellPerKWh),
      demands: fine.prices.demands.map {
        DemandPrice(
          label: $0.label, pricePerKW: $0.pricePerKW, applies: first($0.applies), meteringSlots: 1,
          incurredKW: $0.incurredKW)
      },
      importBlocks: fine.prices.importBlocks.map {
        ImportBlock(
          label: $0.label, limitKWh: $0.limitKWh, surchargePerKWh: $0.surchargePerKWh,
          applies: first($0.applies))
      })
    let e = fine.envelope
    var retention = 1.0
    for _ in 0..<m { retention *= e.retentionPerStep }
    coarse.envelope = PowerEnvelope(
      chargeKW: mean(e.chargeKW), dischargeKW: mean(e.dischargeKW),
      energyMinKWh: last(e.energyMinKWh), energyMaxKWh: last(e.energyMaxKWh),
      chargeEfficiency: e.chargeEfficiency, dischargeEfficiency: e.dischargeEfficiency,
      retentionPerStep: retention)
    request = coarse
    slots = m
    let prices = fine.prices
    isRelaxation =
      e.retentionPerStep == 1
      && grid.indices.allSatisfy {
        let head = $0 / m * m
        return prices.buyPerKWh[$0] == prices.buyPerKWh[head]
          && prices.sellPerKWh[$0] == prices.sellPerKWh[head]
      }
  }

  /// Returns the fine plan that charges and discharges evenly within each interval.
  func spread(_ coarse: Plan, _ fine: PlanRequest, _ model: PlanningModel) -> Plan {
    var flows: [SlotFlows] = []
    var energy: [Double] = []
    var worth: [Double] = []
    var stored = model.start
    for t in fine.grid.indices {
      let k = t / slots
      let before = k == 0 ? model.start : coarse.energyKWh[k - 1]
      let change = (coarse.energyKWh[k] - before) / Double(slots)
      let rested = stored * model.retention
      let least = -model.dischargeKW[t] * model.stepHours / model.dischargeEfficiency
      let most = model.chargeKW[t] * model.stepHours * model.chargeEfficiency
      let end = min(
        max(rested + min(max(change, least), most), model.energyMin[t]), model.energyMax[t])
      flows.append(model.flows(t, change: end - rested, targets: []))
      energy.append(end)
      worth.append(coarse.energyValuePerKWh[k])
      stored = end
    }
    return model.plan(
      grid: fine.grid, flows: flows, energy: energy, energyValue: worth,
      peakTargets: coarse.peakTargetKW, solver: coarse.solver, status: .approximate, repaired: 0,
      value: nil, startTerminal: fine.terminal)
  }
}
