package import Diagnostics

/// Passive balancing: cells that stand out at the top of the charge are bled.
public struct BalancingSpecification: Sendable, Equatable {
  /// Current through the bleed resistor of a cell. [A]
  public var bleedA: Double
  /// Voltage from which cells are bled; 3.40 V for LFP and 3.9 V for NMC when nil. [V]
  public var startV: Double?
  /// How far a cell must stand above the lowest one. [V]
  public var windowV: Double

  /// Sets up balancing; 50 to 100 mA is what common monitoring boards bleed.
  public init(bleedA: Double = 0.1, startV: Double? = nil, windowV: Double = 0.010) {
    self.bleedA = bleedA
    self.startV = startV
    self.windowV = windowV
  }

  /// Returns the voltage from which cells of a chemistry are bled. [V]
  func threshold(_ chemistry: Chemistry) -> Double {
    startV ?? (chemistry == .lfp ? 3.40 : 3.9)
  }

  /// Returns everything that makes balancing impossible.
  package func problems() -> Findings {
    var found = Findings()
    if !(bleedA > 0 && bleedA.isFinite) {
      found.error("'bleed_a' must be positive, found '\(bleedA)'", key: "bleed_a")
    }
    if let startV, !(startV > 0) {
      found.error("'start_v' must be positive, found '\(startV)'", key: "start_v")
    }
    if !(windowV >= 0) {
      found.error("'window_v' must be zero or more, found '\(windowV)'", key: "window_v")
    }
    return found
  }
}
