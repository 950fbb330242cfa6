internal import Numerics
internal import Tariffs
internal import TimeSeries

/// A period in steps of its metering interval.
struct MeteringIntervals {
  let request: PlanRequest
  let slots: Int
  /// The coarse problem that no plan of the fine one beats, where it is another one.
  private var relaxed: PlanRequest?
  /// What its cost leaves out of the bound. [currency]
  private var constant = 0.0

  /// Nothing when no peak is metered over several slots, or the intervals do not tile the period.
  init?(_ fine: PlanRequest, _ model: PlanningModel) {
    var m = 1
    for demand in fine.prices.demands where demand.pricePerKW > 0 {
      m = max(m, demand.meteringSlots)
    }
    let grid = fine.grid
    guard m > 1, grid.count % m == 0, grid.start % (m * grid.stepSeconds) == 0,
      fine.prices.demands.allSatisfy({ $0.pricePerKW == 0 || $0.meteringSlots == m })
    else { return nil }
    func last(_ x: [Double]) -> [Double] {
      stride(from: m - 1, to: x.count, by: m).map { x[$0] }
    }
    func first(_ x: [Bool]) -> [Bool] { stride(from: 0, to: x.count, by: m).map { x[$0] } }
    var coarse = fine
    coarse.grid = TimeGrid(
      start: grid.start, stepSeconds: m * grid.stepSeconds, count: grid.count / m)
    coarse.loadKW = fine.loadKW.blockMeans(of: m)
    coarse.pvKW = fine.pvKW.blockMeans(of: m)
    coarse.prices = PlanningPrices(
      buyPerKWh: fine.prices.buyPerKWh.blockMeans(of: m),
      sellPerKWh: fine.prices.sellPerKWh.blockMeans(of: m),
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
    // What keeps to a limit in every slot keeps to the mean of the limits.
    func mean(_ limits: ArraySlice<Double>) -> Double {
      limits.reduce(0, +) / Double(limits.count)
    }
    coarse.importLimitKW = fine.importLimitKW.coarsened(by: m, mean)
    coarse.exportLimitKW = fine.exportLimitKW.coarsened(by: m, mean)
    let e = fine.envelope
    var retention = 1.0
    for _ in 0..<m { retention *= e.retentionPerStep }
    coarse.envelope = PowerEnvelope(
      chargeKW: e.chargeKW.blockMeans(of: m), dischargeKW: e.dischargeKW.blockMeans(of: m),
      energyMinKWh: last(e.energyMinKWh), energyMaxKWh: last(e.energyMaxKWh),
      chargeEfficiency: e.chargeEfficiency, dischargeEfficiency: e.dischargeEfficiency,
      retentionPerStep: retention)
    coarse.reservesKWh = last(fine.reservesKWh)
    coarse.losableKWh = fine.losableKWh.blockMeans(of: m).map { $0 * Double(m) }
    request = coarse
    slots = m
    relax(fine, model)
  }

  /// Prepares a coarse problem that leaves out what the metering interval hides: changes of the price within
  /// it, netting where feeding in pays more than buying costs, and self-discharge.
  private mutating func relax(_ fine: PlanRequest, _ model: PlanningModel) {
    let m = slots
    var bound = request
    var differs = false
    for k in bound.grid.indices {
      let inside = k * m..<(k + 1) * m
      let buy = fine.prices.buyPerKWh[inside].min() ?? 0
      let sell = fine.prices.sellPerKWh[inside].max() ?? 0
      let isEven = inside.allSatisfy {
        fine.prices.buyPerKWh[$0] == buy && fine.prices.sellPerKWh[$0] == sell
      }
      let isInverted = sell > buy && inside.contains { model.exportLimitKW[$0] > 0 }
      if isEven, !isInverted { continue }
      differs = true
      bound.prices.buyPerKWh[k] = buy
      bound.prices.sellPerKWh[k] = sell
      guard isInverted else { continue }
      let ranges = inside.map { model.meterRangeKW($0, buyPerKWh: buy) }
      let chord = PlanningModel.chord(
        buy: buy, sell: sell, lowKW: ranges.map(\.low).min() ?? 0,
        highKW: ranges.map(\.high).max() ?? 0)
      bound.prices.buyPerKWh[k] = chord.pricePerKWh
      bound.prices.sellPerKWh[k] = chord.pricePerKWh
      constant += bound.grid.stepHours * chord.perHour
    }
    if model.retention < 1 {
      differs = true
      bound.envelope.retentionPerStep = 1
      for k in bound.grid.indices {
        bound.envelope.energyMinKWh[k] = min(model.start, bound.envelope.energyMinKWh[k])
      }
    }
    if differs { relaxed = bound }
  }

  /// Returns what no plan of the fine problem costs less than.
  ///
  /// - Parameter coarse: The plan of the coarse problem.
  /// - Returns: The bound, or nothing where none was proven. [currency]
  func bound(after coarse: Plan) -> Double? {
    guard let relaxed else { return coarse.lowerBound }
    return planWithBlocks(relaxed, PlanningModel(relaxed)).lowerBound.map { $0 + constant }
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
