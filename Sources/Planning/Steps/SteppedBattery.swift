/// A battery that charges or discharges at full power for a whole slot, or rests.
///
/// Losses fall on both ways alike: to store a kWh it draws `1/√η` at the meter, and a stored kWh gives `√η` there,
/// with the round-trip efficiency η.
public struct SteppedBattery: Sendable, Hashable {
  /// Name of the battery.
  public var name: String
  /// Energy that it holds; it begins full. [kWh]
  public var capacityKWh: Double
  /// Power into and out of the store. [kW]
  public var powerKW: Double
  /// Round-trip efficiency, above 0 and at most 1.
  public var roundTripEfficiency: Double

  /// Creates a battery.
  public init(name: String, capacityKWh: Double, powerKW: Double, roundTripEfficiency: Double) {
    self.name = name
    self.capacityKWh = capacityKWh
    self.powerKW = powerKW
    self.roundTripEfficiency = roundTripEfficiency
  }

  /// Whole steps that it holds, of a slot at full power each.
  func levels(stepHours: Double) -> Int {
    Int((capacityKWh / (powerKW * stepHours) + 1e-9).rounded(.down))
  }

  /// Power at the meter of an action. [kW]
  func meterKW(_ action: BatteryAction) -> Double {
    switch action {
    case .rest: 0
    case .charge: powerKW / roundTripEfficiency.squareRoot()
    case .discharge: -powerKW * roundTripEfficiency.squareRoot()
    }
  }
}

/// What a battery does in a slot.
public enum BatteryAction: Int, Sendable, Hashable, CaseIterable {
  case rest = 0
  case charge = 1
  case discharge = -1
}

/// What batteries do over a period at a price of energy and a price of the highest power squared.
public struct SteppedPlan: Sendable {
  /// One array per battery, one action per slot.
  public var actions: [[BatteryAction]]
  /// Power of the batteries together at the meter in each slot. [kW]
  public var batteryKW: [Double]
  /// Cost of the energy. [currency]
  public var energyCost: Double
  /// Highest power at the meter, zero at least. [kW]
  public var peakKW: Double
  /// Cost of the highest power. [currency]
  public var peakCost: Double
  /// What no plan can go below. [currency]
  public var lowerBound: Double

  /// Energy and peak. [currency]
  public var cost: Double { energyCost + peakCost }
}
