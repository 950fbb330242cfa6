package import Diagnostics

/// How a battery ages.
public struct AgeingSpecification: Sendable, Equatable, Codable {
  /// How cycles are counted; models give different answers by method, so results name it.
  public enum Counting: String, Sendable, CaseIterable, Codable {
    /// Closed cycles of the mean state of charge, by rainflow; what is open stays open.
    case rainflow
    /// Depth and throughput of each day.
    case dayWindow = "day_window"
  }

  /// The model; that of the chemistry when nil.
  public var model: AgeingModel?
  /// How cycles are counted.
  public var counting: Counting
  /// Capacity at which the life is used up, as a share of the new one.
  public var endOfLifeFraction: Double
  /// Time between looks at temperature and charge. [s]
  public var sampleSeconds: Double

  /// Sets how cells age; the defaults follow the chemistry to 80 % of the capacity.
  public init(
    model: AgeingModel? = nil, counting: Counting = .rainflow, endOfLifeFraction: Double = 0.8,
    sampleSeconds: Double = 900
  ) {
    self.model = model
    self.counting = counting
    self.endOfLifeFraction = endOfLifeFraction
    self.sampleSeconds = sampleSeconds
  }

  /// Returns everything that makes the settings impossible.
  package func problems() -> Findings {
    var found = Findings()
    if !(endOfLifeFraction >= 0.1 && endOfLifeFraction <= 0.99) {
      found.error(
        "'end_of_life_fraction' must be from 0.1 to 0.99, found '\(endOfLifeFraction)'",
        key: "end_of_life_fraction")
    }
    if !(sampleSeconds > 0) {
      found.error("ageing: the time between samples must be positive, found '\(sampleSeconds)'")
    }
    return found
  }
}
