/// The tariff as the planner sees it: convex prices over a horizon.
///
/// All arrays have one value per planning slot.
public struct PlanningPrices: Sendable, Equatable {
  /// Price of one more imported kWh. [currency/kWh]
  public var buyPerKWh: [Double]
  /// Value of one more exported kWh. [currency/kWh]
  public var sellPerKWh: [Double]
  /// Charges on the highest import of a window.
  public var demands: [DemandPrice]

  /// States prices over a horizon.
  public init(buyPerKWh: [Double], sellPerKWh: [Double], demands: [DemandPrice] = []) {
    precondition(buyPerKWh.count == sellPerKWh.count, "one price per slot")
    self.buyPerKWh = buyPerKWh
    self.sellPerKWh = sellPerKWh
    self.demands = demands
  }
}

/// A charge on the highest import among the slots of a window.
public struct DemandPrice: Sendable, Equatable {
  /// Name of the rule with its period, for example `peak 2024-03`.
  public var label: String
  /// Price of one more kW of peak within this plan. [currency/kW]
  public var pricePerKW: Double
  /// Whether each slot counts, one per planning slot.
  public var applies: [Bool]
  /// Planning slots whose mean import is one metered value; 1 when a slot is metered by itself.
  public var meteringSlots: Int
  /// Highest metered import of the period so far, already paid for. [kW]
  public var incurredKW: Double

  /// States a demand charge over a horizon.
  public init(
    label: String, pricePerKW: Double, applies: [Bool], meteringSlots: Int = 1,
    incurredKW: Double = 0
  ) {
    self.label = label
    self.pricePerKW = pricePerKW
    self.applies = applies
    self.meteringSlots = meteringSlots
    self.incurredKW = incurredKW
  }
}

/// How a plan shorter than a month prices the month's peak.
public enum PeakPricing: String, Sendable, Hashable, CaseIterable, Codable {
  /// The whole monthly price from the first plan of the month.
  case fullPrice = "full_price"
  /// The monthly price times the share of the month that is left.
  case daysLeft = "days_left"
  /// A target for the month, searched in an outer loop.
  case monthlyTarget = "monthly_target"
}
