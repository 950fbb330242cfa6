/// What a datasheet promises of a battery, in the words that datasheets use.
public struct Datasheet: Sendable, Equatable {
  /// Where a power or an energy is measured.
  public enum Side: String, Sendable, CaseIterable, Codable {
    /// At the terminals of the pack.
    case dc
    /// At the grid terminals of the inverter.
    case ac
  }

  /// Energy that a full battery lets out until it is empty.
  public struct Usable: Sendable, Equatable {
    /// The energy. [kWh]
    public var energyKWh: Double
    /// Where it is measured.
    public var side: Side

    /// Creates a promise.
    public init(energyKWh: Double, side: Side = .dc) {
      self.energyKWh = energyKWh
      self.side = side
    }
  }

  /// Energy let out for the energy taken in, over a full cycle.
  public struct RoundTrip: Sendable, Equatable {
    /// The efficiency, from 0 to 1.
    public var efficiency: Double
    /// Where both energies are measured.
    public var side: Side
    /// Power of charge and discharge on that side; a fifth of the nominal energy an hour when nil. [kW]
    public var powerKW: Double?

    /// Creates a promise.
    public init(efficiency: Double, side: Side, powerKW: Double? = nil) {
      self.efficiency = efficiency
      self.side = side
      self.powerKW = powerKW
    }
  }

  /// Energy that is usable.
  public var usable: Usable?
  /// Round trips, at most one for each side.
  public var roundTrips: [RoundTrip]

  /// Creates a datasheet.
  public init(usable: Usable? = nil, roundTrips: [RoundTrip] = []) {
    self.usable = usable
    self.roundTrips = roundTrips
  }

  /// True when nothing is promised.
  public var isEmpty: Bool { usable == nil && roundTrips.isEmpty }
}
