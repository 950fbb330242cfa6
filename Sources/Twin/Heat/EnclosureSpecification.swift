package import Diagnostics

/// One layer of the enclosure's wall, counted from inside.
public struct WallLayer: Sendable, Equatable {
  /// Conductance from the layer inside of it, or the air, to the middle of this one. [W/K]
  public var inwardWPerK: Double
  /// Heat capacity of the layer. [J/K]
  public var capacityJPerK: Double

  /// Puts a layer outside of another one.
  public init(inwardWPerK: Double, capacityJPerK: Double) {
    self.inwardWPerK = inwardWPerK
    self.capacityJPerK = capacityJPerK
  }
}

/// The box around the cells: air, walls, ventilation, sun, thermostat.
public struct EnclosureSpecification: Sendable, Equatable {
  /// Heat capacity of the air and what is at its temperature. [J/K]
  public var airCapacityJPerK: Double
  /// Exchange of air with the surroundings by the fan. [W/K]
  public var ventilationWPerK: Double
  /// Conductance from the air to the surroundings without the fan. [W/K]
  public var leakWPerK: Double
  /// Layers of the wall from inside to outside.
  public var walls: [WallLayer]
  /// Conductance from the outermost layer to the surroundings. [W/K]
  public var outsideWPerK: Double
  /// Absorbing area that the sun sees. [m²]
  public var solarApertureM2: Double
  /// Draw of the fan from the AC bus while the battery works. [kW]
  public var fanKW: Double
  /// Thermostat.
  public var hvac: HVACSpecification?
  /// True when the converter's heat goes to the enclosure's air.
  public var holdsConverter: Bool

  /// Puts an enclosure together.
  public init(
    airCapacityJPerK: Double, ventilationWPerK: Double = 0, leakWPerK: Double = 0,
    walls: [WallLayer] = [], outsideWPerK: Double = 0, solarApertureM2: Double = 0,
    fanKW: Double = 0, hvac: HVACSpecification? = nil, holdsConverter: Bool = false
  ) {
    self.airCapacityJPerK = airCapacityJPerK
    self.ventilationWPerK = ventilationWPerK
    self.leakWPerK = leakWPerK
    self.walls = walls
    self.outsideWPerK = outsideWPerK
    self.solarApertureM2 = solarApertureM2
    self.fanKW = fanKW
    self.hvac = hvac
    self.holdsConverter = holdsConverter
  }

  /// A cabinet on a wall or floor, cooled by its surface and a fan, sized by the cells in it.
  ///
  /// - Parameter capacityKWh: Nominal energy inside. [kWh]
  /// - Returns: The enclosure.
  public static func cabinet(capacityKWh: Double) -> EnclosureSpecification {
    let size = capacityKWh / 14
    return EnclosureSpecification(
      airCapacityJPerK: 4000 * size, ventilationWPerK: 15 * size, leakWPerK: 3 * size,
      walls: [WallLayer(inwardWPerK: 20 * size, capacityJPerK: 12000 * size)],
      outsideWPerK: 20 * size, fanKW: 0.006 * size)
  }

  /// A 20-foot container after the wall layers of SimSES: 1 mm aluminium, 15 mm polyurethane, 1.6 mm
  /// steel, 30 W/(m²·K) inside and outside, absorptivity 0.6.
  ///
  /// - Parameters:
  ///   - coolingKW: Heat the air conditioning can take. [kW]
  ///   - heatingKW: Heat it can give. [kW]
  /// - Returns: The enclosure.
  public static func container20(coolingKW: Double, heatingKW: Double) -> EnclosureSpecification {
    let area = 2 * (5.9 * 2.3 + 5.9 * 2.35 + 2.3 * 2.35)
    let foam = 0.022 * area / 0.015
    let aluminium = 0.001 * 2700 * 910 * area
    let foamCapacity = 0.015 * 35 * 1400 * area
    let steel = 0.0016 * 8050 * 500 * area
    return EnclosureSpecification(
      airCapacityJPerK: 5.9 * 2.3 * 2.35 * 1.204 * 1006 * 3, ventilationWPerK: 0,
      leakWPerK: 5,
      walls: [
        WallLayer(inwardWPerK: 30 * area, capacityJPerK: aluminium),
        WallLayer(inwardWPerK: 2 * foam, capacityJPerK: foamCapacity),
        WallLayer(inwardWPerK: 2 * foam, capacityJPerK: steel),
      ],
      outsideWPerK: 30 * area, solarApertureM2: 0.6 * (5.9 * 2.3 + 0.5 * 5.9 * 2.35), fanKW: 0.2,
      hvac: HVACSpecification(coolingKW: coolingKW, heatingKW: heatingKW))
  }

  /// The container of a battery of a power: air conditioning for the losses at full power and the sun on
  /// the box.
  ///
  /// - Parameter powerKW: Rated AC power of the inverter. [kW]
  /// - Returns: The enclosure.
  public static func container20(powerKW: Double) -> EnclosureSpecification {
    .container20(coolingKW: 2 + 0.06 * powerKW, heatingKW: 2 + 0.03 * powerKW)
  }

  /// Returns everything that makes the enclosure impossible.
  package func problems() -> Findings {
    var found = Findings()
    if !(airCapacityJPerK > 0 && airCapacityJPerK.isFinite) {
      found.error(
        "'air_capacity_j_per_k' must be positive, found '\(airCapacityJPerK)'",
        key: "air_capacity_j_per_k")
    }
    for (key, value) in [
      ("ventilation_w_per_k", ventilationWPerK), ("leak_w_per_k", leakWPerK),
      ("outside_w_per_k", outsideWPerK), ("solar_aperture_m2", solarApertureM2),
      ("fan_kw", fanKW),
    ] where !(value >= 0 && value.isFinite) {
      found.error("'\(key)' must be zero or more, found '\(value)'", key: key)
    }
    if !walls.allSatisfy({ $0.capacityJPerK > 0 && $0.inwardWPerK >= 0 }) {
      found.error("every layer of 'walls' needs a heat capacity", key: "walls")
    }
    if let hvac { found.append("hvac", hvac.problems()) }
    return found
  }
}
