import Planning
import TimeSeries

/// The loads of a site that can wait, as they really go: who is there, what the stores hold, what is unmet.
struct LoadBank {
  private let loads: [SiteLoad]
  /// What really happens, over the period.
  private let truth: [WaitingLoad]
  private let grid: TimeGrid
  private let zone: Zone
  private let ambientC: [Double]
  private let knowsTruth: Bool
  /// Stored energy of each load now. [kWh]
  private(set) var storedKWh: [Double]
  /// What happened so far.
  private(set) var traces: [WaitingTrace]
  /// A timer's run has filled the store.
  private var isFilled: [Bool]
  /// Energy that was wanted below the lowest power of each load and is still to be drawn. [kWh]
  private var owedKWh: [Double]
  /// When the plan that it is owed to was made; plans know what the stores hold. [UTC epoch s]
  private var planStart: Int?
  /// Energy by which lowest powers changed what was wanted. [kWh]
  private(set) var steppedKWh = 0.0

  /// Longest run that a timer starts. [min]
  private static let timerMinutes = 720

  init(_ replay: ReplayCase, context: MeteringContext) {
    loads = replay.loads
    truth = context.waiting
    grid = replay.period
    zone = replay.history.zone
    ambientC = context.ambientC
    knowsTruth = replay.settings.loadsKnowTruth
    storedKWh = truth.map(\.startKWh)
    traces = loads.map { WaitingTrace($0, count: replay.period.count) }
    isFilled = loads.map { _ in false }
    owedKWh = loads.map { _ in 0 }
  }

  /// Runs all loads through an interval as they run without a plan.
  ///
  /// - Returns: Their power. [kW]
  mutating func runByRule(_ slot: Int) -> Double {
    var sum = 0.0
    for l in loads.indices { sum += run(l, slot, powerKW: ruleKW(l, slot)) }
    return sum
  }

  /// Runs all loads through an interval by a plan, as far as what really happens lets it.
  ///
  /// A load is there for another part of the interval than was told, a store is full or empty: the power
  /// follows. What a store has to give and the plan did not leave unmet is heated at once.
  ///
  /// - Parameters:
  ///   - slot: Position in the period.
  ///   - plan: The plan, of which the loads were told.
  ///   - told: The loads as the plan was told of them.
  ///   - planSlot: The plan's slot.
  /// - Returns: Their power. [kW]
  mutating func run(
    _ slot: Int, by plan: Plan, told: [WaitingLoad], planSlot: Int
  ) -> Double {
    if planStart != plan.grid.start {
      planStart = plan.grid.start
      owedKWh = loads.map { _ in 0 }
    }
    var sum = 0.0
    for l in loads.indices {
      var wanted = 0.0
      var leftUnmet = 0.0
      if l < plan.waitingKW.count, l < told.count {
        let mostKW = told[l].powerKW[planSlot]
        if mostKW > 0 {
          wanted = plan.waitingKW[l][planSlot] * truth[l].powerKW[slot] / mostKW
        }
        let draw = told[l].drawKWh[planSlot]
        if draw > 0 { leftUnmet = min(1, plan.waitingUnmetKWh[l][planSlot] / draw) }
      }
      if case .store = loads[l].work {
        wanted = max(wanted, serveKW(l, slot, share: 1 - leftUnmet))
      }
      sum += run(l, slot, powerKW: wanted)
    }
    return sum
  }

  /// Runs all loads through an interval at given powers, as far as what really happens lets them.
  ///
  /// - Returns: Their power. [kW]
  mutating func run(_ slot: Int, powersKW: [Double]) -> Double {
    var sum = 0.0
    for l in loads.indices { sum += run(l, slot, powerKW: powersKW[l]) }
    return sum
  }

  private mutating func run(_ l: Int, _ slot: Int, powerKW: Double) -> Double {
    let full = fullKW(l, slot)
    let power = runnableKW(l, slot, wantedKW: min(max(0, powerKW), full), fullKW: full)
    let step = truth[l].step(
      slot, powerKW: power, storedKWh: storedKWh[l], stepHours: grid.stepHours)
    storedKWh[l] = step.storedKWh
    traces[l].powerKW[slot] = power
    traces[l].storedKWh[slot] = step.storedKWh
    traces[l].unmetKWh[slot] = step.unmetKWh
    traces[l].optionalUnmetKWh[slot] = step.optionalUnmetKWh
    return power
  }

  /// The power at which a load runs when it is wanted at one.
  ///
  /// Below its lowest power it rests until half of what that draws in the interval is owed, or something that must be
  /// had would come too late. What fills it is drawn in a part of the interval.
  private mutating func runnableKW(
    _ l: Int, _ slot: Int, wantedKW: Double, fullKW: Double
  ) -> Double {
    guard !truth[l].leastKW.isEmpty else { return wantedKW }
    let least = min(truth[l].leastKW[slot], fullKW)
    guard wantedKW < least - Self.roundingKW else { return wantedKW }
    let hours = grid.stepHours
    owedKWh[l] += wantedKW * hours
    let mustKW = lastMomentKW(l, slot, wantedKW: wantedKW)
    let runs = 2 * owedKWh[l] >= least * hours || mustKW > 0
    let power = runs ? max(least, min(mustKW, fullKW)) : 0
    owedKWh[l] -= power * hours
    steppedKWh += abs(power - wantedKW) * hours
    return power
  }

  /// Powers closer than this are the same. [kW]
  private static let roundingKW = 1e-9

  /// Power without which what must be had and is wanted would come too late. [kW]
  private func lastMomentKW(_ l: Int, _ slot: Int, wantedKW: Double) -> Double {
    switch loads[l].work {
    case .sessions(let sessions, _): lastMomentKW(l, slot, sessions)
    case .store: min(wantedKW, serveKW(l, slot, share: 1))
    }
  }

  /// Power that fills the store. [kW]
  private func fullKW(_ l: Int, _ slot: Int) -> Double {
    truth[l].powerKW(
      slot, toReachKWh: truth[l].capacityKWh[slot], storedKWh: storedKWh[l],
      stepHours: grid.stepHours)
  }

  /// Power that gives a share of what is taken in the interval. [kW]
  private func serveKW(_ l: Int, _ slot: Int, share: Double) -> Double {
    truth[l].powerKW(
      slot, toReachKWh: -(1 - share) * truth[l].drawKWh[slot], storedKWh: storedKWh[l],
      stepHours: grid.stepHours)
  }

  // MARK: - Without a plan

  private mutating func ruleKW(_ l: Int, _ slot: Int) -> Double {
    guard case .timer(let minute) = loads[l].otherwise else { return fullKW(l, slot) }
    let local = zone.civil(at: grid.instant(slot))
    let since = (local.hour * 60 + local.minute - minute + 1440) % 1440
    let isOn = since < Self.timerMinutes
    switch loads[l].work {
    case .sessions(let sessions, _):
      return isOn ? fullKW(l, slot) : lastMomentKW(l, slot, sessions)
    case .store:
      if !isOn || since < grid.stepSeconds / 60 { isFilled[l] = false }
      let full = fullKW(l, slot)
      if isOn, !isFilled[l] {
        isFilled[l] = full < truth[l].powerKW[slot]
        return full
      }
      return serveKW(l, slot, share: 1)
    }
  }

  /// Power without which what must be had can no longer be had by the end that was told. [kW]
  private func lastMomentKW(_ l: Int, _ slot: Int, _ sessions: [LoadSession]) -> Double {
    let end = grid.instant(slot) + grid.stepSeconds
    guard let session = Self.present(sessions, from: grid.instant(slot), to: end) else { return 0 }
    let later = Double(max(0, session.toldDeparture - end)) / 3600
    let missing =
      session.mustKWh - storedKWh[l] - later * min(loads[l].powerKW, session.powerKW)
    return max(0, missing / grid.stepHours)
  }

  /// The session that is there at some time of an interval; the earlier of two.
  private static func present(_ sessions: [LoadSession], from: Int, to: Int) -> LoadSession? {
    let first = firstEnding(after: from, in: sessions)
    guard first < sessions.count, sessions[first].arrival < to else { return nil }
    return sessions[first]
  }

  /// Position of the first session that ends after an instant.
  private static func firstEnding(after instant: Int, in sessions: [LoadSession]) -> Int {
    var low = 0
    var high = sessions.count
    while low < high {
      let middle = (low + high) / 2
      if sessions[middle].departure > instant { high = middle } else { low = middle + 1 }
    }
    return low
  }

  // MARK: - What plans are told

  /// Returns the loads over the horizon of a plan, as far as they are known now.
  ///
  /// - Parameters:
  ///   - horizon: Slots of the plan; the first begins now.
  ///   - forecastC: Air temperature as it is forecast. [°C]
  ///   - buyPerKWh: Price of a kWh bought over the horizon. [currency/kWh]
  /// - Returns: The loads, in their order.
  func outlook(
    over horizon: TimeGrid, forecastC: [Double], buyPerKWh: [Double]
  ) -> [WaitingLoad] {
    guard !loads.isEmpty else { return [] }
    let air = knowsTruth ? means(ambientC, over: horizon) : forecastC
    let sorted = buyPerKWh.sorted()
    return loads.indices.map { l in
      var load = loads[l].columns(
        horizon, zone: zone, ambientC: air, sessions: known(loads[l], at: horizon))
      load.startKWh = storedKWh[l]
      load.endPerKWh =
        horizon.end == grid.end
        ? truth[l].endPerKWh
        : WaitingLoad.replacementPerKWh(
          sortedBuyPerKWh: sorted, storedPerKWh: load.storedPerKWh)
      return load
    }
  }

  /// What is known of the sessions of a load when a plan begins.
  private func known(_ load: SiteLoad, at horizon: TimeGrid) -> [LoadSession] {
    guard case .sessions(let sessions, let knownAhead) = load.work else { return [] }
    let now = horizon.start
    var found: [LoadSession] = []
    for session in sessions[Self.firstEnding(after: now, in: sessions)...] {
      guard session.arrival < horizon.end else { break }
      if knowsTruth {
        found.append(session)
        continue
      }
      guard knownAhead || session.arrival <= now else { break }
      // Who is still there after the end that was told may leave at any time.
      var told = session
      told.departure = max(session.toldDeparture, max(now, session.arrival) + horizon.stepSeconds)
      if let last = found.last, last.departure > told.arrival {
        found[found.count - 1].departure = told.arrival
      }
      found.append(told)
    }
    return found
  }

  /// Means of the period's values over the slots of a horizon.
  private func means(_ values: [Double], over horizon: TimeGrid) -> [Double] {
    let per = horizon.stepSeconds / grid.stepSeconds
    let first = (horizon.start - grid.start) / grid.stepSeconds
    return horizon.indices.map { k in
      let slots = first + k * per..<first + (k + 1) * per
      return values[slots].reduce(0, +) / Double(per)
    }
  }

  // MARK: - What it came to

  /// What the loads cost besides electricity in each interval: what is unmet, less the worth of what the stores
  /// gained. [currency]
  var slotCosts: [Double] {
    var costs: [Double] = []
    for l in loads.indices {
      if costs.isEmpty { costs = [Double](repeating: 0, count: grid.count) }
      var stored = truth[l].startKWh
      for t in grid.indices {
        costs[t] +=
          traces[l].unmetKWh[t] * truth[l].unmetPerKWh
          + traces[l].optionalUnmetKWh[t] * truth[l].optionalPerKWh
          - (traces[l].storedKWh[t] - stored) * truth[l].endPerKWh
        stored = traces[l].storedKWh[t]
      }
    }
    return costs
  }

  /// What each load came to.
  ///
  /// - Parameters:
  ///   - gridKW: Power at the meter. [kW]
  ///   - buyPerKWh: Price of a kWh bought. [currency/kWh]
  ///   - sellPerKWh: Price of a kWh sold. [currency/kWh]
  ///   - unplanned: The loads as they run without a plan.
  /// - Returns: One outcome per load.
  func outcomes(
    gridKW: [Double], buyPerKWh: [Double], sellPerKWh: [Double], unplanned: [WaitingTrace]
  ) -> [WaitingOutcome] {
    let hours = grid.stepHours
    return loads.indices.map { l in
      let trace = traces[l]
      var drawn = 0.0
      var alike = 0.0
      var cost = 0.0
      for t in grid.indices where trace.powerKW[t] > 0 {
        drawn += trace.powerKW[t] * hours
        alike += min(trace.powerKW[t], unplanned[l].powerKW[t]) * hours
        guard gridKW[t].isFinite else { continue }
        let bought = min(trace.powerKW[t], max(0, gridKW[t]))
        cost += hours * (bought * buyPerKWh[t] + (trace.powerKW[t] - bought) * sellPerKWh[t])
      }
      let unmet = trace.unmetKWh.reduce(0, +)
      let missed = trace.optionalUnmetKWh.reduce(0, +)
      let draw = truth[l].drawKWh.reduce(0, +)
      let end = trace.storedKWh.last ?? truth[l].startKWh
      return WaitingOutcome(
        name: trace.name, kind: trace.kind, drawnKWh: drawn, servedKWh: draw - unmet - missed,
        unmetKWh: unmet, optionalUnmetKWh: missed, energyCost: cost,
        unmetCost: unmet * truth[l].unmetPerKWh + missed * truth[l].optionalPerKWh,
        endValue: (end - truth[l].startKWh) * truth[l].endPerKWh,
        shiftedShare: drawn > 0 ? 1 - alike / drawn : nil)
    }
  }
}

extension ReplayCase {
  /// Returns the loads that can wait as they really are over the period.
  ///
  /// In an interval whose load or production was not measured they rest; what is taken from their stores is taken
  /// all the same.
  func trueLoads(
    ambientC: [Double], buyPerKWh: [Double], isMeasured: (Int) -> Bool
  ) -> [WaitingLoad] {
    guard !loads.isEmpty else { return [] }
    let sorted = buyPerKWh.sorted()
    return loads.map { load in
      var sessions: [LoadSession] = []
      if case .sessions(let all, _) = load.work { sessions = all }
      var truth = load.columns(
        period, zone: history.zone, ambientC: ambientC, sessions: sessions)
      if case .store(let store) = load.work {
        truth.startKWh = HeatStore.startShare * store.capacityKWh
      }
      truth.endPerKWh = WaitingLoad.replacementPerKWh(
        sortedBuyPerKWh: sorted, storedPerKWh: truth.storedPerKWh)
      for t in period.indices where !isMeasured(t) { truth.powerKW[t] = 0 }
      return truth
    }
  }
}
