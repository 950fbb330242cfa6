internal import Tariffs
internal import TimeSeries

/// Plans a whole known period with loads that can wait, and bounds what it costs.
///
/// The loads are planned together with the battery window by window, the second half of each being planned
/// again; with the loads in place the battery is planned over the whole period. No plan costs less than a bound
/// that prices decouple (a Lagrangian relaxation): with a worth for every kWh at the meter, battery, meter,
/// production and each load are problems of their own, each solved exactly. The bound holds for any worths;
/// those that the windows are planned at make it close.
enum WaitingForesight {
  /// Time that a window covers, and time after which the next begins. [h]
  private static let windowHours = (whole: 48.0, kept: 24.0)

  static func plan(_ request: PlanRequest) -> Plan {
    guard let model = PlanningModel(request) else { return Plan.idle(request, status: .invalid) }
    var alone = request
    alone.waitingLoads = []
    // Without the loads no peak and no block is higher.
    var guide = foresightPlan(alone)
    guard guide.status != .invalid else { return guide }
    var best: Plan?
    var bound = -Double.infinity
    let rounds = request.prices.demands.isEmpty && request.prices.importBlocks.isEmpty ? 1 : 3
    for _ in 0..<rounds {
      let surcharges = request.prices.importBlocks.map { block in
        imported(guide, block) > block.limitKWh ? block.surchargePerKWh : 0
      }
      let (powers, worths) = windows(request, targetsKW: guide.peakTargetKW, surcharges)
      var fixed = alone
      for power in powers {
        for t in request.grid.indices { fixed.loadKW[t] += power[t] }
      }
      var plan = foresightPlan(fixed)
      // Those of the whole period agree about the battery from window to window.
      let own = model.meterWorths(of: plan)
      for worths in [worths, own, mean(worths, own)] {
        bound = max(bound, model.bound(worths, surcharges, alone))
      }
      guide = plan
      plan.enter(powers, of: model)
      if plan.objective < best?.objective ?? .infinity { best = plan }
    }
    var plan = best ?? Plan.idle(request, status: .idle)
    plan.lowerBound = min(bound, plan.objective)
    plan.status = (plan.relativeGap ?? 1) <= 1e-7 ? .optimal : .approximate
    return plan
  }

  private static func mean(_ a: [Double], _ b: [Double]) -> [Double] {
    zip(a, b).map { 0.5 * ($0 + $1) }
  }

  private static func imported(_ plan: Plan, _ block: ImportBlock) -> Double {
    var sum = 0.0
    for t in plan.importKW.indices where block.applies[t] { sum += plan.importKW[t] }
    return sum * plan.grid.stepHours
  }

  /// Plans the loads window by window.
  ///
  /// - Returns: Powers, one array per load, and the worth of a kWh less at the meter. [kW, currency/kWh]
  private static func windows(
    _ request: PlanRequest, targetsKW: [Double], _ surcharges: [Double]
  ) -> (powers: [[Double]], worths: [Double]) {
    let count = request.grid.count
    let whole = max(1, Int(windowHours.whole / request.grid.stepHours))
    let kept = max(1, Int(windowHours.kept / request.grid.stepHours))
    var priced = request.prices
    priced.importBlocks = []
    for (block, surcharge) in zip(request.prices.importBlocks, surcharges) where surcharge > 0 {
      for t in 0..<count where block.applies[t] { priced.buyPerKWh[t] += surcharge }
    }
    for k in priced.demands.indices where k < targetsKW.count {
      priced.demands[k].incurredKW = max(priced.demands[k].incurredKW, targetsKW[k])
    }
    var powers = request.waitingLoads.map { _ in [Double]() }
    var worths: [Double] = []
    var batteryKWh = request.initialEnergyKWh
    var storedKWh = request.waitingLoads.map(\.startKWh)
    var planner = GLPKPlanner()
    planner.attachesValueFunction = false
    var first = 0
    while first < count {
      let slots = first..<min(count, first + whole)
      let isLast = slots.upperBound == count
      var part = request.part(slots, prices: priced.part(slots))
      part.initialEnergyKWh = batteryKWh
      part.elapsedSlots = first == 0 ? 0 : kept
      if !isLast { part.terminal = .priceQuantile(0.25) }
      let sorted = part.prices.buyPerKWh.sorted()
      for l in part.waitingLoads.indices {
        part.waitingLoads[l].startKWh = storedKWh[l]
        guard !isLast else { continue }
        part.waitingLoads[l].endPerKWh = WaitingLoad.replacementPerKWh(
          sortedBuyPerKWh: sorted, storedPerKWh: part.waitingLoads[l].storedPerKWh)
      }
      let plan = planner.plan(part)
      let taken = isLast ? slots.count : kept
      for l in powers.indices {
        // Without a plan the loads run at once.
        for t in 0..<taken {
          let load = part.waitingLoads[l]
          let power =
            l < plan.waitingKW.count
            ? plan.waitingKW[l][t]
            : load.powerKW(
              t, toReachKWh: load.capacityKWh[t], storedKWh: storedKWh[l],
              stepHours: request.grid.stepHours)
          powers[l].append(power)
          storedKWh[l] =
            load.step(
              t, powerKW: power, storedKWh: storedKWh[l], stepHours: request.grid.stepHours
            ).storedKWh
        }
      }
      worths +=
        plan.meterWorthPerKWh.isEmpty
        ? plan.buyPerKWh.prefix(taken) : plan.meterWorthPerKWh.prefix(taken)
      batteryKWh = plan.energyKWh[taken - 1]
      first += taken
    }
    return (powers, worths)
  }
}

extension WaitingLoad {
  /// Returns the price at which what a store holds can be replaced: the cheapest quarter of the purchase prices
  /// by what a kWh gives in the mean. [currency/kWh]
  package static func replacementPerKWh(
    sortedBuyPerKWh sorted: [Double], storedPerKWh: [Double]
  ) -> Double {
    let gain = storedPerKWh.reduce(0, +) / Double(max(1, storedPerKWh.count))
    guard !sorted.isEmpty, gain > 0 else { return 0 }
    return max(0, sorted[sorted.count / 4] / gain)
  }
}

extension PlanningModel {
  /// Reads off a plan what a kWh less of load is worth in each slot. [currency/kWh]
  func meterWorths(of plan: Plan) -> [Double] {
    (0..<count).map { t in
      let tiny = 1e-7
      let stored = plan.energyValuePerKWh[t]
      if plan.chargeKW[t] > tiny, plan.chargeKW[t] < chargeKW[t] - tiny {
        return stored * chargeEfficiency
      }
      if plan.dischargeKW[t] > tiny, plan.dischargeKW[t] < mostDischargeKW[t] - tiny {
        return stored / dischargeEfficiency + wear
      }
      if plan.importKW[t] > tiny { return buy[t] }
      if plan.exportKW[t] > tiny { return plan.curtailKW[t] > tiny ? 0 : sell[t] }
      return min(buy[t], max(sell[t], stored))
    }
  }

  /// Returns what no plan can go below, by the worth of a kWh at the meter in each slot. [currency]
  ///
  /// - Parameters:
  ///   - worths: Worth of a kWh at the meter. [currency/kWh]
  ///   - surcharges: Price of the import that counts for each block. [currency/kWh]
  ///   - request: The request, without loads that can wait.
  /// - Returns: The bound. [currency]
  func bound(_ worths: [Double], _ surcharges: [Double], _ request: PlanRequest) -> Double {
    var buying = buy
    var sum = 0.0
    for (block, surcharge) in zip(blocks, surcharges) where surcharge > 0 {
      for t in 0..<count where block.applies[t] { buying[t] += surcharge }
      sum -= surcharge * max(0, block.limitKWh)
    }
    for (k, demand) in demands.enumerated() where demand.pricePerKW > 0 && demand.held == nil {
      sum -= sharePeak(k, demand, worths, &buying) * max(0, demand.incurredKW)
    }
    var worths = worths
    for t in 0..<count {
      // Where feeding in pays no more than buying, a worth between both costs the meter nothing.
      if sell[t] <= buying[t] { worths[t] = min(buying[t], max(sell[t], worths[t])) }
      var most = (imported: max(0, loadKW[t]) + chargeKW[t], exported: mostDischargeKW[t])
      for load in waitingLoads { most.imported += load.powerKW[t] }
      most.exported = min(exportLimitKW[t], most.exported + pvKW[t] + max(0, -loadKW[t]))
      let meter = min(
        0, (buying[t] - worths[t]) * most.imported, (worths[t] - sell[t]) * most.exported)
      sum += stepHours * (worths[t] * loadKW[t] - max(0, worths[t]) * pvKW[t] + meter)
    }
    var battery = request
    battery.loadKW = [Double](repeating: 0, count: count)
    battery.pvKW = battery.loadKW
    battery.importLimitKW = .infinity
    battery.exportLimitKW = .infinity
    battery.prices = PlanningPrices(buyPerKWh: worths, sellPerKWh: worths)
    let plan = foresightPlan(battery)
    sum += plan.lowerBound ?? plan.objective
    for load in waitingLoads { sum += load.leastCost(at: worths, stepHours: stepHours) }
    // What rounding may have put on top of a sum of so many parts.
    return sum - 1e-9 * max(1, abs(sum))
  }

  /// Adds to the purchase prices what worths above them say a peak costs, and returns the sum of the shares of
  /// its price. [currency/kW]
  private func sharePeak(
    _ k: Int, _ demand: DemandPrice, _ worths: [Double], _ buying: inout [Double]
  ) -> Double {
    var shares: [(slots: Range<Int>, price: Double)] = []
    var sum = 0.0
    for slots in meteringIntervals(k) where slots.contains(where: { demand.applies[$0] }) {
      var price = 0.0
      for t in slots { price += max(0, worths[t] - buying[t]) * stepHours }
      guard price > 0 else { continue }
      shares.append((slots, price))
      sum += price
    }
    guard sum > 0 else { return 0 }
    let scale = min(1, demand.pricePerKW / sum)
    for (slots, price) in shares {
      for t in slots { buying[t] += scale * price / (Double(slots.count) * stepHours) }
    }
    return sum * scale
  }
}
