package import Diagnostics

/// What the battery must keep to at any time.
public struct LimitSpecification: Sendable, Equatable {
  /// State of charge that no cell may leave.
  public var minimumSOC: Double
  public var maximumSOC: Double
  /// Highest rates of the pack; those of the cell when nil. [1/h]
  public var maximumChargeC: Double?
  public var maximumDischargeC: Double?

  /// Sets limits; the default keeps 5 % of the charge free at both ends.
  public init(
    minimumSOC: Double = 0.05, maximumSOC: Double = 0.95, maximumChargeC: Double? = nil,
    maximumDischargeC: Double? = nil
  ) {
    self.minimumSOC = minimumSOC
    self.maximumSOC = maximumSOC
    self.maximumChargeC = maximumChargeC
    self.maximumDischargeC = maximumDischargeC
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
