import Forecasting
import Planning
import TimeSeries
import Twin

/// One battery's way through a period by plans, from forecasts that somebody else issues.
struct PlannedRun {
  private let replay: ReplayCase
  private let context: MeteringContext
  private var rolling: RollingReplay
  private var fidelity: FidelityLog?
  private var expected: ExpectedTrace?
  private var dayAhead: DayAheadRecorder?
  private let startStoredKWh: Double

  init(_ replay: ReplayCase, context: MeteringContext) throws {
    self.replay = replay
    self.context = context
    rolling = try RollingReplay(replay, context: context)
    fidelity = replay.settings.keepsPlans ? FidelityLog(replay) : nil
    expected = replay.settings.keepsPlans ? ExpectedTrace(replay) : nil
    dayAhead = replay.settings.keepsDayAhead ? DayAheadRecorder(replay) : nil
    startStoredKWh = rolling.executor.twin.storedEnergyKWh
  }

  /// Plans at an interval and follows the plan until the next one is due.
  ///
  /// - Returns: Number of intervals that passed.
  mutating func plan(_ outlook: HorizonForecast, at first: Int) throws -> Int {
    let plan = try rolling.makePlan(outlook)
    fidelity?.enter(plan.plan, at: first)
    if let told = rolling.outlook { dayAhead?.enter(told) }
    let slots = rolling.slots(from: first)
    if var kept = expected.take() {
      kept.enter(plan, rolling.outlook, over: slots, of: replay)
      expected = kept
    }
    try rolling.follow(plan, through: slots)
    return slots.count
  }

  /// Returns what came of it.
  func outcome(
    name: String, isOracle: Bool, forecasts: ForecastIssuer
  ) throws -> ReplayOutcome {
    try rolling.planning.checkCertificate()
    let meter = rolling.executor.meter
    var result = Replayer(replay).outcome(
      context, name: name, trace: meter.trace, startStoredKWh: startStoredKWh,
      interventions: meter.interventionsKWh, loads: rolling.executor.loads,
      twin: rolling.executor.twin, units: rolling.executor.units)
    result.isOracle = isOracle
    result.planning = rolling.planning.counts
    result.accuracy = forecasts.accuracy
    result.models = forecasts.models
    // How battery power was expected is scored against one battery.
    if !replay.hasSeveralBatteries {
      result.batteryPowerScores = rolling.planning.battery.scores(of: meter.trace)
    }
    result.batteryPowerStandIns = rolling.planning.batteryPowerStandIns
    result.forecastCounts = forecasts.counts
    result.expected = expected
    result.dayAhead = dayAhead?.log
    if let fidelity { result.fidelity = fidelity.fidelity(of: meter.trace) }
    result.budget = rolling.planning.budget?.use
    return result
  }
}
