package import Planning
package import Tariffs
import Twin

/// How a replay plans, executes and settles.
package struct ReplaySettings: Sendable {
  /// Length of a planning slot; a multiple of the history's step. [s]
  package var planningStepSeconds: Int
  /// Time a plan looks ahead. [h]
  package var horizonHours: Double
  /// Time between plans. [s]
  package var replanSeconds: Int
  /// Longest step of the twin; the history's step is divided evenly into steps no longer. [s]
  package var twinStepSeconds: Int
  /// How a plan meets what really happens.
  package var recourse: RecourseRule
  /// Which solver makes the plans.
  package var engine: PlannerChoice
  /// How plans take the error of their forecast into account.
  package var hedge: HedgeSettings
  /// How plans foresee the derating of a hot battery.
  package var heat: HeatForesight
  /// Which battery power the envelope of a plan is made for.
  package var batteryPowerMethod: BatteryPowerMethod
  /// Price of wear per kWh discharged at the AC terminals. [currency/kWh]
  package var wearPerKWh: Double
  /// What stored energy is worth at the end of a horizon.
  package var terminal: TerminalValue
  /// How a month's peak is priced inside a shorter horizon.
  package var peakPricing: PeakPricing
  /// Minutes after local midnight when the next day's spot prices become known; nothing for a
  /// real-time market, whose prices are known when they have passed. [min]
  package var publicationMinute: Int?
  /// State of charge at the first instant; empty means the lowest of the allowed window.
  package var initialSOCFraction: Double?
  /// When production may be thrown away, in every run alike.
  package var curtailment = Curtailment.free
  /// What production can be held to when it is thrown away, in every run alike.
  package var curtailmentSteps = CurtailmentSteps()
  /// What the battery may do at the meter, in every run alike.
  package var rights = BatteryRights()
  /// Energy that stays in the battery for outages, in every run alike.
  package var reserve = Reserve()
  /// Equivalent full cycles a year that plans keep to; nothing without such a budget.
  package var cyclesPerYear: Double?
  /// Largest share of the period in which values may stand in for ones that nobody measured.
  package var filledMaxFraction = 0.2
  /// Whether plans know what loads that can wait will really have to do.
  package var loadsKnowTruth = false
  /// Whether outcomes keep what plans expected and are judged by it.
  ///
  /// Without it plans need not show more than what they decide, which changes no decision.
  package var keepsPlans = true
  /// Whether outcomes keep what was forecast of each day.
  package var keepsDayAhead = false
  /// Seed of everything random in the replay.
  package var seed: UInt64

  /// Sets up a replay; the defaults are 15 min slots, 36 h horizon, hourly plans and the steps of the twin.
  package init(
    planningStepSeconds: Int = 900, horizonHours: Double = 36, replanSeconds: Int = 3600,
    twinStepSeconds: Int = Int(TwinSpecification.usualStepSeconds),
    recourse: RecourseRule = .valueStep,
    engine: PlannerChoice = .automatic, hedge: HedgeSettings = HedgeSettings(),
    heat: HeatForesight = .envelope, batteryPowerMethod: BatteryPowerMethod = .rule,
    wearPerKWh: Double = 0,
    terminal: TerminalValue = .priceQuantile(0.25),
    peakPricing: PeakPricing = .fullPrice, publicationMinute: Int? = 13 * 60,
    initialSOCFraction: Double? = nil, seed: UInt64 = 1
  ) {
    self.planningStepSeconds = planningStepSeconds
    self.horizonHours = horizonHours
    self.replanSeconds = replanSeconds
    self.twinStepSeconds = twinStepSeconds
    self.recourse = recourse
    self.engine = engine
    self.hedge = hedge
    self.heat = heat
    self.batteryPowerMethod = batteryPowerMethod
    self.wearPerKWh = wearPerKWh
    self.terminal = terminal
    self.peakPricing = peakPricing
    self.publicationMinute = publicationMinute
    self.initialSOCFraction = initialSOCFraction
    self.seed = seed
  }

  /// Power below which a request is rounding and the inverter stays asleep. [kW]
  package static let smallestRequestKW = 1e-6

  /// Number of planning slots a plan looks ahead.
  package var horizonSlots: Int {
    max(1, Int((horizonHours * 3600 / Double(planningStepSeconds)).rounded()))
  }
}
