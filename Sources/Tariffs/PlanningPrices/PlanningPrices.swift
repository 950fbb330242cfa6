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
  /// Energy blocks of rising price that the horizon may reach; `buyPerKWh` has the block in force.
  public var importBlocks: [ImportBlock]

  /// Creates prices over a horizon.
  public init(
    buyPerKWh: [Double], sellPerKWh: [Double], demands: [DemandPrice] = [],
    importBlocks: [ImportBlock] = []
  ) {
    precondition(buyPerKWh.count == sellPerKWh.count, "one price per slot")
    self.buyPerKWh = buyPerKWh
    self.sellPerKWh = sellPerKWh
    self.demands = demands
    self.importBlocks = importBlocks
  }
}

extension PlanningPrices {
  /// Returns what a schedule costs at these prices, without what is already paid for. [currency]
  ///
  /// - Parameters:
  ///   - importKW: Import of every slot. [kW]
  ///   - exportKW: Export of every slot. [kW]
  ///   - stepHours: Length of a slot. [h]
  /// - Returns: Energy, blocks and the rise of peaks; fixed amounts are left out.
  public func cost(importKW: [Double], exportKW: [Double], stepHours: Double) -> Double {
    precondition(
      importKW.count == buyPerKWh.count && exportKW.count == buyPerKWh.count, "one per slot")
    var sum = 0.0
    for i in importKW.indices {
      sum += stepHours * (buyPerKWh[i] * importKW[i] - sellPerKWh[i] * exportKW[i])
    }
    for block in importBlocks {
      var energyKWh = 0.0
      for i in importKW.indices where block.applies[i] { energyKWh += importKW[i] * stepHours }
      sum += block.surchargePerKWh * max(0, energyKWh - block.limitKWh)
    }
    for demand in demands {
      sum += demand.pricePerKW * max(0, demand.peakKW(importKW: importKW) - demand.incurredKW)
    }
    return sum
  }
}

extension DemandPrice {
  /// Returns the highest metered import among the slots that count. [kW]
  ///
  /// An interval counts when its first slot within the horizon does.
  public func peakKW(importKW: [Double]) -> Double {
    var peak = 0.0
    var slot = 0
    while slot < importKW.count {
      let before = slot == 0 ? elapsedSlots % max(1, meteringSlots) : 0
      let end = min(importKW.count, slot + max(1, meteringSlots) - before)
      if applies[slot] {
        var sum = Double(before) * elapsedKW
        for i in slot..<end { sum += importKW[i] }
        peak = max(peak, sum / Double(before + end - slot))
      }
      slot = end
    }
    return peak
  }
}

/// A surcharge on imported energy above a limit within the horizon.
public struct ImportBlock: Sendable, Equatable {
  /// Name of the charge with its block.
  public var label: String
  /// Energy that may still be imported before the surcharge sets in. [kWh]
  public var limitKWh: Double
  /// Price of a kilowatt-hour above the limit, on top of `buyPerKWh`, at least zero.
  /// [currency/kWh]
  public var surchargePerKWh: Double
  /// Whether each slot counts, one per planning slot.
  public var applies: [Bool]

  /// Creates a surcharge above a limit.
  public init(label: String, limitKWh: Double, surchargePerKWh: Double, applies: [Bool]) {
    self.label = label
    self.limitKWh = limitKWh
    self.surchargePerKWh = surchargePerKWh
    self.applies = applies
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
  /// Slots of the first metering interval that passed before the horizon began; 0 when the horizon
  /// begins with an interval.
  public var elapsedSlots: Int
  /// Mean import of those slots. [kW]
  public var elapsedKW: Double
  /// Set where `incurredKW` is a target that plans hold instead of looking for a better one.
  public var held: HeldPeak?

  /// Creates a demand charge over a horizon.
  public init(
    label: String, pricePerKW: Double, applies: [Bool], meteringSlots: Int = 1,
    incurredKW: Double = 0, elapsedSlots: Int = 0, elapsedKW: Double = 0
  ) {
    self.elapsedSlots = elapsedSlots
    self.elapsedKW = elapsedKW
    self.label = label
    self.pricePerKW = pricePerKW
    self.applies = applies
    self.meteringSlots = meteringSlots
    self.incurredKW = incurredKW
  }
}

/// What a plan is told beside a target that it holds.
///
/// Below the target the bill is not raised before it has to be: import above the peak so far has a low
/// price, import above the target twice the price of the charge, slot by slot.
public struct HeldPeak: Sendable, Equatable {
  /// Highest metered import of the period so far. [kW]
  public var meteredKW: Double
  /// Price of one kW above it in one metering interval. [currency/kW]
  public var linePricePerKW: Double

  /// Creates what is told beside a target.
  public init(meteredKW: Double, linePricePerKW: Double) {
    self.meteredKW = meteredKW
    self.linePricePerKW = linePricePerKW
  }
}

/// How a plan shorter than a month prices the month's peak.
public enum PeakPricing: String, Sendable, Hashable, CaseIterable, Codable {
  /// The whole monthly price from the first plan of the month.
  case fullPrice = "full_price"
  /// The monthly price times the horizon's share of the days left in the month: an early peak may
  /// be passed later anyway, a late one stands.
  case daysLeft = "days_left"
  /// A target for the month, below which import is free of it: searched in an outer loop, or nine
  /// tenths of the last month's peak where none is given.
  case monthlyTarget = "monthly_target"
  /// A target for the month from what the last four weeks would have needed and the days left, held by
  /// plans, and a low price above the peak so far; the full price where no target is given.
  case trailingTarget = "trailing_target"
}
