internal import Tariffs
internal import TimeSeries

extension PlanningModel {
  /// Returns the slots of each metering interval of a demand price.
  func meteringIntervals(_ k: Int) -> [Range<Int>] {
    let length = demands[k].meteringSlots
    var intervals: [Range<Int>] = []
    var t = -meteringPhase[k]
    while t < count {
      intervals.append(max(0, t)..<min(count, t + length))
      t += length
    }
    return intervals
  }

  /// Highest metered import of the slots a demand price covers. [kW]
  func peakKW(_ k: Int, of flows: [SlotFlows]) -> Double {
    let demand = demands[k]
    var peak = 0.0
    if demand.meteringSlots == 1 {
      for t in 0..<count where demand.applies[t] { peak = max(peak, flows[t].importKW) }
      return peak
    }
    for slots in meteringIntervals(k) where slots.contains(where: { demand.applies[$0] }) {
      var sum = 0.0
      for t in slots { sum += flows[t].importKW }
      peak = max(peak, sum / Double(slots.count))
    }
    return peak
  }

  /// Cost of a schedule in the model, without the worth of keeping energy.
  ///
  /// Peaks are charged above what is incurred, at the targets or above where the schedule goes above.
  func cost(
    of flows: [SlotFlows], endKWh: Double, slots: Int? = nil
  ) -> (total: Double, overImportKWh: Double) {
    var total = 0.0
    var over = 0.0
    for t in 0..<(slots ?? count) {
      let f = flows[t]
      total += stepHours * (buy[t] * f.importKW - sell[t] * f.exportKW + wear * f.dischargeKW)
      over += max(0, f.importKW - importLimitKW[t]) * stepHours
    }
    for (k, demand) in demands.enumerated() where demand.pricePerKW > 0 {
      total +=
        demand.held.map { heldCost(k, $0, of: flows) }
        ?? demand.pricePerKW * max(0, peakKW(k, of: flows) - max(0, demand.incurredKW))
    }
    for block in blocks where block.surchargePerKWh > 0 {
      var imported = 0.0
      for t in 0..<count where block.applies[t] { imported += stepHours * flows[t].importKW }
      total += block.surchargePerKWh * max(0, imported - block.limitKWh)
    }
    return (total + over * limitPenalty - endValue(endKWh), over)
  }

  /// Cost of import above a target that is held and above the peak so far, interval by interval.
  private func heldCost(_ k: Int, _ held: HeldPeak, of flows: [SlotFlows]) -> Double {
    let demand = demands[k]
    var money = 0.0
    for slots in meteringIntervals(k) where slots.contains(where: { demand.applies[$0] }) {
      var sum = 0.0
      for t in slots { sum += flows[t].importKW }
      let mean = sum / Double(slots.count)
      money += 2 * demand.pricePerKW * max(0, mean - max(0, demand.incurredKW))
      money += held.linePricePerKW * max(0, mean - max(0, held.meteredKW))
    }
    return money
  }

  /// Worth of the energy left at the end. [currency]
  func endValue(_ endKWh: Double) -> Double {
    TerminalValue.pieces(terminal).worth(ofKWh: endKWh)
  }

  /// Worth of keeping the energies of a schedule, beyond what they replace. [currency]
  func keepingValue(of energy: [Double]) -> Double {
    var sum = 0.0
    for stored in energy { sum += stored }
    return sum * keepingPerKWh
  }

  /// Cost that no plan can go below, from a plan that is the best with the worth of keeping energy.
  ///
  /// No plan keeps less than the lowest energies, so none gains more than the rest of the worth.
  func lowerBound(of plan: Plan) -> Double {
    plan.objective - plan.keepingValue + keepingValue(of: energyMin)
  }

  /// Builds the plan of a schedule, or of its first slots at what they cost by themselves.
  func plan(
    grid: TimeGrid, flows: [SlotFlows], energy: [Double], energyValue: [Double],
    peakTargets: [Double], solver: String, status: PlanStatus, repaired: Int,
    value: ValueFunction?, startTerminal: TerminalValue, shown: Int? = nil
  ) -> Plan {
    if let shown, shown < count {
      return firstSlots(
        shown, of: grid, flows: flows, energy: energy, energyValue: energyValue, solver: solver,
        status: status, value: value)
    }
    let end = energy.last ?? start
    let (total, over) = cost(of: flows, endKWh: end)
    var notes = slack
    if over > 1e-7 {
      notes.append(PlanSlack(rule: "import_limit", amount: over, cost: over * limitPenalty))
    }
    if case .equalToStart = startTerminal, end < start - 1e-7 {
      notes.append(
        PlanSlack(rule: "end_energy", amount: start - end, cost: (start - end) * limitPenalty))
    }
    var objective = total
    // The penalty of a missed end is counted from its target, not from an empty battery.
    if case .equalToStart = startTerminal { objective += endValue(start) }
    var overPeak = 0.0
    for demand in demands { overPeak += overPeakPrice(demand) }
    return Plan(
      grid: grid, importKW: flows.map(\.importKW), exportKW: flows.map(\.exportKW),
      chargeKW: flows.map(\.chargeKW), dischargeKW: flows.map(\.dischargeKW),
      curtailKW: flows.map(\.curtailKW), energyKWh: energy, buyPerKWh: buy, sellPerKWh: sell,
      energyValuePerKWh: energyValue, objective: objective, status: status, slack: notes,
      solver: solver, peakTargetKW: peakTargets, invertedSlots: invertedSlots,
      repairedSlots: repaired, valueFunction: value, keepingValue: keepingValue(of: energy),
      overPeakPerKWh: overPeak,
      terminal: .pieces(terminal), lowerBound: nil)
  }

  /// Builds the plan of the first slots of a schedule without demand prices.
  private func firstSlots(
    _ shown: Int, of grid: TimeGrid, flows: [SlotFlows], energy: [Double], energyValue: [Double],
    solver: String, status: PlanStatus, value: ValueFunction?
  ) -> Plan {
    let flows = Array(flows[..<shown])
    let energy = Array(energy[..<shown])
    let (total, over) = cost(of: flows, endKWh: energy[shown - 1], slots: shown)
    var notes = slack
    if over > 1e-7 {
      notes.append(PlanSlack(rule: "import_limit", amount: over, cost: over * limitPenalty))
    }
    return Plan(
      grid: grid[0..<shown], importKW: flows.map(\.importKW), exportKW: flows.map(\.exportKW),
      chargeKW: flows.map(\.chargeKW), dischargeKW: flows.map(\.dischargeKW),
      curtailKW: flows.map(\.curtailKW), energyKWh: energy, buyPerKWh: Array(buy[..<shown]),
      sellPerKWh: Array(sell[..<shown]), energyValuePerKWh: Array(energyValue[..<shown]),
      objective: total, status: status, slack: notes, solver: solver, peakTargetKW: [],
      invertedSlots: invertedSlots, repairedSlots: 0, valueFunction: value,
      keepingValue: keepingValue(of: energy), terminal: .pieces(terminal), lowerBound: nil)
  }
}

extension Plan {
  /// Returns the plan of a battery at rest, for a request that cannot be planned.
  static func idle(_ request: PlanRequest, status: PlanStatus) -> Plan {
    let n = request.grid.count
    func column(_ values: [Double]) -> [Double] {
      (0..<n).map { $0 < values.count && values[$0].isFinite ? values[$0] : 0 }
    }
    let load = column(request.loadKW)
    let pv = column(request.pvKW)
    let net = (0..<n).map { load[$0] - pv[$0] }
    let buy = column(request.prices.buyPerKWh)
    let sell = column(request.prices.sellPerKWh)
    let zero = [Double](repeating: 0, count: n)
    let energy = request.initialEnergyKWh.isFinite ? max(0, request.initialEnergyKWh) : 0
    var cost = 0.0
    for t in 0..<n {
      cost += request.grid.stepHours * (buy[t] * max(0, net[t]) - sell[t] * max(0, -net[t]))
    }
    var plan = Plan(
      grid: request.grid, importKW: net.map { max(0, $0) }, exportKW: net.map { max(0, -$0) },
      chargeKW: zero, dischargeKW: zero, curtailKW: zero,
      energyKWh: [Double](repeating: energy, count: n), buyPerKWh: buy, sellPerKWh: sell,
      energyValuePerKWh: zero, objective: cost, status: status, slack: [], solver: "none",
      peakTargetKW: request.prices.demands.map(\.incurredKW), invertedSlots: 0,
      repairedSlots: 0, valueFunction: nil, terminal: nil, lowerBound: nil)
    guard !request.others.isEmpty else { return plan }
    plan.batteries =
      [BatterySchedule(plan)]
      + request.others.map {
        BatterySchedule(
          count: n, storedKWh: $0.initialEnergyKWh.isFinite ? max(0, $0.initialEnergyKWh) : 0)
      }
    plan.sumUp()
    return plan
  }
}
