internal import Numerics
internal import TimeSeries

/// Plans against several paths instead of one forecast.
///
/// Twelve paths, simply the last twelve days laid over the horizon, take a good part of the regret of the
/// same forecast away.
public struct HedgedPlanner {
  /// How the paths are used.
  public let hedge: Hedge
  private var planner: AutomaticPlanner
  private var recursion = PathRecursion()
  private var own = PlanCounts()

  /// Prepares a planner.
  ///
  /// - Parameters:
  ///   - hedge: How the paths are used.
  ///   - choice: Which solver plans the point forecast.
  ///   - seed: Draws the plans that are certified.
  public init(_ hedge: Hedge, choice: PlannerChoice = .automatic, seed: UInt64) {
    self.hedge = hedge
    planner = AutomaticPlanner(choice, seed: seed)
  }

  /// What happened so far.
  public var counts: PlanCounts {
    var sum = planner.counts
    sum.add(own)
    return sum
  }

  /// Returns whether the certified plans agree.
  public var isCertified: Bool { planner.isCertified }

  /// Returns the best schedule for a request and the paths its horizon may take.
  ///
  /// The request's own load and photovoltaics are the point forecast; the plan's flows are for them.
  public mutating func plan(_ request: PlanRequest, paths: [ForecastPath]) -> Plan {
    if hedge == .none { return planner.plan(request) }
    let usable = paths.filter {
      $0.loadKW.count == request.grid.count && $0.pvKW.count == request.grid.count && $0.weight > 0
        && $0.weight.isFinite && $0.loadKW.allSatisfy(\.isFinite) && $0.pvKW.allSatisfy(\.isFinite)
    }
    guard !usable.isEmpty else {
      own.unhedged += 1
      return planner.plan(request)
    }
    if case .quantileMargin(let q) = hedge {
      return hedged(planner.plan(Self.margin(request, usable, q)), usable)
    }
    // Without peaks the plan of the forecast decides nothing that the paths do not.
    let shown = request.shownSlots
    if shown < request.grid.count, let model = PlanningModel(request),
      planner.passes(over: request)
    {
      let plan = hedged(decided(model, request, usable, shown: shown), usable)
      own.enter(plan)
      return plan
    }
    let point = planner.plan(request)
    guard point.status != .invalid else { return point }
    var same = request
    // What the point plan settled holds for every path: the end value and the heat it leaves.
    same.terminal = point.alone(0).terminal ?? .none
    for b in same.others.indices {
      same.others[b].terminal = point.batteries[b + 1].terminal ?? .none
    }
    var around = usable
    if !point.waitingKW.isEmpty {
      // The loads that can wait run as the forecast has them planned, whatever path comes.
      same.waitingLoads = []
      for power in point.waitingKW {
        for t in request.grid.indices {
          same.loadKW[t] += power[t]
          for k in around.indices { around[k].loadKW[t] += power[t] }
        }
      }
    }
    if let allowed = point.allowedKW {
      same.heat = nil
      for t in request.grid.indices {
        same.envelope.chargeKW[t] = min(same.envelope.chargeKW[t], allowed[t])
        same.envelope.dischargeKW[t] = min(same.envelope.dischargeKW[t], allowed[t])
      }
    }
    var plan =
      point.batteries.isEmpty ? follow(point, same, around) : followEach(point, same, around)
    plan.takeWaitingLoads(of: point)
    return hedged(plan, around)
  }

  private mutating func hedged(_ plan: Plan, _ paths: [ForecastPath]) -> Plan {
    guard plan.status != .invalid else { return plan }
    own.hedged += 1
    own.paths += paths.count
    var plan = plan
    plan.status = .hedged
    plan.lowerBound = nil
    return plan
  }

  private static func margin(
    _ request: PlanRequest, _ paths: [ForecastPath], _ q: Double
  ) -> PlanRequest {
    var moved = request
    let level = min(1, max(0, q))
    for t in request.grid.indices {
      moved.loadKW[t] = Statistics.quantile(
        sorted: paths.map { $0.loadKW[t] }.sorted(), probability: level)
      moved.pvKW[t] = Statistics.quantile(
        sorted: paths.map { $0.pvKW[t] }.sorted(), probability: 1 - level)
    }
    return moved
  }

  /// Makes a plan of the point forecast that is decided slot by slot against the mean cost to go of the
  /// paths.
  private mutating func follow(
    _ point: Plan, _ request: PlanRequest, _ paths: [ForecastPath]
  ) -> Plan {
    guard let model = PlanningModel(request) else { return point }
    let targets = point.peakTargetKW
    let decided = max(1, min(request.decidedSlots, model.count))
    let mean = recursion.costToGo(
      model, paths: paths, targets: targets, states: decided,
      reached: model.reachedKWh(slots: decided))
    var schedule = Schedule(room: model.count)
    for t in 0..<model.count {
      // From an energy that the plan of the forecast comes to as well it goes on as that plan does.
      if t >= decided, point.valueFunction != nil,
        abs(schedule.storedKWh(model) - (t > 0 ? point.energyKWh[t - 1] : model.start))
          <= Self.sameEnergyKWh
      {
        schedule.append(point, from: t)
        break
      }
      // What lies after the next plan is not decided here, so the plan of the forecast shows it.
      if t < decided {
        schedule.append(t, model, targets: targets, mean, isStepped: true)
      } else {
        schedule.append(t, model, targets: targets, point.valueFunction ?? mean)
      }
    }
    return model.plan(
      grid: request.grid, flows: schedule.flows, energy: schedule.energy,
      energyValue: schedule.worth, peakTargets: targets, solver: point.solver, status: .hedged,
      repaired: 0, value: mean, startTerminal: request.terminal)
  }

  /// Makes a plan of the slots that are decided, against the mean cost to go of the paths.
  private mutating func decided(
    _ model: PlanningModel, _ request: PlanRequest, _ paths: [ForecastPath], shown: Int
  ) -> Plan {
    let mean = recursion.costToGo(
      model, paths: paths, targets: [], states: shown, reached: model.reachedKWh(slots: shown))
    var schedule = Schedule(room: shown)
    for t in 0..<shown { schedule.append(t, model, targets: [], mean) }
    return model.plan(
      grid: request.grid, flows: schedule.flows, energy: schedule.energy,
      energyValue: schedule.worth, peakTargets: [], solver: "value-function", status: .hedged,
      repaired: 0, value: mean, startTerminal: request.terminal, shown: shown)
  }

  /// The same with several batteries, one after the other.
  ///
  /// While one is decided the others follow the plan of the forecast, and each answers for its share, by power, of
  /// what a path brings more or less than the forecast: all of it would be met as many times as there are
  /// batteries.
  private mutating func followEach(
    _ point: Plan, _ request: PlanRequest, _ paths: [ForecastPath]
  ) -> Plan {
    guard var model = PlanningModel(request) else { return point }
    let powers = (0..<request.batteryCount).map { b in
      let envelope = request.alone(b).envelope
      return envelope.chargeKW.reduce(0, +) + envelope.dischargeKW.reduce(0, +)
    }
    let sum = powers.reduce(0, +)
    var schedules: [BatterySchedule] = []
    for b in point.batteries.indices {
      var rest = point.batteries
      rest.remove(at: b)
      var alone = request.alone(b, amid: rest)
      alone.terminal = point.batteries[b].terminal ?? .none
      let share = sum > 0 ? powers[b] / sum : 0
      let around = paths.map { path in
        var own = path
        for t in request.grid.indices {
          own.loadKW[t] = alone.loadKW[t] + share * (path.loadKW[t] - request.loadKW[t])
          own.pvKW[t] = max(0, request.pvKW[t] + share * (path.pvKW[t] - request.pvKW[t]))
        }
        return own
      }
      schedules.append(BatterySchedule(follow(point.alone(b), alone, around)))
    }
    for schedule in schedules.dropFirst() { model.place(schedule) }
    let own = schedules[0]
    var before = model.start
    let flows = (0..<model.count).map { t in
      let flow = model.flows(
        t, change: own.energyKWh[t] - before * model.retention, targets: point.peakTargetKW)
      before = own.energyKWh[t]
      return flow
    }
    var plan = model.plan(
      grid: request.grid, flows: flows, energy: own.energyKWh,
      energyValue: own.energyValuePerKWh, peakTargets: point.peakTargetKW, solver: point.solver,
      status: .hedged, repaired: 0, value: own.valueFunction, startTerminal: request.terminal)
    plan.enter(Array(schedules.dropFirst()), of: model, request)
    return plan
  }

  /// Energies that differ by less are one and the same. [kWh]
  private static let sameEnergyKWh = 1e-9
}

/// A schedule that is decided slot by slot.
private struct Schedule {
  var flows: [SlotFlows] = []
  /// Stored energy at the end of each slot. [kWh]
  var energy: [Double] = []
  /// Worth of a stored kWh at the end of each slot. [currency/kWh]
  var worth: [Double] = []

  init(room: Int) {
    flows.reserveCapacity(room)
    energy.reserveCapacity(room)
    worth.reserveCapacity(room)
  }

  /// Stored energy at the end of the slots so far. [kWh]
  func storedKWh(_ model: PlanningModel) -> Double { energy.last ?? model.start }

  /// Appends a slot by its cost and the cost to go; `isStepped` at a power at which the inverter can run.
  mutating func append(
    _ t: Int, _ model: PlanningModel, targets: [Double], _ value: ValueFunction,
    isStepped: Bool = false
  ) {
    let rested = storedKWh(model) * model.retention
    let best = Self.steppedChange(t, model, targets: targets, value, energyKWh: rested)
    let change =
      isStepped
      ? model.steppedChange(t, best.change, value: value, energyKWh: rested, targets: targets)
      : best.change
    let end = min(
      max(rested + min(max(change, best.lowest), best.highest), model.energyMin[t]),
      model.energyMax[t])
    flows.append(model.flows(t, change: end - rested, targets: targets))
    energy.append(end)
    worth.append(value.energyValuePerKWh(after: t, energyKWh: end))
  }

  /// Appends the slots of a plan from one on.
  mutating func append(_ plan: Plan, from first: Int) {
    for later in first..<plan.grid.count { flows.append(plan.flows(later)) }
    energy += plan.energyKWh[first...]
    worth += plan.energyValuePerKWh[first...]
  }

  /// The same where production may be thrown away by steps: the best of what is best with each of them. [kWh]
  private static func steppedChange(
    _ t: Int, _ model: PlanningModel, targets: [Double], _ value: ValueFunction, energyKWh: Double
  ) -> (change: Double, lowest: Double, highest: Double) {
    guard !model.curtailmentKW(at: t).isEmpty else {
      return bestChange(t, model, targets: targets, value, energyKWh: energyKWh)
    }
    var best: (change: Double, lowest: Double, highest: Double, cost: Double)?
    for fixed in model.fixingCurtailment(t, energyKWh: energyKWh) {
      var found = bestChange(t, fixed, targets: targets, value, energyKWh: energyKWh)
      let least = fixed.leastChange(t)
      if least > 0 { found.change = max(found.change, min(found.highest, least)) }
      let cost = fixed.cost(
        t, powerKW: fixed.powerKW(change: found.change), endKWh: energyKWh + found.change,
        value: value, targets: targets)
      if best.map({ cost < $0.cost }) ?? true {
        best = (found.change, found.lowest, found.highest, cost)
      }
    }
    return best.map { ($0.change, $0.lowest, $0.highest) } ?? (0, 0, 0)
  }

  /// The cheapest change of the stored energy in a slot, with the least and the most there is. [kWh]
  private static func bestChange(
    _ t: Int, _ model: PlanningModel, targets: [Double], _ value: ValueFunction, energyKWh: Double
  ) -> (change: Double, lowest: Double, highest: Double) {
    if model.invertedSlots > 0 || !value.isConvex {
      var cost = ShapedSlotCost()
      cost.build(model.batterySlot(t), price: model.meterPrice(t, targets: targets))
      let best = value.cheapestChange(slot: t, cost: cost, energyKWh: energyKWh)
      return (best.change, cost.lowest, cost.highest)
    }
    var cost = SlotCost(model.batterySlot(t), price: model.gridPrice(t, targets: targets))
    if cost.isSimultaneous {
      cost = SlotCost(
        model.batterySlot(t, ban: .discharging), price: model.gridPrice(t, targets: targets))
    }
    let best = value.bestChange(slot: t, cost: cost, energyKWh: energyKWh)
    return (best.change, cost.lowest, cost.highest)
  }
}

extension PlanningModel {
  /// How far the battery can be taken beyond what the model has it, as a share: efficiencies of a slot differ
  /// from their mean.
  private static let reachShare = 1.25

  /// Energies that the battery can have after each of the first slots, and some room. [kWh]
  func reachedKWh(slots: Int) -> [ClosedRange<Double>] {
    var low = start
    var high = start
    return (0..<slots).map { t in
      low =
        min(low, low * retention)
        - Self.reachShare * mostDischargeKW[t] * stepHours / dischargeEfficiency
      high += Self.reachShare * chargeKW[t] * stepHours
      return low...high
    }
  }
}

extension Plan {
  /// Flows of a slot.
  fileprivate func flows(_ t: Int) -> SlotFlows {
    SlotFlows(
      chargeKW: chargeKW[t], dischargeKW: dischargeKW[t], importKW: importKW[t],
      exportKW: exportKW[t], curtailKW: curtailKW[t])
  }
}
