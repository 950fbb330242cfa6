/// What was measured at a site: columns on one grid, with the site's zone.
package struct SiteHistory: Sendable {
  /// The intervals of all columns.
  package let grid: TimeGrid
  /// The site's zone.
  package let zone: Zone
  /// One value per interval for each quantity; NaN where nothing was measured.
  package private(set) var columns: [Quantity: [Double]]

  /// Puts columns on a grid.
  package init(grid: TimeGrid, zone: Zone, columns: [Quantity: [Double]]) {
    for column in columns.values {
      precondition(column.count == grid.count, "one value per interval")
    }
    self.grid = grid
    self.zone = zone
    self.columns = columns
  }

  /// The column of a quantity, one value per interval, or nothing when it was not measured.
  package subscript(quantity: Quantity) -> [Double]? {
    get { columns[quantity] }
    set {
      if let newValue { precondition(newValue.count == grid.count, "one value per interval") }
      columns[quantity] = newValue
    }
  }

  /// Returns what was known at an instant: every interval that had ended by then.
  package func known(before instant: Int) -> PastHistory {
    let count = min(grid.count, max(0, (instant - grid.start) / grid.stepSeconds))
    return PastHistory(
      grid: grid[0..<count], zone: zone, columns: columns.mapValues { $0[0..<count] })
  }

  /// Returns the history on another step, keeping means; see `Series.resampled(to:)`.
  package func resampled(stepSeconds: Int) -> SiteHistory {
    if stepSeconds == grid.stepSeconds { return self }
    let target = grid.withStep(stepSeconds)
    return SiteHistory(
      grid: target, zone: zone,
      columns: columns.mapValues { Series(grid: grid, values: $0).resampled(to: target).values })
  }
}

/// History cut at an instant: nothing at or after it can be reached through this value.
package struct PastHistory: Sendable {
  /// The intervals that had ended; `grid.end` is the issue time when the cut lies on a boundary.
  package let grid: TimeGrid
  /// The site's zone.
  package let zone: Zone
  private var columns: [Quantity: ArraySlice<Double>]

  init(grid: TimeGrid, zone: Zone, columns: [Quantity: ArraySlice<Double>]) {
    self.grid = grid
    self.zone = zone
    self.columns = columns
  }

  /// The column of a quantity, one value per interval, or nothing when it is not measured.
  package subscript(quantity: Quantity) -> ArraySlice<Double>? { columns[quantity] }

  /// Puts in a column that was measured elsewhere, one value per interval of this past.
  package mutating func add(_ quantity: Quantity, _ values: ArraySlice<Double>) {
    precondition(values.count == grid.count, "one value per interval")
    columns[quantity] = values
  }

  /// Returns the part of this past that had ended at an earlier instant.
  package func known(before instant: Int) -> PastHistory {
    let count = min(grid.count, max(0, (instant - grid.start) / grid.stepSeconds))
    return PastHistory(
      grid: grid[0..<count], zone: zone, columns: columns.mapValues { $0.prefix(count) })
  }
}
