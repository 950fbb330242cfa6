/// What a battery is asked for in a step.
public struct BatteryRequest: Sendable, Equatable {
  /// How much, positive in discharge.
  public enum Amount: Sendable, Equatable {
    /// Power at the AC terminals of the inverter. [kW]
    case powerKW(Double)
    /// Current at the terminals of the pack. [A]
    case currentA(Double)
  }

  /// How much, positive in discharge.
  public var amount: Amount
  /// Voltage that is held once it is reached; nil where the battery's own limits are all there is.
  public var hold: VoltageHold?

  /// Asks for an amount.
  public init(_ amount: Amount, hold: VoltageHold? = nil) {
    self.amount = amount
    self.hold = hold
  }

  /// True for a number that a battery can be asked for.
  var isFinite: Bool {
    switch amount {
    case .powerKW(let value), .currentA(let value): value.isFinite
    }
  }
}

/// A voltage at which a current gives way, so that it is not passed: constant current, then constant voltage.
///
/// The current of a step is the largest part of what was asked for at which the voltage at the end of the step
/// is not passed. What the voltage takes was not asked for, so it is no limit of the battery.
public enum VoltageHold: Sendable, Equatable {
  /// Of the first cell that comes to it. [V]
  case cell(Double)
  /// Of the whole pack at its terminals. [V]
  case pack(Double)
}
