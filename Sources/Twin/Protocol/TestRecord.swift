/// What a step of a test protocol came to.
public struct TestRecord: Sendable, Equatable {
  /// What ended a step.
  public enum End: String, Sendable, CaseIterable {
    /// Its time was over.
    case time
    /// The voltage was reached.
    case voltage
    /// The current that held the voltage fell to its cut-off.
    case cutOff = "cut_off"
    /// The state of charge was reached.
    case soc
    /// A limit of the battery left no current, so nothing more would have been reached.
    case limit
    /// Nothing was reached in the longest time that a step may take.
    case longest
  }

  /// The step and where it stands in the protocol.
  public var place: TestProtocol.Place
  /// When it began, since the start of the protocol. [s]
  public var startSeconds: Double
  /// How long it took. [s]
  public var seconds = 0.0
  /// Part of it in which the voltage was held. [s]
  public var heldSeconds = 0.0
  /// Charge at the pack's terminals, positive in discharge. [Ah]
  public var chargeAh = 0.0
  /// Energy at the pack's terminals and at those of the inverter, positive in discharge. [kWh]
  public var packKWh = 0.0
  public var acKWh = 0.0
  /// At the end: voltage of the pack, lowest and highest one of its cells, mean state of charge. [V]
  public var endPackV = 0.0
  public var endLowestV = 0.0
  public var endHighestV = 0.0
  public var endSOC = 0.0
  /// Hottest cell at the end of any part of the step. [°C]
  public var hottestC = -Double.infinity
  /// Energy at the inverter that was asked for and not given. [kWh]
  public var refusedKWh = 0.0
  /// What refused most of it at a time.
  public var cause: ClipCause?
  /// The most that was refused in a step of the twin. [kWh]
  var mostRefusedKWh = 0.0
  /// What ended it.
  public var end = End.time

  /// Starts the record of a step.
  init(_ place: TestProtocol.Place, startSeconds: Double) {
    self.place = place
    self.startSeconds = startSeconds
  }
}
