/// Values on a grid; the name of the property that holds it carries the unit.
///
/// A value is the mean over its interval. A missing value is NaN, never zero.
package struct Series: Sendable, Equatable {
  /// The intervals.
  package let grid: TimeGrid
  /// One value per interval.
  package var values: [Double] {
    didSet { precondition(values.count == grid.count, "one value per interval") }
  }

  /// Puts one value on each interval of a grid.
  package init(grid: TimeGrid, values: [Double]) {
    precondition(values.count == grid.count, "one value per interval")
    self.grid = grid
    self.values = values
  }

  /// Puts the same value on every interval of a grid.
  package init(grid: TimeGrid, constant: Double) {
    self.init(grid: grid, values: [Double](repeating: constant, count: grid.count))
  }
}
