/// What is known of a cell's heat before it is measured.
public struct KnownHeat: Sendable, Equatable {
  /// Heat capacity. [J/K]
  public var capacityJPerK: Double
  /// Entropic coefficient over state of charge, of equal lengths and at least two nodes. [V/K]
  public var socFraction: [Double]
  public var entropicVPerK: [Double]

  /// Sets what is known.
  public init(capacityJPerK: Double, socFraction: [Double], entropicVPerK: [Double]) {
    self.capacityJPerK = capacityJPerK
    self.socFraction = socFraction
    self.entropicVPerK = entropicVPerK
  }

  /// Takes what is known from a cell.
  public init(_ cell: CellSpecification) {
    self.init(
      capacityJPerK: cell.heatCapacityJPerK, socFraction: cell.socFraction,
      entropicVPerK: cell.entropicVPerK)
  }
}
