/// Numbers of an enclosure that stand in place of the usual ones of its kind; nil leaves the usual one.
public struct EnclosureChanges: Sendable, Equatable {
  /// Heat capacity of the air and what is at its temperature. [J/K]
  public var airCapacityJPerK: Double?
  /// Exchange of air with the surroundings by the fan. [W/K]
  public var ventilationWPerK: Double?
  /// Conductance from the air to the surroundings without the fan. [W/K]
  public var leakWPerK: Double?
  /// Layers of the wall from inside to outside.
  public var walls: [WallLayer]?
  /// Conductance from the outermost layer to the surroundings. [W/K]
  public var outsideWPerK: Double?
  /// Absorbing area that the sun sees. [m²]
  public var solarApertureM2: Double?
  /// Part of the sun that shade keeps off, 0…1.
  public var shadedFraction = 0.0
  /// Draw of the fan from the AC bus while the battery works. [kW]
  public var fanKW: Double?
  /// Thermostat.
  public var hvac: HVACSpecification?
  /// True when the converter's heat goes to the enclosure's air.
  public var holdsConverter: Bool?

  /// Changes nothing.
  public init() {}
}

extension EnclosureSpecification {
  /// Returns the enclosure with other numbers.
  public func with(_ changes: EnclosureChanges) -> EnclosureSpecification {
    EnclosureSpecification(
      airCapacityJPerK: changes.airCapacityJPerK ?? airCapacityJPerK,
      ventilationWPerK: changes.ventilationWPerK ?? ventilationWPerK,
      leakWPerK: changes.leakWPerK ?? leakWPerK, walls: changes.walls ?? walls,
      outsideWPerK: changes.outsideWPerK ?? outsideWPerK,
      solarApertureM2: (changes.solarApertureM2 ?? solarApertureM2) * (1 - changes.shadedFraction),
      fanKW: changes.fanKW ?? fanKW, hvac: changes.hvac ?? hvac,
      holdsConverter: changes.holdsConverter ?? holdsConverter)
  }
}
