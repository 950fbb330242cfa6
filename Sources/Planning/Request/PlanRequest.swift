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
  public var importLimitKW: Double
  /// Highest export; `infinity` without limit. [kW]
  public var exportLimitKW: Double
  /// Wear of the battery per discharged AC energy. [currency/kWh]
  public var wearPerKWh: Double
  /// Value of the energy left at the end.
  public var terminal: TerminalValue
  /// Energy kept for outages, on top of the envelope's lowest energy. [kWh]
  public var reserveKWh: Double
  /// Slots that passed since the planner's previous request, by which its memory is shifted.
  public var elapsedSlots: Int
  /// How plans of equal cost are told apart.
  public var tieRule: TieRule
  /// Loads that may be moved; they need the general linear program.
  public var deferrableLoads: [DeferrableLoad] = []
  /// Heat of the battery inside the plan; it needs the general linear program.
  public var heat: HeatModel?

  /// States a request; every array has one value per slot.
  public init(
    grid: TimeGrid, loadKW: [Double], pvKW: [Double], prices: PlanningPrices,
    envelope: PowerEnvelope, initialEnergyKWh: Double, importLimitKW: Double = .infinity,
    exportLimitKW: Double = .infinity, wearPerKWh: Double = 0, terminal: TerminalValue = .none,
    reserveKWh: Double = 0, elapsedSlots: Int = 0, tieRule: TieRule = .late
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
    self.tieRule = tieRule
  }
}

/// How plans of equal cost are told apart.
///
/// A throughput price far below any real price falls (late) or rises (early) over the slots, so that
/// the optimum is one plan, the same from every solver and from every start.
public enum TieRule: String, Sendable, Hashable, CaseIterable, Codable {
  /// Charge late and spend late: options stay open.
  case late
  /// Charge early and spend early.
  case early
  /// No numeric tilt; the value-function planner then prefers the smaller movement.
  case none

  /// Step of the throughput price from slot to slot. [currency/kWh]
  static let stepPerKWh = 1e-7
  /// Longest horizon that is tilted; beyond it the sum of the steps would touch real prices.
  static let longestHorizon = 4000

  /// Returns the throughput price of a slot. [currency/kWh]
  @inline(__always)
  func tilt(slot: Int, of count: Int) -> Double {
    if count > Self.longestHorizon { return 0 }
    switch self {
    case .late: return Self.stepPerKWh * Double(count - slot)
    case .early: return Self.stepPerKWh * Double(slot + 1)
    case .none: return 0
    }
  }
}
