public import Tariffs
public import TimeSeries

/// Everything a planner is told: forecasts, prices, state and envelope, never what really happens.
public struct PlanRequest: Sendable {
  /// Slots of the plan; the first begins now.
  public var grid: TimeGrid
  /// Expected load, one per slot. [kW]
  public var loadKW: [Double]
  /// Expected photovoltaic power, one per slot. [kW]
  public var pvKW: [Double]
  /// Prices over the slots.
  public var prices: PlanningPrices
  /// What the battery can do.
  public var envelope: PowerEnvelope
  /// Stored energy now. [kWh]
  public var initialEnergyKWh: Double
  /// Highest import, `infinity` without limit; exceeding it is priced, not forbidden. [kW]
  public var importLimitKW: PowerLimit
  /// Highest export; `infinity` without limit. [kW]
  public var exportLimitKW: PowerLimit
  /// Wear of the battery per discharged AC energy. [currency/kWh]
  public var wearPerKWh: Double
  /// Value of the energy left at the end.
  public var terminal: TerminalValue
  /// Energy kept for outages, on top of the envelope's lowest energy. [kWh]
  public var reserveKWh: Double
  /// Energy kept for outages at the end of each slot, in place of ``reserveKWh``; empty for that. [kWh]
  public var reservesKWh: [Double] = []
  /// Slots that passed since the planner's previous request, by which its memory is shifted.
  public var elapsedSlots: Int
  /// Slots until the next plan, in which this one decides; a hedge looks at no others.
  public var decidedSlots = Int.max
  /// Whether the plan may end with the slots it decides.
  ///
  /// What lies behind is still what decides them, and a planner shows more where it has to.
  public var mayEndDecided = false
  /// What energy kept in the battery is worth beyond what the forecast says.
  public var optionValue: OptionValue
  /// Loads that can wait, besides the expected load; they need the general linear program.
  public var waitingLoads: [WaitingLoad] = []
  /// Batteries beside the one of `envelope`; they need the general linear program.
  public var others: [PlannedBattery] = []
  /// Power that all batteries may have together; nothing where each has its own limits only.
  public var jointPower: JointPower?
  /// Powers at which the inverter can run; unless it is any, the plan is a search over whole numbers.
  public var powerSteps = PowerSteps.free
  /// Production that can be thrown away in each slot, rising amounts besides none; empty where any amount can be. [kW]
  ///
  /// Empty for all slots where production can be throttled freely.
  public var curtailmentKW: [[Double]] = []
  /// Heat of the battery inside the plan; it needs the general linear program.
  public var heat: HeatModel?
  /// Stored energy that may be lost for nothing in each slot; empty for none. [kWh]
  ///
  /// A bound on batteries with losses of their own needs it; only the value function and ``foresightPlan(_:)``
  /// know it.
  package var losableKWh: [Double] = []

  /// Energy kept for outages at the end of a slot. [kWh]
  func reserveKWh(after slot: Int) -> Double {
    reservesKWh.isEmpty ? reserveKWh : reservesKWh[slot]
  }

  /// Slots in which a plan keeps to what is done in steps.
  var steppedSlots: Int {
    let bounds = PowerSteps.plannedSlots
    return min(grid.count, bounds.upperBound, max(bounds.lowerBound, decidedSlots))
  }

  /// Whether production is thrown away by steps in a slot in which a plan keeps to them.
  var hasCurtailmentSteps: Bool { curtailmentKW.prefix(steppedSlots).contains { !$0.isEmpty } }

  /// Creates a request; every array has one value per slot.
  public init(
    grid: TimeGrid, loadKW: [Double], pvKW: [Double], prices: PlanningPrices,
    envelope: PowerEnvelope, initialEnergyKWh: Double, importLimitKW: PowerLimit = .infinity,
    exportLimitKW: PowerLimit = .infinity, wearPerKWh: Double = 0, terminal: TerminalValue = .none,
    reserveKWh: Double = 0, elapsedSlots: Int = 0, optionValue: OptionValue = .usual
  ) {
    self.grid = grid
    self.loadKW = loadKW
    self.pvKW = pvKW
    self.prices = prices
    self.envelope = envelope
    self.initialEnergyKWh = initialEnergyKWh
    self.importLimitKW = importLimitKW
    self.exportLimitKW = exportLimitKW
    self.wearPerKWh = wearPerKWh
    self.terminal = terminal
    self.reserveKWh = reserveKWh
    self.elapsedSlots = elapsedSlots
    self.optionValue = optionValue
  }
}

extension PlanRequest {
  /// Slots that a plan shows: those it decides where that is allowed and nothing ties them to what it plans later.
  var shownSlots: Int {
    guard mayEndDecided, prices.demands.isEmpty, prices.importBlocks.isEmpty, waitingLoads.isEmpty,
      others.isEmpty, powerSteps.isFree, !hasCurtailmentSteps, heat == nil
    else { return grid.count }
    if case .nextDayShadowPrice = terminal { return grid.count }
    return max(1, min(decidedSlots, grid.count))
  }
}
