/// What the maker promises of the life of a battery: it ends with the first limit that is reached.
public struct Warranty: Sendable, Equatable {
  /// Length. [a]
  public var years: Double
  /// Capacity promised at the end, as a share of the new one; nil when the paper states none.
  public var capacityFraction: Double?
  /// Energy let out until the promise ends; nil when there is no such limit. [MWh]
  public var throughputMWh: Double?
  /// Equivalent full cycles until the promise ends; nil when there is no such limit.
  public var cycles: Double?

  /// Creates a warranty.
  public init(
    years: Double, capacityFraction: Double? = nil, throughputMWh: Double? = nil,
    cycles: Double? = nil
  ) {
    self.years = years
    self.capacityFraction = capacityFraction
    self.throughputMWh = throughputMWh
    self.cycles = cycles
  }

  /// Years until the promise ends when a battery lets out an energy a year. [a]
  ///
  /// - Parameter dischargedKWhPerYear: Energy let out in a year. [kWh]
  /// - Returns: The years.
  public func years(dischargedKWhPerYear: Double) -> Double {
    guard let throughputMWh, dischargedKWhPerYear > 0 else { return years }
    return min(years, throughputMWh * 1000 / dischargedKWhPerYear)
  }
}
