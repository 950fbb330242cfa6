import Forecasting
import Planning
import Tariffs
import TimeSeries
import Twin

/// Turns forecasts, the twin's state and the tariff into plans, one after the other.
struct RollingPlanner {
  private let replay: ReplayCase
  private var prices: PlanningTariff
  private let planningGrid: TimeGrid
  private let endValuePerKWh: Double
  private let blind: PowerEnvelope
  private let heat: BatteryHeat?
  private var planner: RightsPlanner
  /// What battery power was expected so far.
  private(set) var battery: BatteryPowerForecasts
  private var iteration = PlanCounts()
  private var lastStart: Int?
  private var caps: CapForesight
  private var targets: TrailingTargets?
  private let limits: PlannedLimits
  /// Several batteries; empty for one.
  private var fleet: [BatteryOutlook] = []
  private let reserve: ReserveProfile?
  /// The budget of energy let out; nothing without one.
  private(set) var budget: CycleBudget?

  /// What happened so far; rounds that only sought an envelope are no plans of their own.
  var counts: PlanCounts {
    var counts = planner.counts
    counts.add(iteration)
    counts.plans -= iteration.envelopeRounds
    return counts
  }

  /// Refuses a run in which two exact solvers did not agree.
  func checkCertificate() throws {
    if !planner.isCertified {
      throw UncertifiedPlans(largestGap: planner.counts.maxCertifiedGap)
    }
  }

  init(_ replay: ReplayCase, context: MeteringContext) throws {
    let settings = replay.settings
    self.replay = replay
    endValuePerKWh = context.endValuePerKWh
    battery = try BatteryPowerForecasts(replay)
    planningGrid = replay.period.withStep(settings.planningStepSeconds)
    prices = PlanningTariff(replay.tariff, grid: planningGrid, zone: replay.history.zone)
    prices.shownKW = replay.shownKW
    caps = CapForesight(
      hasMinimum: prices.plannableMinimums.contains { $0 > 0 })
    planner = RightsPlanner(settings)
    blind = try replay.ratedEnvelope(slots: 1, stepSeconds: settings.planningStepSeconds)
    limits = PlannedLimits(replay)
    reserve = context.reserve
    heat = settings.heat == .inPlan ? try BatteryHeat(replay) : nil
    targets = settings.peakPricing == .trailingTarget ? TrailingTargets(replay) : nil
    budget = settings.cyclesPerYear.map {
      CycleBudget(
        kWhPerYear: $0 * replay.nominalEnergyKWh, period: replay.period,
        zone: replay.history.zone)
    }
    fleet = try replay.fleet.indices.map {
      try BatteryOutlook(replay, $0, endValuePerKWh: context.endValuesPerKWh[$0])
    }
  }

  /// Plans for which the rule stood in for another way to expect battery power.
  var batteryPowerStandIns: Int {
    fleet.isEmpty ? battery.standIns : fleet.reduce(0) { $0 + $1.power.standIns }
  }

  /// Makes a plan.
  ///
  /// - Parameters:
  ///   - outlook: The forecasts, over the plan's horizon.
  ///   - twin: The battery as it is now; it is copied and rolled ahead, not moved.
  ///   - meter: The billing month so far.
  ///   - trace: What happened before the outlook.
  ///   - loads: The loads that can wait, as they are now.
  ///   - units: Several batteries as they are now; empty for one.
  /// - Returns: The plan with what execution needs of its request.
  /// - Throws: What the forecaster of battery power throws, and `ImpossibleState` as the twin does.
  mutating func plan(
    _ outlook: HorizonForecast, twin: DigitalTwin, meter: BillingMeter, trace: ReplayTrace,
    loads: LoadBank, units: [BatteryUnit] = []
  ) throws -> PlanInForce {
    let settings = replay.settings
    let outlook = onACSide(outlook)
    let first = (outlook.grid.start - planningGrid.start) / planningGrid.stepSeconds
    let range = first..<first + outlook.grid.count
    let reachesEnd = range.upperBound == planningGrid.count
    let kept = reserve?.plannedShares(range, of: replay) ?? []
    var batteries: [PlannedBattery] = []
    for b in fleet.indices {
      batteries.append(
        try fleet[b].planned(
          outlook, first: first, unit: units[b], reachesEnd: reachesEnd,
          keptShares: kept, budgetPerKWh: budget?.pricePerKWh ?? 0))
    }
    var envelope: PowerEnvelope
    if let first = batteries.first {
      envelope = first.envelope
    } else {
      let expected = try battery.expect(outlook, twin: twin, trace: trace)
      envelope = try replay.plannedEnvelope(
        outlook, expectedKW: expected, twin: twin, blind: blind)
    }
    let limits = limits.over(range)
    for t in outlook.grid.indices where batteries.isEmpty {
      envelope.dischargeKW[t] = replay.dischargeKW(
        envelope.dischargeKW[t], netKW: outlook.loadKW[t] - outlook.pvKW[t],
        exportLimitKW: limits.exportKW[t])
    }
    let told = plannable(outlook, exportLimitKW: limits.exportKW)
    let month =
      prices.isTiered || prices.hasCaps || caps.hasMinimum
      ? MonthOutlook(replay, outlook: outlook, meter: meter, trace: trace) : nil
    let laterImportKWh = month?.laterImportKWh ?? 0
    let targetsKW = chosenTargetsKW(
      first: first, at: outlook.grid.start,
      battery: battery(of: twin, batteries, keptShare: kept.first ?? 0), meter: meter)
    func priced(_ ending: CapForesight.Ending) -> PlanningPrices {
      let capped = ending == .capped ? month.map { [meter.monthLabel, $0.nextLabel] } ?? [] : []
      let prices = prices.prices(
        over: range, spotPerKWh: outlook.spotPerKWh.isEmpty ? nil : outlook.spotPerKWh[...],
        meter: meter, peakPricing: settings.peakPricing, targetsKW: targetsKW,
        cappedMonths: Set(capped), laterImportKWh: laterImportKWh)
      guard ending == .minimum, let month else { return prices }
      return month.withoutPrices(prices)
    }
    let asPriced = priced(caps.ending)
    budget?.adapt(at: outlook.grid.start, buyPerKWh: asPriced.buyPerKWh)
    if let budget, budget.isUsedUp {
      envelope.dischargeKW = [Double](repeating: 0, count: outlook.grid.count)
      for b in batteries.indices { batteries[b].envelope.dischargeKW = envelope.dischargeKW }
    }
    var request = PlanRequest(
      grid: outlook.grid, loadKW: told.loadKW, pvKW: told.pvKW,
      prices: asPriced,
      envelope: envelope,
      initialEnergyKWh: batteries.first?.initialEnergyKWh ?? twin.storedEnergyKWh,
      importLimitKW: limits.importKW,
      exportLimitKW: replay.plannable(exportLimitKW: limits.exportKW),
      wearPerKWh: batteries.first?.wearPerKWh
        ?? settings.wearPerKWh + (budget?.pricePerKWh ?? 0),
      // At the end of the period energy is worth what the score gives for it.
      terminal: batteries.first?.terminal
        ?? (reachesEnd ? .perKWh(endValuePerKWh) : settings.terminal),
      elapsedSlots: lastStart.map { first - $0 } ?? 0)
    request.reservesKWh =
      batteries.first?.reservesKWh ?? kept.map { $0 > 0 ? twin.reserveKWh(fraction: $0) : 0 }
    request.powerSteps = batteries.first?.powerSteps ?? replay.powerSteps
    request.curtailmentKW = curtailmentKW(outlook, told, request)
    request.decidedSlots = settings.replanSeconds / settings.planningStepSeconds
    request.mayEndDecided =
      !settings.keepsPlans && settings.heat != .iterated
      && settings.batteryPowerMethod != .previousPlan
    request.others = Array(batteries.dropFirst())
    if !batteries.isEmpty {
      // Batteries may have what one in their place might.
      request.jointPower = replay.jointPower(outlook, request, exportLimitKW: limits.exportKW)
    }
    lastStart = first
    request.waitingLoads = loads.outlook(
      over: outlook.grid, forecastC: outlook.surroundings.ambientC,
      buyPerKWh: request.prices.buyPerKWh)
    if prices.hasCaps || caps.hasMinimum, let month, caps.isDue(month) {
      let endings: [CapForesight.Ending] =
        [.priced] + (prices.hasCaps ? [.capped] : []) + (caps.hasMinimum ? [.minimum] : [])
      caps.decide(month, request, among: endings.map { ($0, priced($0)) })
      request.prices = priced(caps.ending)
    }
    request.heat = heat?.model(outlook.surroundings, startC: twin.hottestCellC)
    let result =
      settings.heat == .iterated
      ? try iterated(request, told, twin: twin)
      : PlanInForce(
        plan: planner.plan(request, paths: told.paths),
        demands: request.prices.demands,
        envelope: request.envelope, request: request,
        limitsAreForeseen: settings.heat == .envelope && budget?.isUsedUp != true)
    for b in fleet.indices { fleet[b].adopt(result.plan.alone(b)) }
    if fleet.isEmpty { battery.adopt(result.plan) }
    return result
  }

  /// Returns the targets of the day by charge, where the month aims at any. [kW]
  private mutating func chosenTargetsKW(
    first: Int, at now: Int, battery: TrailingTarget.Battery, meter: BillingMeter
  ) -> [String: Double] {
    guard var chosen = targets else { return [:] }
    // Taken out, so that what it asks for does not lie beside what it changes.
    targets = nil
    chosen.choose(
      at: now,
      peaks: {
        prices.monthlyPeaks(
          from: first, meter: meter,
          cappedMonths: caps.ending == .capped ? [meter.monthLabel] : [])
      },
      battery: battery)
    targets = chosen
    return chosen.targetsKW
  }

  /// The battery that the targets of a month are chosen for; of several all as one.
  private func battery(
    of twin: DigitalTwin, _ batteries: [PlannedBattery], keptShare share: Double
  ) -> TrailingTarget.Battery {
    guard batteries.isEmpty else { return .joining(batteries) }
    let bounds = twin.energyBounds()
    return TrailingTarget.Battery(
      chargeKW: blind.chargeKW[0], dischargeKW: blind.dischargeKW[0],
      capacityKWh: max(0, bounds.maximumKWh - twin.reserveKWh(fraction: share)),
      chargeEfficiency: blind.chargeEfficiency, dischargeEfficiency: blind.dischargeEfficiency,
      wearPerKWh: replay.settings.wearPerKWh + (budget?.pricePerKWh ?? 0))
  }

  /// Books what an interval let out.
  mutating func book(dischargedKWh: Double) { budget?.record(dischargedKWh: dischargedKWh) }

  /// Plans until plan and battery agree about the power that heat leaves.
  private mutating func iterated(
    _ request: PlanRequest, _ outlook: HorizonForecast, twin: DigitalTwin
  ) throws -> PlanInForce {
    var planner = planner
    let result = try iterateEnvelope(
      request, plan: { planner.plan($0, paths: outlook.paths) },
      execute: { try twin.execute($0, of: request, weather: outlook.surroundings) })
    self.planner = planner
    iteration.envelopeRounds += result.rounds - 1
    iteration.settledEnvelopes += result.converged ? 1 : 0
    var settled = request
    settled.envelope = result.envelope
    return PlanInForce(
      plan: result.plan, demands: request.prices.demands, envelope: result.envelope,
      request: settled)
  }

  /// The forecasts with production that may not be thrown away as a load below zero.
  private func plannable(
    _ outlook: HorizonForecast, exportLimitKW: PowerLimit
  ) -> HorizonForecast {
    guard replay.settings.curtailment != .free || !replay.settings.curtailmentSteps.isFree else {
      return outlook
    }
    var told = outlook
    for t in outlook.grid.indices {
      (told.loadKW[t], told.pvKW[t]) = replay.plannable(
        loadKW: outlook.loadKW[t], pvKW: outlook.pvKW[t], exportLimitKW: exportLimitKW[t])
      for k in told.paths.indices {
        (told.paths[k].loadKW[t], told.paths[k].pvKW[t]) = replay.plannable(
          loadKW: outlook.paths[k].loadKW[t], pvKW: outlook.paths[k].pvKW[t],
          exportLimitKW: exportLimitKW[t])
      }
    }
    return told
  }

  /// What steps throw away of the production in each slot; empty where production is throttled freely. [kW]
  private func curtailmentKW(
    _ outlook: HorizonForecast, _ told: HorizonForecast, _ request: PlanRequest
  ) -> [[Double]] {
    guard !replay.settings.curtailmentSteps.isFree else { return [] }
    return outlook.grid.indices.map { t in
      replay.curtailmentKW(
        loadKW: outlook.loadKW[t], pvKW: outlook.pvKW[t], plannablePVKW: told.pvKW[t],
        exportLimitKW: request.exportLimitKW[t],
        lowestPrice: min(request.prices.buyPerKWh[t], request.prices.sellPerKWh[t]))
    }
  }

  /// The forecasts with production as it is on the AC side, which is all that a plan knows of it.
  private func onACSide(_ outlook: HorizonForecast) -> HorizonForecast {
    guard replay.battery.converter.pvCoupling == .dc else { return outlook }
    var converted = outlook
    converted.pvKW = replay.acProduction(outlook.pvKW)
    for k in converted.paths.indices {
      converted.paths[k].pvKW = replay.acProduction(converted.paths[k].pvKW)
    }
    return converted
  }
}

extension ReplayCase {
  /// Highest net load before the period; nothing where none is known. [kW]
  var shownKW: Double? {
    let known = history.known(before: period.start)
    guard let load = known[.load] else { return nil }
    let pv = known[.pv]
    var highest: Double?
    for t in load.indices {
      let net = load[t] - (pv.map { $0[t] } ?? 0)
      if net.isFinite { highest = max(highest ?? net, net) }
    }
    return highest
  }

  /// The limits that a plan begins with.
  ///
  /// - Parameters:
  ///   - outlook: The forecasts, production as on the AC side.
  ///   - expectedKW: Battery power that is expected, one per slot. [kW]
  ///   - twin: The battery as it is now.
  ///   - blind: What it can do at a comfortable temperature.
  /// - Returns: The limits over the outlook.
  /// - Throws: `ImpossibleState` as the twin does.
  func plannedEnvelope(
    _ outlook: HorizonForecast, expectedKW: [Double], twin: DigitalTwin, blind: PowerEnvelope
  ) throws -> PowerEnvelope {
    switch settings.heat {
    case .envelope, .iterated:
      return try PowerEnvelope(
        twin.envelope(
          along: expectedKW, stepSeconds: settings.planningStepSeconds,
          ambientC: outlook.surroundings.ambientC,
          irradianceWPerM2: outlook.surroundings.irradianceWM2,
          // What the next plan decides anew needs no look at every slot.
          nearSeconds: min(DigitalTwin.nearSeconds, max(3600, settings.replanSeconds)))
      ).shared(by: battery.converter, with: outlook, expectedKW: expectedKW)
    case .blind, .inPlan:
      let bounds = twin.energyBounds()
      return .constant(
        count: outlook.grid.count, chargeKW: blind.chargeKW[0], dischargeKW: blind.dischargeKW[0],
        energyMinKWh: bounds.minimumKWh, energyMaxKWh: bounds.maximumKWh,
        chargeEfficiency: blind.chargeEfficiency, dischargeEfficiency: blind.dischargeEfficiency,
        retentionPerStep: blind.retentionPerStep
      ).shared(
        by: battery.converter, with: outlook, expectedKW: expectedKW)
    }
  }
}

/// Thrown when a plan that two exact solvers made does not cost the same in both.
package struct UncertifiedPlans: Error, Sendable, CustomStringConvertible {
  /// Largest relative difference found.
  package let largestGap: Double

  package var description: String {
    "two exact solvers disagree about a plan by \(largestGap) of its cost, more than "
      + "\(AutomaticPlanner.largestGap); the run cannot be trusted"
  }
}
