package import Diagnostics

/// A lower set-point of the enclosure's thermostat before heat is expected.
public struct PreCooling: Sendable, Equatable {
  /// When the lower set-point holds.
  public enum Occasion: String, Sendable, CaseIterable {
    /// While the battery charges, so that a discharge begins cool.
    case charging
    /// At any time.
    case always
  }

  /// Set-point that is held instead of the thermostat's where it is the lower one. [°C]
  public var setpointC: Double
  /// Cooling starts this far above it. [K]
  public var bandK: Double
  /// When it holds.
  public var occasion: Occasion
  /// Temperature of the surroundings below which it does not hold. [°C]
  public var ambientAboveC: Double

  /// Sets up pre-cooling.
  public init(
    setpointC: Double, bandK: Double = 1, occasion: Occasion = .charging,
    ambientAboveC: Double = -.infinity
  ) {
    self.setpointC = setpointC
    self.bandK = bandK
    self.occasion = occasion
    self.ambientAboveC = ambientAboveC
  }

  /// Returns the thermostat as it is set in a step.
  ///
  /// - Parameters:
  ///   - hvac: The thermostat.
  ///   - isCharging: Whether the battery charges in the step.
  ///   - ambientC: Temperature of the surroundings. [°C]
  /// - Returns: The thermostat with the lower set-point where it holds.
  func applied(to hvac: HVACSpecification, isCharging: Bool, ambientC: Double) -> HVACSpecification
  {
    guard setpointC < hvac.setpointC, occasion == .always || isCharging, ambientC >= ambientAboveC
    else { return hvac }
    var lower = hvac
    lower.setpointC = setpointC
    lower.bandK = bandK
    return lower
  }

  /// Returns everything that makes it impossible.
  package func problems() -> Findings {
    var found = Findings()
    if !(bandK >= 0 && bandK.isFinite) {
      found.error("'band_k' must be zero or more, found '\(bandK)'", key: "band_k")
    }
    return found
  }
}
