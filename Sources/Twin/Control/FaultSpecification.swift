package import Diagnostics

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
    /// The temperatures that control sees follow those of the cells with a time constant. [s]
    case sensorLate(seconds: Double)
    /// Control goes on with the temperatures that it saw last.
    case sensorGap
    /// One cell starts with another state of charge than its neighbours.
    case imbalance(index: Int, socDifference: Double)
    /// The sun falls on an area that absorbs it, besides that of the enclosure. [m²]
    case sunOnDoor(apertureM2: Double)
    /// The whole pack is aged.
    case agedPack(capacityFactor: Double, resistanceFactor: Double)
  }

  /// What goes wrong.
  public var kind: Kind
  /// When it begins, counted from the start of the twin. [s]
  public var startSeconds: Double
  /// When it ends; faults of cells stay. [s]
  public var endSeconds: Double

  /// Puts a fault at a time.
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

  /// Returns everything that makes the fault impossible in a pack of so many cells.
  package func problems(cellCount: Int) -> Findings {
    var found = Findings()
    switch kind {
    case .hotCell(let index, let factor), .weakCell(let index, let factor):
      if index < 0 || index >= cellCount {
        found.error("fault: there is no cell '\(index)' among \(cellCount)", key: "cell")
      }
      if !(factor > 0 && factor.isFinite) {
        found.error("fault: a factor must be positive, found '\(factor)'", key: "factor")
      }
    case .blockedVent(let cells, let remaining):
      if cells.lowerBound < 0 || cells.upperBound > cellCount {
        found.error(
          "fault: there are only \(cellCount) cells, found '\(cells)'", key: "cell_count")
      }
      if !(remaining >= 0 && remaining <= 1) {
        found.error(
          "fault: the remaining share must be within 0…1, found '\(remaining)'",
          key: "remaining_fraction")
      }
    case .agedPack(let capacity, let resistance):
      if !(capacity > 0 && capacity <= 1 && resistance >= 1 && resistance.isFinite) {
        found.error(
          "fault: an aged pack has a capacity of 0…1 and a resistance of at least 1",
          key: "capacity_factor")
      }
    case .sensorBias(let value), .sensorStuck(let value):
      if !value.isFinite { found.error("fault: a sensor needs a finite value") }
    case .sensorLate(let seconds):
      if !(seconds > 0 && seconds.isFinite) {
        found.error("fault: 'lag_s' must be positive, found '\(seconds)'", key: "lag_s")
      }
    case .imbalance(let index, let difference):
      if index < 0 || index >= cellCount {
        found.error("fault: there is no cell '\(index)' among \(cellCount)", key: "cell")
      }
      if !(abs(difference) <= 1) {
        found.error(
          "fault: a difference of charge must be within −1…1, found '\(difference)'",
          key: "soc_difference_fraction")
      }
    case .sunOnDoor(let area):
      if !(area >= 0 && area.isFinite) {
        found.error("fault: an area must be zero or more, found '\(area)'", key: "aperture_m2")
      }
    case .fanFailure, .hvacFailure, .sensorGap: break
    }
    if !(startSeconds >= 0 && endSeconds > startSeconds) {
      found.error("fault: it must end after it starts", key: "days")
    }
    return found
  }
}
