/// What cycles do to a cell.
struct CycleStress: Sendable, Equatable {
  /// Throughput over twice the new capacity.
  var equivalentFullCycles: Double
  /// Depth, 0…1.
  var depth: Double
  /// Mean rate. [1/h]
  var cRate: Double
  /// Equivalent full cycles per day, which the break-in term asks for. [1/d]
  var perDay = 0.0
}
