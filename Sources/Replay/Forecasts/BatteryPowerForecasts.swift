import Forecasting
import Planning
import TimeSeries
import Twin

/// Which battery power the envelope of a plan is made for; it decides how warm and full the battery is
/// expected to be in each slot.
package enum BatteryPowerMethod: String, Sendable, Hashable, CaseIterable {
  /// Self-consumption under the net-load forecast.
  case rule
  /// The plan in force, and self-consumption beyond its end.
  case previousPlan = "previous_plan"
  /// The power of the newest slot, held.
  case persistence
  /// Ridge regression on what the battery did, prices, state of charge and the rule; the rule
  /// until its first fit.
  case ridge
}

/// Forecasts battery power before each plan, and judges every way of doing so by what was executed.
struct BatteryPowerForecasts {
  private let replay: ReplayCase
  private let choice: BatteryPowerMethod
  private let limits: StorageLimits
  private let slotsPerPlanningSlot: Int
  private var inForce: Plan?
  /// What every way would have said, where plans are kept and judged.
  private var log: BatteryPowerLog?
  private var ridge: (any Forecaster)?
  private var history: SiteHistory?
  private var executedKW: [Double]
  private var socFraction: [Double]
  /// Plans for which the rule stood in for another way.
  private(set) var standIns = 0

  init(_ replay: ReplayCase) throws {
    self.replay = replay
    choice = replay.settings.batteryPowerMethod
    limits = try replay.storageLimits
    slotsPerPlanningSlot = replay.settings.planningStepSeconds / replay.period.stepSeconds
    if replay.settings.keepsPlans {
      log = BatteryPowerLog(
        slotsPerPlanningSlot: slotsPerPlanningSlot,
        slotsPerDay: 86_400 / replay.settings.planningStepSeconds)
    }
    executedKW = []
    socFraction = []
    guard choice == .ridge else { return }
    var site = replay.site
    site.battery = limits
    ridge = try ForecastRecipe(.ridge).forecaster(site: site, seed: replay.settings.seed)
    let planning = replay.planningHistory
    history = planning
    let before = (replay.period.start - planning.grid.start) / planning.grid.stepSeconds
    executedKW = [Double](repeating: .nan, count: before)
    socFraction = executedKW
  }

  /// Forecasts battery power over an outlook, and notes what the other ways would have said.
  ///
  /// - Parameters:
  ///   - outlook: The forecasts, production as on the AC side.
  ///   - twin: The battery as it is now.
  ///   - trace: What happened; only intervals before the outlook are read.
  /// - Returns: Battery power, one value per slot. [kW, positive when discharging]
  /// - Throws: What the forecaster throws.
  mutating func expect(
    _ outlook: HorizonForecast, twin: DigitalTwin, trace: ReplayTrace
  ) throws -> [Double] {
    let first = (outlook.grid.start - trace.grid.start) / trace.grid.stepSeconds
    let rule = selfConsumption(
      outlook, from: 0, storedKWh: twin.storedEnergyKWh)
    if log == nil, choice == .rule { return rule }
    let previous = previousPlan(outlook)
    let newest = executed(trace, slot: first - slotsPerPlanningSlot)
    log?.enter(
      at: first, rule: rule, previousPlan: previous, persistence: newest.powerKW)
    switch choice {
    case .rule: return rule
    case .previousPlan: return standIn(previous, rule)
    case .persistence:
      let held = newest.powerKW.map { [Double](repeating: $0, count: rule.count) }
      return standIn(held, rule)
    case .ridge:
      let learned = try regression(outlook, trace: trace, until: first)
      log?.enterRidge(learned)
      return standIn(learned, rule)
    }
  }

  /// Takes over the plan that will be in force.
  mutating func adopt(_ plan: Plan) { inForce = plan }

  /// How well each way met what was executed.
  func scores(of trace: ReplayTrace) -> [BatteryPowerMethodScore] {
    log?.scores(of: trace, ratedKW: max(limits.chargeKW, limits.dischargeKW)) ?? []
  }

  private mutating func standIn(_ values: [Double]?, _ rule: [Double]) -> [Double] {
    if let values { return values }
    standIns += 1
    return rule
  }

  private func selfConsumption(
    _ outlook: HorizonForecast, from slot: Int, storedKWh: Double
  ) -> [Double] {
    selfConsumptionPower(
      loadKW: Array(outlook.loadKW[slot...]), pvKW: Array(outlook.pvKW[slot...]),
      stepHours: outlook.grid.stepHours, initialEnergyKWh: storedKWh, limits: limits)
  }

  /// The plan in force, with self-consumption beyond its end; nothing before the first plan.
  private func previousPlan(_ outlook: HorizonForecast) -> [Double]? {
    guard let inForce else { return nil }
    let elapsed = (outlook.grid.start - inForce.grid.start) / inForce.grid.stepSeconds
    let covered = min(outlook.grid.count, inForce.grid.count - elapsed)
    guard elapsed >= 0, covered > 0 else { return nil }
    let planned = (elapsed..<elapsed + covered).map { inForce.batteryKW($0) }
    let stored = inForce.energyKWh[elapsed + covered - 1]
    return planned + selfConsumption(outlook, from: covered, storedKWh: stored)
  }

  /// Mean power and last state of charge of the planning slot that begins at an interval.
  private func executed(
    _ trace: ReplayTrace, slot: Int
  ) -> (powerKW: Double?, socFraction: Double) {
    guard slot >= 0 else { return (nil, .nan) }
    let slots = slot..<slot + slotsPerPlanningSlot
    let mean = trace.batteryKW[slots].reduce(0, +) / Double(slotsPerPlanningSlot)
    return (mean.isFinite ? mean : nil, trace.socFraction[slots.upperBound - 1])
  }

  private mutating func regression(
    _ outlook: HorizonForecast, trace: ReplayTrace, until first: Int
  ) throws -> [Double]? {
    guard let history, var version = ridge else { return nil }
    let known = (outlook.grid.start - history.grid.start) / history.grid.stepSeconds
    while executedKW.count < known {
      let slot = executed(trace, slot: first - (known - executedKW.count) * slotsPerPlanningSlot)
      executedKW.append(slot.powerKW ?? .nan)
      socFraction.append(slot.socFraction)
    }
    var past = history.known(before: outlook.grid.start)
    past.add(.batteryPower, executedKW[...])
    past.add(.stateOfCharge, socFraction[...])
    let issued = try version.forecast(
      ForecastRequest(
        past: past, quantity: .batteryPower, grid: outlook.grid,
        knownFuture: outlook.spotPerKWh.isEmpty ? [:] : [.price: outlook.spotPerKWh]))
    ridge = version
    return issued.counts.filled == 0 ? issued.values : nil
  }
}
