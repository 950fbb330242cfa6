/// One step of a test protocol: rest, or a charge or discharge until something is reached.
public struct TestStep: Sendable, Equatable {
  /// What the step does.
  public enum Kind: String, Sendable, CaseIterable {
    case rest
    case charge
    case discharge
  }

  /// How strong it is, or how weak it becomes; without a sign.
  public enum Strength: Sendable, Equatable {
    /// Over the nominal charge of the pack. [1/h]
    case rateC(Double)
    /// At the terminals of the pack. [A]
    case currentA(Double)
    /// At the AC terminals of the inverter. [kW]
    case powerKW(Double)
  }

  /// What the step does.
  public var kind: Kind
  /// How strong it is; nil at rest.
  public var strength: Strength?
  /// Voltage that ends it, or from which on the voltage is held.
  public var until: VoltageHold?
  /// Current at which a held voltage ends the step; nil where reaching the voltage does.
  public var cutOff: Strength?
  /// Mean state of charge that ends it.
  public var untilSOC: Double?
  /// Longest time. [s]
  public var seconds: Double?
  /// Air around the battery; that of the protocol when nil. [°C]
  public var ambientC: Double?

  /// Puts a step together.
  public init(
    _ kind: Kind, at strength: Strength? = nil, until: VoltageHold? = nil,
    cutOff: Strength? = nil, untilSOC: Double? = nil, seconds: Double? = nil,
    ambientC: Double? = nil
  ) {
    self.kind = kind
    self.strength = strength
    self.until = until
    self.cutOff = cutOff
    self.untilSOC = untilSOC
    self.seconds = seconds
    self.ambientC = ambientC
  }
}
