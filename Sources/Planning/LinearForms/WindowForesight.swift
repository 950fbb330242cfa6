internal import Tariffs
internal import TimeSeries

/// Plans a whole known period with loads that can wait or several batteries, and bounds what it costs.
///
/// Loads and batteries are planned together window by window, the second half of each being planned
/// again; with all others in place one battery after the other is planned over the whole period. No plan costs
/// less than a bound that prices decouple (a Lagrangian relaxation): with a worth for every kWh at the meter, each
/// battery, meter, production and each load are problems of their own, each solved exactly. The bound holds for any
/// worths; those that the windows are planned at make it close.
enum WindowForesight {
  /// Time that a window covers, and time after which the next begins. [h]
  private static let windowHours = (whole: 48.0, kept: 24.0)
  /// Most times that every battery is planned again over the whole period.
  private static let mostSweeps = 3

  static func plan(_ request: PlanRequest) -> Plan {
    guard let model = PlanningModel(request) else { return Plan.idle(request, status: .invalid) }
    var batteries = request
    batteries.waitingLoads = []
    // Without the loads, and with one battery for all, no peak and no block is higher.
    var guide = foresightPlan(batteries.joined())
    guard guide.status != .invalid else { return guide }
    var best: Plan?
    var bound = -Double.infinity
    let rounds = request.prices.demands.isEmpty && request.prices.importBlocks.isEmpty ? 1 : 3
    for _ in 0..<rounds {
      let surcharges = request.prices.importBlocks.map { block in
        imported(guide, block) > block.limitKWh ? block.surchargePerKWh : 0
      }
      let found = windows(request, targetsKW: guide.peakTargetKW, surcharges)
      var fixed = batteries
      for power in found.powers {
        for t in request.grid.indices { fixed.loadKW[t] += power[t] }
      }
      let swept = sweep(fixed, model, others: found.others)
      var plan = swept.plan
      // Those of the whole period agree about the battery from window to window.
      let own = model.meterWorths(of: plan)
      for worths in [found.worths, own, mean(found.worths, own)] {
        bound = max(bound, model.bound(worths, surcharges, batteries))
      }
      guide = plan
      plan.enter(found.powers, of: model)
      plan.enter(swept.others, of: model, request)
      if plan.objective < best?.objective ?? .infinity { best = plan }
    }
    if !request.others.isEmpty {
      // What all may have together prices of single slots do not hold; one battery for all does.
      let joined = foresightPlan(request.joinedBound())
      bound = max(bound, joined.lowerBound ?? -.infinity)
    }
    var plan = best ?? Plan.idle(request, status: .idle)
    plan.lowerBound = min(bound, plan.objective)
    plan.status = (plan.relativeGap ?? 1) <= 1e-7 ? .optimal : .approximate
    return plan
  }

  /// Plans one battery after the other over the whole period with the others in place.
  ///
  /// - Returns: The plan of the first battery with the others in place, and what these do.
  private static func sweep(
    _ request: PlanRequest, _ model: PlanningModel, others: [BatterySchedule]
  ) -> (plan: Plan, others: [BatterySchedule]) {
    var others = others
    var plan = foresightPlan(request.alone(0, amid: others))
    guard !others.isEmpty else { return (plan, others) }
    func cost(_ plan: Plan, _ others: [BatterySchedule]) -> Double {
      zip(others, model.others).reduce(plan.objective) { $0 + $1.1.ownCost(of: $1.0) }
    }
    var least = cost(plan, others)
    for _ in 0..<mostSweeps {
      var tried = others
      var all = [BatterySchedule(plan)] + tried
      for b in tried.indices {
        var rest = all
        rest.remove(at: b + 1)
        tried[b] = BatterySchedule(foresightPlan(request.alone(b + 1, amid: rest)))
        all[b + 1] = tried[b]
      }
      let first = foresightPlan(request.alone(0, amid: tried))
      let found = cost(first, tried)
      let gained = least - found
      if gained > 0 { (plan, others, least) = (first, tried, found) }
      if gained <= 1e-9 * max(1, abs(least)) { break }
    }
    return (plan, others)
  }

  private static func mean(_ a: [Double], _ b: [Double]) -> [Double] {
    zip(a, b).map { 0.5 * ($0 + $1) }
  }

  private static func imported(_ plan: Plan, _ block: ImportBlock) -> Double {
    var sum = 0.0
    for t in plan.importKW.indices where block.applies[t] { sum += plan.importKW[t] }
    return sum * plan.grid.stepHours
  }

  /// What windows come to.
  private struct Found {
    /// Power of each load that can wait. [kW]
    var powers: [[Double]]
    /// What each battery beside the first one does.
    var others: [BatterySchedule]
    /// Worth of a kWh less at the meter. [currency/kWh]
    var worths: [Double] = []
  }

  /// Plans the loads and the batteries window by window.
  private static func windows(
    _ request: PlanRequest, targetsKW: [Double], _ surcharges: [Double]
  ) -> Found {
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
    var found = Found(
      powers: request.waitingLoads.map { _ in [] },
      others: request.others.map { _ in BatterySchedule(count: 0) })
    var batteryKWh = request.initialEnergyKWh
    var othersKWh = request.others.map(\.initialEnergyKWh)
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
      for b in part.others.indices {
        part.others[b].initialEnergyKWh = othersKWh[b]
        if !isLast { part.others[b].terminal = .priceQuantile(0.25) }
      }
      let sorted = part.prices.buyPerKWh.sorted()
      for l in part.waitingLoads.indices {
        part.waitingLoads[l].startKWh = storedKWh[l]
        guard !isLast else { continue }
        part.waitingLoads[l].endPerKWh = WaitingLoad.replacementPerKWh(
          sortedBuyPerKWh: sorted, storedPerKWh: part.waitingLoads[l].storedPerKWh)
      }
      let plan = planner.plan(part)
      let taken = isLast ? slots.count : kept
      for l in found.powers.indices {
        // Without a plan the loads run at once.
        for t in 0..<taken {
          let load = part.waitingLoads[l]
          let power =
            l < plan.waitingKW.count
            ? plan.waitingKW[l][t]
            : load.powerKW(
              t, toReachKWh: load.capacityKWh[t], storedKWh: storedKWh[l],
              stepHours: request.grid.stepHours)
          found.powers[l].append(power)
          storedKWh[l] =
            load.step(
              t, powerKW: power, storedKWh: storedKWh[l], stepHours: request.grid.stepHours
            ).storedKWh
        }
      }
      found.worths +=
        plan.meterWorthPerKWh.isEmpty
        ? plan.buyPerKWh.prefix(taken) : plan.meterWorthPerKWh.prefix(taken)
      let own = plan.alone(0)
      batteryKWh = own.energyKWh[taken - 1]
      for b in found.others.indices {
        found.others[b].append(plan.batteries[b + 1], first: taken)
        othersKWh[b] = plan.batteries[b + 1].energyKWh[taken - 1]
      }
      first += taken
    }
    return found
  }
}

extension PlanRequest {
  /// Returns the request of one battery with all others in place: what they do is a load, and takes from the power
  /// that all may have together.
  func alone(_ battery: Int, amid others: [BatterySchedule]) -> PlanRequest {
    var alone = alone(battery)
    for t in grid.indices {
      var charged = 0.0
      var discharged = 0.0
      for other in others {
        charged += other.chargeKW[t]
        discharged += other.dischargeKW[t]
      }
      alone.loadKW[t] += charged - discharged
      guard let joint = jointPower else { continue }
      alone.envelope.chargeKW[t] = min(
        alone.envelope.chargeKW[t], max(0, joint.chargeKW[t] - charged))
      alone.envelope.dischargeKW[t] = min(
        alone.envelope.dischargeKW[t], max(0, joint.dischargeKW[t] - discharged))
    }
    return alone
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
  ///   - request: The request with its batteries, without loads that can wait.
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
      for other in others {
        most.imported += other.chargeKW[t]
        most.exported += other.mostDischargeKW[t]
      }
      most.exported = min(exportLimitKW[t], most.exported + pvKW[t] + max(0, -loadKW[t]))
      let meter = min(
        0, (buying[t] - worths[t]) * most.imported, (worths[t] - sell[t]) * most.exported)
      sum += stepHours * (worths[t] * loadKW[t] - max(0, worths[t]) * pvKW[t] + meter)
    }
    for place in 0..<request.batteryCount {
      var battery = request.alone(place)
      battery.loadKW = [Double](repeating: 0, count: count)
      battery.pvKW = battery.loadKW
      battery.importLimitKW = .infinity
      battery.exportLimitKW = .infinity
      battery.prices = PlanningPrices(buyPerKWh: worths, sellPerKWh: worths)
      let plan = foresightPlan(battery)
      sum += plan.lowerBound ?? plan.objective
    }
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
