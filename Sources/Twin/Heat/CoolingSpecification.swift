package import Diagnostics

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

  /// Sets heat paths; the defaults are those of a 280 Ah prismatic cell in a cabinet.
  public init(
    topology: CellTopology = .automatic, neighbourWPerK: Double = 0.4, airWPerK: Double = 0.8,
    stillAirFraction: Double = 0.35
  ) {
    self.topology = topology
    self.neighbourWPerK = neighbourWPerK
    self.airWPerK = airWPerK
    self.stillAirFraction = stillAirFraction
  }

  /// Returns heat paths by the size of the cell: those of a 280 Ah prismatic cell, by heat capacity to 2/3.
  public static func usual(for cell: CellSpecification) -> CoolingSpecification {
    let reference = CellSpecification.lfpPrismatic280.heatCapacityJPerK
    let surface = PortableMath.pow(cell.heatCapacityJPerK / reference, 2.0 / 3)
    return CoolingSpecification().scaled(by: surface)
  }

  /// Returns the conductances of a cell that stands for so many.
  func scaled(by factor: Double) -> CoolingSpecification {
    var paths = self
    paths.airWPerK *= factor
    paths.neighbourWPerK *= factor
    return paths
  }

  /// Returns everything that makes the heat paths of a number of cells impossible.
  package func problems(cellCount: Int) -> Findings {
    var found = Findings()
    for (key, value) in [("neighbour_w_per_k", neighbourWPerK), ("air_w_per_k", airWPerK)]
    where !(value >= 0 && value.isFinite) {
      found.error("'\(key)' must be zero or more, found '\(value)'", key: key)
    }
    if !(stillAirFraction >= 0 && stillAirFraction <= 1) {
      found.error(
        "'still_air_fraction' must be a fraction from 0 to 1, found '\(stillAirFraction)'",
        key: "still_air_fraction")
    }
    switch topology {
    case .modules(let size) where size < 1:
      found.error(
        "'cells_per_module' must be positive, found '\(size)'", key: "cells_per_module")
    case .grid(let columns) where columns < 1:
      found.error("'grid_columns' must be positive, found '\(columns)'", key: "grid_columns")
    default:
      let block = NetworkLayout.module(cellCount, topology) ?? cellCount
      if block > NetworkLayout.largestBlock {
        found.error(
          "\(block) cells in one block are more than \(NetworkLayout.largestBlock); "
            + "give a module size that divides \(cellCount)", key: "cells_per_module")
      }
    }
    return found
  }
}
