import Forecasting
import Planning
import Tariffs
import TimeSeries
import Twin

/// One plan over the whole period on the truth, in the planner's own model.
///
/// The plan knows every load, production and price and has a battery that never derates and always
/// works at its best efficiency, so no causal controller can do better in that model. The same plan
/// run in the twin tells how far the model is from the twin.
package struct ForesightBound: Sendable {
  /// Exact bill of the planned import and export. [currency]
  package let billTotal: Double
  /// Wear of the planned discharge. [currency]
  package let wearCost: Double
  /// Value of the energy that the plan leaves. [currency]
  package let endEnergyValue: Double
  /// The plan executed in the twin.
  package let executed: ReplayOutcome
  /// Cost of the plan executed in the twin less its cost in the planner's model. [currency]
  package let modelGap: Double

  /// What a better plan might still save, where the search for one ended before proving the best; it is
  /// taken off the cost. [currency]
  package let openGap: Double

  /// What the period would cost at least. [currency]
  package var cost: Double { billTotal + wearCost - endEnergyValue - openGap }

  /// Plans the whole period and executes the plan in the twin.
  ///
  /// - Parameters:
  ///   - replay: The case.
  ///   - monitor: Told about intervals done and asked whether to stop.
  /// - Throws: `InputError` when prices are missing, `CancellationError` when asked to stop.
  package init(_ replay: ReplayCase, monitor: ReplayMonitor = ReplayMonitor()) throws {
    let context = try MeteringContext(replay)
    let settings = replay.settings
    var executor = Executor(replay, context: context)
    let start = executor.twin.storedEnergyKWh
    let grid = replay.period
    // Intervals without a measurement take no part: nothing flows and nobody is billed.
    let measured = grid.indices.map {
      context.loadKW[$0].isFinite && context.pvKW[$0].isFinite
    }
    var envelope = try replay.ratedEnvelope(slots: grid.count, stepSeconds: grid.stepSeconds)
    let best = try BestEfficiency(replay, ambientC: 25)
    envelope.chargeEfficiency = max(envelope.chargeEfficiency, best.charge)
    envelope.dischargeEfficiency = max(envelope.dischargeEfficiency, best.discharge)
    var pvKW = context.pvKW
    if let direct = context.directPVKW {
      // On the DC side production reaches the battery without the inverter, above its rating too.
      let converter = replay.battery.converter
      pvKW = direct.map { $0.isFinite ? converter.acKW(dcKW: max(0, $0)) : $0 }
      let saved = envelope.chargeEfficiency / converter.directShare
      envelope.chargeEfficiency = min(1, saved)
      envelope.dischargeEfficiency = min(
        1, envelope.dischargeEfficiency * max(1, saved))
    }
    for i in grid.indices where !measured[i] {
      envelope.chargeKW[i] = 0
      envelope.dischargeKW[i] = 0
    }
    let told = grid.indices.map { i in
      measured[i]
        ? replay.plannable(loadKW: context.loadKW[i], pvKW: pvKW[i]) : (loadKW: 0, pvKW: 0)
    }
    let request = PlanRequest(
      grid: grid, loadKW: told.map(\.loadKW), pvKW: told.map(\.pvKW), prices: context.prices,
      envelope: envelope, initialEnergyKWh: start, importLimitKW: replay.importLimitKW,
      exportLimitKW: replay.plannableExportLimitKW, wearPerKWh: settings.wearPerKWh,
      terminal: .perKWh(context.endValuePerKWh))
    func planned(_ prices: PlanningPrices) -> (plan: Plan, bill: Bill, cost: Double) {
      var priced = request
      priced.prices = prices
      let plan = foresightPlan(priced)
      let bill = context.schedule.bill(
        importKW: grid.indices.map { measured[$0] ? plan.importKW[$0] : 0 },
        exportKW: grid.indices.map { measured[$0] ? plan.exportKW[$0] : 0 })
      let wear = plan.dischargeKW.reduce(0, +) * grid.stepHours * settings.wearPerKWh
      let end = ((plan.energyKWh.last ?? start) - start) * context.endValuePerKWh
      return (plan, bill, bill.total + wear - end)
    }
    var cheapest = planned(context.prices)
    if replay.tariff.demand.contains(where: { $0.capPerKWh != nil }) {
      // A month costs the less of its capped and its uncapped charge, so each is planned both ways.
      let capped = planned(replay.knownPrices(cappedMonths: Set(cheapest.bill.months.map(\.month))))
      let cheaper = zip(cheapest.bill.months, capped.bill.months).filter { $1.total < $0.total }
      let mixed = planned(replay.knownPrices(cappedMonths: Set(cheaper.map(\.1.month))))
      for other in [capped, mixed] where other.cost < cheapest.cost { cheapest = other }
    }
    let (plan, bill) = (cheapest.plan, cheapest.bill)
    if monitor.isCancelled() { throw CancellationError() }
    for i in grid.indices {
      try executor.run(slot: i, requestKW: plan.batteryKW(i), plannedCurtailKW: plan.curtailKW[i])
    }
    monitor.advanced(grid.count)
    billTotal = bill.total
    wearCost = plan.dischargeKW.reduce(0, +) * grid.stepHours * settings.wearPerKWh
    endEnergyValue = ((plan.energyKWh.last ?? start) - start) * context.endValuePerKWh
    executed = Replayer(replay).outcome(
      context, name: "foresight plan", trace: executor.meter.trace, startStoredKWh: start,
      interventions: executor.meter.interventionsKWh, ledger: executor.twin.ledger)
    openGap = plan.lowerBound.map { max(0, plan.objective - $0) } ?? 0
    modelGap = executed.cost - (bill.total + wearCost - endEnergyValue)
  }
}
