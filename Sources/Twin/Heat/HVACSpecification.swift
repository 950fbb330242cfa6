package import Diagnostics

/// Cooling and heating of the enclosure's air by a thermostat.
public struct HVACSpecification: Sendable, Equatable {
  /// What the thermostat looks at.
  public enum Reference: String, Sendable, CaseIterable {
    case hottestCell = "hottest_cell"
    case meanCell = "mean_cell"
    case air
  }

  /// Heat taken from the air while cooling. [kW]
  public var coolingKW: Double
  /// Heat given to the air while heating. [kW]
  public var heatingKW: Double
  /// Heat moved per electricity.
  public var coolingCOP: Double
  public var heatingCOP: Double
  /// Cooling runs from `setpointC + bandK` down to `setpointC`, heating the other way. [°C]
  public var setpointC: Double
  public var bandK: Double
  /// What the thermostat looks at.
  public var reference: Reference

  /// Sets up a thermostat; COP 3.0 and 2.5 and ±5 K about 25 °C are the set of SimSES.
  public init(
    coolingKW: Double, heatingKW: Double = 0, coolingCOP: Double = 3, heatingCOP: Double = 2.5,
    setpointC: Double = 25, bandK: Double = 5, reference: Reference = .hottestCell
  ) {
    self.coolingKW = coolingKW
    self.heatingKW = heatingKW
    self.coolingCOP = coolingCOP
    self.heatingCOP = heatingCOP
    self.setpointC = setpointC
    self.bandK = bandK
    self.reference = reference
  }

  /// Returns everything that makes the thermostat impossible.
  package func problems() -> Findings {
    var found = Findings()
    for (key, value) in [
      ("cooling_kw", coolingKW), ("heating_kw", heatingKW), ("band_k", bandK),
    ] where !(value >= 0 && value.isFinite) {
      found.error("'\(key)' must be zero or more, found '\(value)'", key: key)
    }
    for (key, value) in [("cooling_cop", coolingCOP), ("heating_cop", heatingCOP)]
    where !(value > 0 && value.isFinite) {
      found.error("'\(key)' must be positive, found '\(value)'", key: key)
    }
    if !setpointC.isFinite {
      found.error("'setpoint_c' must be a temperature, found '\(setpointC)'", key: "setpoint_c")
    }
    return found
  }
}
