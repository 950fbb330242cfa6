import Forecasting
import Planning
import Tariffs
import TimeSeries
import Twin

/// Replays a case under a controller: forecast, envelope, plan, execution, meter, bill.
///
/// Everything a plan is made from was known at its issue time: history cut there, prices as
/// published, the twin's state and the peaks already metered. What happens is only seen by the
/// executor.
package struct Replayer: Sendable {
  let replay: ReplayCase

  /// Prepares to replay a case.
  package init(_ replay: ReplayCase) { self.replay = replay }

  /// Replays the period from its first to its last interval.
  ///
  /// - Parameters:
  ///   - controller: Who decides.
  ///   - monitor: Told about intervals done and asked whether to stop.
  /// - Returns: What happened and what it cost.
  /// - Throws: `InputError` when a forecaster refuses, `UncertifiedPlans` when the solvers disagree,
  ///   `ImpossibleState` when the battery came into a state that none can be in, `CancellationError` when
  ///   asked to stop.
  package func run(
    _ controller: Controller, monitor: ReplayMonitor = ReplayMonitor()
  ) throws -> ReplayOutcome {
    let outcome = try outcome(of: controller, monitor: monitor)
    monitor.finished(outcome)
    return outcome
  }

  private func outcome(
    of controller: Controller, monitor: ReplayMonitor
  ) throws -> ReplayOutcome {
    let context = try MeteringContext(replay)
    switch controller {
    case .noBattery:
      let outcome = withoutBattery(context)
      monitor.advanced(replay.period.count)
      return outcome
    case .asMeasured: return asMeasured(context)
    case .selfConsumption:
      return try byRule(context, name: controller.name, monitor: monitor)
    case .planned(let version): return try planned(context, version, monitor: monitor)
    case .informed(let version, let truths, let leads):
      var result = try planned(
        context, version, knowing: truths, leads: leads, monitor: monitor)
      result.name = controller.name
      return result
    case .oracle:
      let trusting = replay.trusting
      let forecasts = try ForecastIssuer(trusting, oracle: replay.planningHistory)
      return try Replayer(trusting).planned(
        context, forecasts: forecasts, name: controller.name, isOracle: true, monitor: monitor)
    }
  }

  private func withoutBattery(_ context: MeteringContext) -> ReplayOutcome {
    var meter = SiteMeter(replay, context: context)
    var loads = LoadBank(replay, context: context)
    for i in context.grid.indices {
      let waiting = loads.runByRule(i)
      guard context.loadKW[i].isFinite && context.pvKW[i].isFinite else { continue }
      meter.settle(slot: i, waitingKW: waiting)
    }
    let trace = meter.trace
    var result = outcome(
      context, name: Controller.noBattery.name, trace: trace, startStoredKWh: 0,
      interventions: meter.interventionsKWh, loads: loads)
    let fedIn = zip(trace.gridKW, trace.curtailedKW).map { $0 - $1 }
    let uncurtailed = context.schedule.bill(
      importKW: fedIn.map { $0 > 0 ? $0 : 0 }, exportKW: fedIn.map { $0 < 0 ? -$0 : 0 })
    result.curtailmentValue = uncurtailed.total - result.bill.total
    return result
  }

  private func byRule(
    _ context: MeteringContext, name: String, monitor: ReplayMonitor
  ) throws -> ReplayOutcome {
    var executor = Executor(replay, context: context, holdsAhead: true)
    let start = executor.twin.storedEnergyKWh
    for i in context.grid.indices {
      // The rule keeps the meter at zero, so it serves the battery system's own draw as well.
      let waiting = executor.loads.runByRule(i)
      if (i + 1) % Self.slotsPerReport == 0 { try report(Self.slotsPerReport, to: monitor) }
      if replay.hasSeveralBatteries {
        try executor.runByRule(slot: i, waitingKW: waiting)
        continue
      }
      let net = context.loadKW[i] + waiting + executor.lastAuxiliaryKW - context.pvKW[i]
      try executor.run(slot: i, requestKW: net, waitingKW: waiting)
    }
    monitor.advanced(context.grid.count % Self.slotsPerReport)
    return outcome(
      context, name: name, trace: executor.meter.trace, startStoredKWh: start,
      interventions: executor.meter.interventionsKWh, loads: executor.loads, twin: executor.twin,
      units: executor.units)
  }

  private func planned(
    _ context: MeteringContext, _ version: ForecastVersion, knowing truths: Set<Quantity> = [],
    leads: Range<Int>? = nil, monitor: ReplayMonitor
  ) throws -> ReplayOutcome {
    let version = try version.knowingCosts(of: replay, monitor: monitor)
    let replay = replay.planned(by: version, knowing: leads == nil ? truths : [])
    let history = replay.planningHistory
    let forecasts = try ForecastIssuer(
      replay, planningHistory: history, version: version, knowing: truths, leads: leads)
    var result = try Replayer(replay).planned(
      context, forecasts: forecasts, name: version.name,
      isOracle: version.isOracle || !truths.isEmpty, monitor: monitor)
    result.hasOracleWeather = version.hasOracleWeather
    result.followed = FollowedMoney(version)
    return result
  }

  private func planned(
    _ context: MeteringContext, forecasts: ForecastIssuer, name: String, isOracle: Bool,
    monitor: ReplayMonitor
  ) throws -> ReplayOutcome {
    var forecasts = forecasts
    var run = try PlannedRun(replay, context: context)
    var first = 0
    while first < context.grid.count {
      let count = try run.plan(forecasts.issue(horizon: replay.planHorizon(at: first)), at: first)
      try report(count, to: monitor)
      first += count
    }
    return try run.outcome(name: name, isOracle: isOracle, forecasts: forecasts)
  }

  private func traces(of units: [BatteryUnit], _ context: MeteringContext) -> [BatteryTrace] {
    units.enumerated().map { b, unit in
      BatteryTrace(
        name: unit.battery.name, key: unit.battery.key,
        wearPerKWh: unit.battery.wearPerKWh ?? replay.settings.wearPerKWh,
        endValuePerKWh: context.endValuesPerKWh[b], startStoredKWh: unit.startStoredKWh,
        firstSlot: unit.firstSlot, columns: unit.trace)
    }
  }

  private static let slotsPerReport = 256

  func report(_ slots: Int, to monitor: ReplayMonitor) throws {
    monitor.advanced(slots)
    if monitor.isCancelled() { throw CancellationError() }
  }

  func outcome(
    _ context: MeteringContext, name: String, trace: ReplayTrace, startStoredKWh: Double,
    interventions: [String: Double], loads: LoadBank, twin: DigitalTwin? = nil,
    units: [BatteryUnit] = []
  ) -> ReplayOutcome {
    var trace = trace
    trace.batteries = traces(of: units, context)
    let batteries = zip(units, trace.batteries).map { BatteryOutcome($0, $1) }
    let ledger =
      units.isEmpty
      ? twin?.ledger
      : TwinLedger.joined(batteries.map { (ledger: $0.ledger, nominalKWh: $0.nominalKWh) })
    trace.waiting = loads.traces
    let bill = context.schedule.bill(importKW: trace.importKW, exportKW: trace.exportKW)
    let discharged =
      trace.batteryKW.reduce(0) { $0 + ($1 > 0 ? $1 : 0) } * trace.grid.stepHours
    let stored = trace.storedKWh.last { $0.isFinite } ?? startStoredKWh
    var interventions = interventions
    if loads.steppedKWh > 0 { interventions["load_min_power"] = loads.steppedKWh }
    for (cause, energy) in ledger?.clippedKWh ?? [:] where energy > 0 {
      interventions[cause.rawValue, default: 0] += energy
    }
    for (cause, energy) in ledger?.pvUnusedKWh ?? [:] where energy > 0 {
      interventions["pv_unused_\(cause.rawValue)", default: 0] += energy
    }
    let days = DailyCosts(
      trace: trace, schedule: context.schedule, bill: bill, zone: replay.history.zone,
      wearPerKWh: replay.settings.wearPerKWh, endValuePerKWh: context.endValuePerKWh,
      startStoredKWh: startStoredKWh, waitingCosts: loads.slotCosts)
    var result = ReplayOutcome(
      name: name, isOracle: false, trace: trace, bill: bill,
      wearCost: units.isEmpty
        ? discharged * replay.settings.wearPerKWh : batteries.reduce(0) { $0 + $1.wearCost },
      endEnergyValue: units.isEmpty
        ? (stored - startStoredKWh) * context.endValuePerKWh
        : batteries.reduce(0) { $0 + $1.endEnergyValue },
      ledger: ledger, ageing: units.isEmpty ? twin?.ageingSummary : nil,
      planning: PlanCounts(), accuracy: [:],
      heldAmbientSlots: context.heldAmbientSlots,
      interventionsKWh: interventions,
      dailyCosts: days.costs, monthCosts: days.months, slotCosts: days.slotCosts,
      buyPerKWh: context.schedule.buyPerKWh, sellPerKWh: context.schedule.sellPerKWh,
      fidelity: PlanFidelity())
    result.batteries = batteries
    result.outages = OutageReadiness(
      trace, startStoredKWh: twin == nil ? .nan : startStoredKWh, reserve: context.reserve,
      outages: replay.settings.reserve.outages)
    if !replay.loads.isEmpty {
      var unplanned = LoadBank(replay, context: context)
      for i in context.grid.indices { _ = unplanned.runByRule(i) }
      result.waiting = loads.outcomes(
        gridKW: trace.gridKW, buyPerKWh: result.buyPerKWh, sellPerKWh: result.sellPerKWh,
        unplanned: unplanned.traces)
    }
    return result
  }
}
