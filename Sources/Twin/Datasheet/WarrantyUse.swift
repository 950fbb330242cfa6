/// How much of a warranty a year of some use takes, and what ends it.
public struct WarrantyUse: Sendable, Equatable {
  /// What ends a warranty.
  public enum Limit: String, Sendable, CaseIterable {
    case years
    case throughput
    case cycles
    case capacity
  }

  /// A limit and how a year of the use goes towards it.
  public struct Entry: Sendable, Equatable {
    /// The limit.
    public var limit: Limit
    /// Share of it that a year takes.
    public var perYearFraction: Double
    /// Years until it is reached; infinite where the use takes nothing of it. [a]
    public var years: Double { perYearFraction > 0 ? 1 / perYearFraction : .infinity }
  }

  /// The limits that the warranty states, in the order of `Limit`.
  public let entries: [Entry]

  /// Shortest time whose loss of capacity is carried on: less says little of a loss that slows down. [s]
  public static let leastCapacitySeconds = 300 * 86_400.0
  private static let yearSeconds = 365 * 86_400.0

  /// Carries a time of use on, in proportion.
  ///
  /// A capacity fades faster at first than later, so that in proportion its limit comes early.
  ///
  /// - Parameters:
  ///   - warranty: What is promised.
  ///   - dischargedKWh: Energy let out. [kWh]
  ///   - fullCycles: Equivalent full cycles.
  ///   - capacityLostFraction: Capacity lost, as a share of the new one; nil where the cells do not age.
  ///   - seconds: Length of the use, above 0. [s]
  public init(
    _ warranty: Warranty, dischargedKWh: Double, fullCycles: Double,
    capacityLostFraction: Double?, seconds: Double
  ) {
    let perYear = Self.yearSeconds / seconds
    var entries = [Entry(limit: .years, perYearFraction: 1 / warranty.years)]
    if let throughput = warranty.throughputMWh {
      entries.append(
        Entry(
          limit: .throughput, perYearFraction: dischargedKWh * perYear / (1000 * throughput)))
    }
    if let cycles = warranty.cycles {
      entries.append(Entry(limit: .cycles, perYearFraction: fullCycles * perYear / cycles))
    }
    if let left = warranty.capacityFraction, left < 1, let lost = capacityLostFraction,
      seconds >= Self.leastCapacitySeconds
    {
      entries.append(Entry(limit: .capacity, perYearFraction: lost * perYear / (1 - left)))
    }
    self.entries = entries
  }

  /// The limit that is reached first; of equals the first one.
  public var first: Entry {
    entries.dropFirst().reduce(entries[0]) { $1.years < $0.years ? $1 : $0 }
  }
}
