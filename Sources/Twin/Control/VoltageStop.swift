package import Diagnostics

/// A cell voltage that stops a direction, and the one that lets it start again.
public struct VoltageStop: Sendable, Equatable {
  /// Voltage at the end of a step from which the next one gets nothing. [V]
  public var stopV: Double
  /// Voltage to which the cell must have come back. [V]
  public var restartV: Double

  /// Sets both voltages.
  public init(stopV: Double, restartV: Double) {
    self.stopV = stopV
    self.restartV = restartV
  }

  /// Returns everything that makes the voltages impossible for a direction.
  package func problems(_ direction: PowerDirection) -> Findings {
    var found = Findings()
    if !(direction == .charge ? restartV < stopV : restartV > stopV) {
      found.error(
        "'restart_v' must be \(direction == .charge ? "less" : "greater") than 'stop_v' "
          + "(\(stopV)), found '\(restartV)'", key: "restart_v")
    }
    return found
  }

  /// Returns whether the direction is stopped now.
  func isStopped(_ direction: PowerDirection, before: Bool, _ seen: DeratingPolicy.Reading) -> Bool
  {
    switch direction {
    case .charge: seen.highestV >= stopV || (before && seen.highestV > restartV)
    case .discharge: seen.lowestV <= stopV || (before && seen.lowestV < restartV)
    }
  }
}
