public import Planning
public import Tariffs

/// How a replay plans, executes and settles.
public struct ReplaySettings: Sendable {
  /// Length of a planning slot; a multiple of the history's step. [s]
  public var planningStepSeconds: Int
  /// Time a plan looks ahead. [h]
  public var horizonHours: Double
  /// Time between plans. [s]
  public var replanSeconds: Int
  /// Longest step of the twin; the history's step is divided evenly into steps no longer. [s]
  public var twinStepSeconds: Int
  /// How a plan meets what really happens.
  public var recourse: RecourseRule
  /// Which solver makes the plans.
  public var engine: PlannerChoice
  /// How plans take the error of their forecast into account.
  public var hedge: HedgeSettings
  /// How plans foresee the derating of a hot battery.
  public var heat: HeatForesight
  /// Which battery power the envelope of a plan is made for.
  public var batteryOutlook: BatteryOutlook
  /// Price of wear per kWh discharged at the AC terminals. [currency/kWh]
  public var wearPerKWh: Double
  /// What stored energy is worth at the end of a horizon.
  public var terminal: TerminalValue
  /// How a month's peak is priced inside a shorter horizon.
  public var peakPricing: PeakPricing
  /// Minutes after local midnight when the next day's spot prices become known; nothing for a
  /// real-time market, whose prices are known when they have passed. [min]
  public var publicationMinute: Int?
  /// State of charge at the first instant; empty means the lowest of the allowed window.
  public var initialSOCFraction: Double?
  /// Seed of everything random in the replay.
  public var seed: UInt64

  /// Sets up a replay; the defaults are 15 min slots, 36 h horizon and hourly plans.
  public init(
    planningStepSeconds: Int = 900, horizonHours: Double = 36, replanSeconds: Int = 3600,
    twinStepSeconds: Int = 60, recourse: RecourseRule = .valueStep,
    engine: PlannerChoice = .automatic, hedge: HedgeSettings = HedgeSettings(),
    heat: HeatForesight = .envelope, batteryOutlook: BatteryOutlook = .rule,
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
    self.batteryOutlook = batteryOutlook
    self.wearPerKWh = wearPerKWh
    self.terminal = terminal
    self.peakPricing = peakPricing
    self.publicationMinute = publicationMinute
    self.initialSOCFraction = initialSOCFraction
    self.seed = seed
  }

  /// Number of planning slots a plan looks ahead.
  public var horizonSlots: Int {
    max(1, Int((horizonHours * 3600 / Double(planningStepSeconds)).rounded()))
  }
}
