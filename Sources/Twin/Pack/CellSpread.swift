package import Diagnostics

/// How far cells of one pack differ, drawn with a seed.
public struct CellSpread: Sendable, Equatable {
  /// Standard deviation of the capacity, as a share.
  public var capacity: Double
  /// Standard deviation of the resistance, as a share.
  public var resistance: Double
  /// Standard deviation of the state of charge at the start.
  public var soc: Double

  /// Sets standard deviations; the defaults are those of new packs.
  ///
  /// Source: L. Wildfeuer, M. Lienkamp, eTransportation 9 (2021) 100129,
  /// doi:10.1016/j.etran.2021.100129 (inherent 0.17 % and 0.45 %), widened for assembly.
  public init(capacity: Double = 0.005, resistance: Double = 0.03, soc: Double = 0.005) {
    self.capacity = capacity
    self.resistance = resistance
    self.soc = soc
  }

  /// Equal cells.
  public static var none: CellSpread { CellSpread(capacity: 0, resistance: 0, soc: 0) }
  /// Cells of a second life.
  public static var secondLife: CellSpread {
    CellSpread(capacity: 0.03, resistance: 0.10, soc: 0.02)
  }

  /// Largest standard deviation for which no cell is drawn without charge.
  private static let largest = 0.2

  /// Returns everything that makes the spread impossible.
  package func problems() -> Findings {
    var found = Findings()
    for (key, value) in [
      ("capacity_fraction", capacity), ("resistance_fraction", resistance), ("soc_fraction", soc),
    ] where !(value >= 0 && value <= Self.largest) {
      found.error("'\(key)' must be from 0 to \(Self.largest), found '\(value)'", key: key)
    }
    return found
  }
}
