/// How cells are laid out for the heat between them.
public enum CellTopology: Sendable, Equatable {
  /// A chain of up to 32 cells, else modules of at most 16.
  case automatic
  /// No conduction between cells.
  case isolated
  /// Every cell touches the one before and after it.
  case chain
  /// Chains of a number of cells; chains do not touch.
  case modules(of: Int)
  /// A grid, filled row by row.
  case grid(columns: Int)
}

/// Heat paths of a cell.
public struct CoolingSpecification: Sendable, Equatable {
  /// Which cells touch.
  public var topology: CellTopology
  /// Conductance between neighbours. [W/K]
  public var neighbourWPerK: Double
  /// Conductance from a cell to the enclosure's air with the fan running, if there is one. [W/K]
  public var airWPerK: Double
  /// Share of the conductances to air and of the ventilation that is left without the fan.
  public var stillAirFraction: Double

  /// Describes heat paths; defaults are those of a 280 Ah prismatic cell in a cabinet.
  public init(
    topology: CellTopology = .automatic, neighbourWPerK: Double = 0.4, airWPerK: Double = 0.8,
    stillAirFraction: Double = 0.35
  ) {
    self.topology = topology
    self.neighbourWPerK = neighbourWPerK
    self.airWPerK = airWPerK
    self.stillAirFraction = stillAirFraction
  }
}

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

  /// Describes a thermostat; COP 3.0 and 2.5 and ±5 K about 25 °C are the set of SimSES.
  public init(
    coolingKW: Double, heatingKW: Double, coolingCOP: Double = 3, heatingCOP: Double = 2.5,
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
}

/// One layer of the enclosure's wall, counted from inside.
public struct WallLayer: Sendable, Equatable {
  /// Conductance from the layer inside of it, or the air, to the middle of this one. [W/K]
  public var inwardWPerK: Double
  /// Heat capacity of the layer. [J/K]
  public var capacityJPerK: Double

  /// Describes a layer.
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

  /// Describes an enclosure.
  public init(
    airCapacityJPerK: Double, ventilationWPerK: Double, leakWPerK: Double,
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
}
