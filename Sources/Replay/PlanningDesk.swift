import Forecasting
import Planning
import Tariffs
import TimeSeries
import Twin

/// Turns forecasts, the twin's state and the tariff into plans, one after the other.
struct PlanningDesk {
  private let replay: ReplayCase
  private let prices: PlanningTariff
  private let planningGrid: TimeGrid
  private let endValuePerKWh: Double
  private let storage: StorageLimits
  private var planner: AutomaticPlanner
  private var lastStart: Int?

  var counts: PlanCounts { planner.counts }

  /// Refuses a run in which two exact solvers did not agree.
  func checkCertificate() throws {
    if !planner.isCertified {
      throw UncertifiedPlans(largestGap: planner.counts.maxCertifiedGap)
    }
  }

  init(_ replay: ReplayCase, endValuePerKWh: Double) {
    let settings = replay.settings
    self.replay = replay
    self.endValuePerKWh = endValuePerKWh
    storage = replay.storageLimits
    planningGrid = replay.period.withStep(settings.planningStepSeconds)
    prices = PlanningTariff(replay.tariff, grid: planningGrid, zone: replay.history.zone)
    planner = settings.engine.planner(seed: settings.seed)
  }

  /// The slots that a plan made at an instant covers; plans do not look beyond the period.
  func horizon(from now: Int) -> TimeGrid {
    let first = (now - planningGrid.start) / planningGrid.stepSeconds
    let last = min(planningGrid.count, first + replay.settings.horizonSlots)
    return planningGrid[first..<last]
  }

  /// Makes a plan.
  ///
  /// - Parameters:
  ///   - outlook: The forecasts, over the plan's horizon.
  ///   - twin: The battery as it is now; it is copied and rolled ahead, not moved.
  ///   - meter: The billing month so far.
  /// - Returns: The plan with what execution needs of its request.
  mutating func plan(_ outlook: Outlook, twin: DigitalTwin, meter: BillingMeter) -> PlanInForce {
    let settings = replay.settings
    let first = (outlook.grid.start - planningGrid.start) / planningGrid.stepSeconds
    let range = first..<first + outlook.grid.count
    let reachesEnd = range.upperBound == planningGrid.count
    let envelope = PowerEnvelope(
      twin.envelope(
        along: expectedPower(outlook, twin: twin), stepSeconds: settings.planningStepSeconds,
        ambientC: outlook.ambientC))
    let request = PlanRequest(
      grid: outlook.grid, loadKW: outlook.loadKW, pvKW: outlook.pvKW,
      prices: prices.prices(
        over: range, spotPerKWh: outlook.spotPerKWh.isEmpty ? nil : outlook.spotPerKWh[...],
        meter: meter, peakPricing: settings.peakPricing),
      envelope: envelope, initialEnergyKWh: twin.storedEnergyKWh,
      importLimitKW: replay.importLimitKW, exportLimitKW: replay.exportLimitKW,
      wearPerKWh: settings.wearPerKWh,
      // At the end of the period energy is worth what the score gives for it.
      terminal: reachesEnd ? .perKWh(endValuePerKWh) : settings.terminal,
      elapsedSlots: lastStart.map { first - $0 } ?? 0)
    lastStart = first
    return PlanInForce(
      plan: planner.plan(request), demands: request.prices.demands, envelope: envelope,
      request: request)
  }

  /// Battery power that self-consumption would ask for; it sets the temperatures of the envelope.
  private func expectedPower(_ outlook: Outlook, twin: DigitalTwin) -> [Double] {
    selfConsumptionPower(
      loadKW: outlook.loadKW, pvKW: outlook.pvKW, stepHours: outlook.grid.stepHours,
      initialEnergyKWh: twin.storedEnergyKWh, limits: storage)
  }
}

/// Thrown when a plan that two exact solvers made does not cost the same in both.
public struct UncertifiedPlans: Error, Sendable, CustomStringConvertible {
  /// Largest relative difference found.
  public let largestGap: Double

  public var description: String {
    "two exact solvers disagree about a plan by \(largestGap) of its cost, more than "
      + "\(AutomaticPlanner.largestGap); the run cannot be trusted"
  }
}
