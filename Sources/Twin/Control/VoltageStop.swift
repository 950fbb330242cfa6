package import Diagnostics

/// A cell voltage that stops a direction, and the one that lets it start again.
public struct VoltageStop: Sendable, Equatable {
  /// Voltage at the end of a step from which the next one gets nothing. [V]
  public var stopV: Double
  /// Voltage to which the cell must have come back. [V]
  public var restartV: Double
  /// What else ends the stop.
  public var release: StopRelease

  /// Sets both voltages and what else ends the stop.
  public init(stopV: Double, restartV: Double, release: StopRelease = StopRelease()) {
    self.stopV = stopV
    self.restartV = restartV
    self.release = release
  }

  /// Returns everything that makes the voltages impossible for a direction.
  package func problems(_ direction: PowerDirection) -> Findings {
    var found = release.problems()
    if !(direction == .charge ? restartV < stopV : restartV > stopV) {
      found.error(
        "'restart_v' must be \(direction == .charge ? "less" : "greater") than 'stop_v' "
          + "(\(stopV)), found '\(restartV)'", key: "restart_v")
    }
    return found
  }

  /// Returns whether the voltage that stops the direction is reached.
  func isReached(_ direction: PowerDirection, _ seen: DeratingPolicy.Reading) -> Bool {
    direction == .charge ? seen.highestV >= stopV : seen.lowestV <= stopV
  }

  /// Returns whether the voltage that lets it start again is reached.
  func isBack(_ direction: PowerDirection, _ seen: DeratingPolicy.Reading) -> Bool {
    direction == .charge ? seen.highestV <= restartV : seen.lowestV >= restartV
  }
}
