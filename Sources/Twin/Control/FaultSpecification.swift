/// Something that goes wrong with a battery, for a time or for good.
public struct FaultSpecification: Sendable, Equatable {
  /// What goes wrong.
  public enum Kind: Sendable, Equatable {
    /// The fan stops: conductances to air fall to the share of still air.
    case fanFailure
    /// Air conditioning stops.
    case hvacFailure
    /// Air reaches a range of cells and the outside only in part.
    case blockedVent(cells: Range<Int>, remaining: Double)
    /// One cell has a multiple of its resistance.
    case hotCell(index: Int, factor: Double)
    /// One cell has a share of its capacity.
    case weakCell(index: Int, factor: Double)
    /// The temperatures that control sees are off by a number of kelvin.
    case sensorBias(kelvin: Double)
    /// The temperatures that control sees stand still.
    case sensorStuck(temperatureC: Double)
    /// The whole pack is aged.
    case agedPack(capacityFactor: Double, resistanceFactor: Double)
  }

  /// What goes wrong.
  public var kind: Kind
  /// When it begins, counted from the start of the twin. [s]
  public var startSeconds: Double
  /// When it ends; faults of cells stay. [s]
  public var endSeconds: Double

  /// Describes a fault.
  public init(_ kind: Kind, startSeconds: Double = 0, endSeconds: Double = .infinity) {
    self.kind = kind
    self.startSeconds = startSeconds
    self.endSeconds = endSeconds
  }

  /// Returns whether the fault is there at a time since the start. [s]
  func isActive(at seconds: Double) -> Bool { seconds >= startSeconds && seconds < endSeconds }

  /// True when the fault changes the network of heat.
  var changesCooling: Bool {
    switch kind {
    case .fanFailure, .blockedVent: true
    default: false
    }
  }
}
