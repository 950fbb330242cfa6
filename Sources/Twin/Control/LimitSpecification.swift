package import Diagnostics

/// What the battery must keep to at any time.
public struct LimitSpecification: Sendable, Equatable {
  /// State of charge that no cell may leave.
  public var minimumSOC: Double
  public var maximumSOC: Double
  /// Highest rates of the pack; those of the cell when nil. [1/h]
  public var maximumChargeC: Double?
  public var maximumDischargeC: Double?
  /// Temperature of a cell at which the pack's own protection opens the circuit, whatever control sees. [°C]
  ///
  /// It closes again when the hottest cell is `cutOffReleaseK` cooler.
  public var cutOffC: Double
  /// How much cooler the hottest cell must be before the circuit closes again. [K]
  public static let cutOffReleaseK = 10.0

  /// Sets limits; the default keeps 5 % of the charge free at both ends.
  public init(
    minimumSOC: Double = 0.05, maximumSOC: Double = 0.95, maximumChargeC: Double? = nil,
    maximumDischargeC: Double? = nil, cutOffC: Double = 65
  ) {
    self.minimumSOC = minimumSOC
    self.maximumSOC = maximumSOC
    self.maximumChargeC = maximumChargeC
    self.maximumDischargeC = maximumDischargeC
    self.cutOffC = cutOffC
  }

  /// Returns everything that makes the limits impossible.
  package func problems() -> Findings {
    var found = Findings()
    for (key, soc) in [("soc_min_fraction", minimumSOC), ("soc_max_fraction", maximumSOC)]
    where !(soc >= 0 && soc <= 1) {
      found.error("'\(key)' must be a fraction from 0 to 1, found '\(soc)'", key: key)
    }
    if minimumSOC >= maximumSOC {
      found.error(
        "'soc_max_fraction' must be greater than 'soc_min_fraction', found '\(maximumSOC)'",
        key: "soc_max_fraction")
    }
    if !(cutOffC > 0 && cutOffC.isFinite) {
      found.error("'cut_off_c' must be positive, found '\(cutOffC)'", key: "cut_off_c")
    }
    for (key, rate) in [
      ("max_charge_c", maximumChargeC), ("max_discharge_c", maximumDischargeC),
    ] {
      if let rate, !(rate > 0) {
        found.error("'\(key)' must be positive, found '\(rate)'", key: key)
      }
    }
    return found
  }
}
