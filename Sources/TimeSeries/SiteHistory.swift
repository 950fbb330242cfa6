/// What was measured at a site: columns on one grid, with the site's zone.
package struct SiteHistory: Sendable {
  /// The intervals of all columns.
  package let grid: TimeGrid
  /// The site's zone.
  package let zone: Zone
  /// One value per interval for each quantity; NaN where nothing was measured.
  package private(set) var columns: [Quantity: [Double]]
  /// Production of each plane of modules that is known by itself, by name, as it was measured; `pv` is that of
  /// all. [kW]
  private var planes: [String: [Double]] = [:]
  /// Whether the value of an interval stands in for one that nobody measured; only for quantities that
  /// have such.
  private var standIns: [Quantity: [Bool]] = [:]
  /// Intervals that nobody logged, though they happened; empty where all were.
  private var unlogged: [Bool] = []
  /// What was logged, where that is less than what happened.
  private var logged: [Quantity: [Double]]?
  /// What was logged of the planes, where that is less than what happened.
  private var loggedPlanes: [String: [Double]]?

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

  /// The production of a plane of modules, one value per interval, or nothing when it is not known by itself. [kW]
  package subscript(plane name: String) -> [Double]? {
    get { planes[name] }
    set {
      if let newValue { precondition(newValue.count == grid.count, "one value per interval") }
      planes[name] = newValue
    }
  }

  /// Names of the planes whose production is known by itself, in alphabetical order.
  package var planeNames: [String] { planes.keys.sorted() }

  /// Takes fixed shares of a production for those of planes.
  ///
  /// - Parameters:
  ///   - shares: Share of each plane by name, 0…1.
  ///   - column: The production they are of, one value per interval. [kW]
  package mutating func setPlanes(shares: [String: Double], of column: [Double]) {
    for (name, share) in shares { self[plane: name] = column.map { $0 * share } }
  }

  /// Multiplies the production, that of each plane as well.
  package mutating func scaleProduction(by factor: Double) {
    columns[.pv] = columns[.pv]?.map { $0 * factor }
    planes = planes.mapValues { $0.map { $0 * factor } }
  }

  /// Says which values of a quantity stand in for ones that nobody measured, one per interval.
  package mutating func setStandIns(_ marks: [Bool], of quantity: Quantity) {
    precondition(marks.count == grid.count, "one mark per interval")
    standIns[quantity] = marks.contains(true) ? marks : nil
  }

  /// Returns the column of a quantity as it was measured: missing where a value stands in.
  ///
  /// Forecasts are judged by it; what stands in may be a forecast itself.
  package func measured(_ quantity: Quantity) -> [Double]? {
    guard let column = columns[quantity], let marks = standIns[quantity] else {
      return columns[quantity]
    }
    return zip(column, marks).map { $1 ? .nan : $0 }
  }

  /// Says which intervals nobody logged: they happened, and no past ever knows of them, prices apart.
  package mutating func setUnlogged(_ marks: [Bool]) {
    precondition(marks.count == grid.count, "one mark per interval")
    unlogged = marks.contains(true) ? marks : []
    guard !unlogged.isEmpty else {
      logged = nil
      loggedPlanes = nil
      return
    }
    var seen = columns
    for (quantity, column) in columns where quantity != .price {
      seen[quantity] = zip(column, marks).map { $1 ? .nan : $0 }
    }
    logged = seen
    loggedPlanes = planes.mapValues { zip($0, marks).map { $1 ? .nan : $0 } }
  }

  /// Returns what was known at an instant: every interval that had ended by then and was logged.
  package func known(before instant: Int) -> PastHistory {
    let count = min(grid.count, max(0, (instant - grid.start) / grid.stepSeconds))
    return PastHistory(
      grid: grid[0..<count], zone: zone, columns: (logged ?? columns).mapValues { $0[0..<count] },
      planes: (loggedPlanes ?? planes).mapValues { $0[0..<count] })
  }

  /// Returns the history on another step, keeping means; see `Series.resampled(to:)`.
  package func resampled(stepSeconds: Int) -> SiteHistory {
    resampled(to: grid.withStep(stepSeconds))
  }

  /// Returns the history on another grid, keeping means; an interval with any value that stands in counts
  /// as not measured, and one with any that nobody logged as not logged.
  package func resampled(to target: TimeGrid) -> SiteHistory {
    if target == grid { return self }
    var history = SiteHistory(
      grid: target, zone: zone,
      columns: columns.mapValues { Series(grid: grid, values: $0).resampled(to: target).values })
    for (name, column) in planes {
      history[plane: name] = Series(grid: grid, values: column).resampled(to: target).values
    }
    for (quantity, marks) in standIns {
      let shares = Series(grid: grid, values: marks.map { $0 ? 1 : 0 }).resampled(to: target)
      history.setStandIns(shares.values.map { $0 > 0 }, of: quantity)
    }
    if !unlogged.isEmpty {
      let shares = Series(grid: grid, values: unlogged.map { $0 ? 1 : 0 }).resampled(to: target)
      history.setUnlogged(shares.values.map { $0 > 0 })
    }
    return history
  }
}

/// History cut at an instant: nothing at or after it can be reached through this value.
package struct PastHistory: Sendable {
  /// The intervals that had ended; `grid.end` is the issue time when the cut lies on a boundary.
  package let grid: TimeGrid
  /// The site's zone.
  package let zone: Zone
  private var columns: [Quantity: ArraySlice<Double>]
  private let planes: [String: ArraySlice<Double>]

  init(
    grid: TimeGrid, zone: Zone, columns: [Quantity: ArraySlice<Double>],
    planes: [String: ArraySlice<Double>] = [:]
  ) {
    self.grid = grid
    self.zone = zone
    self.columns = columns
    self.planes = planes
  }

  /// Returns the past of a site that has one of its planes of modules alone: its production is the site's, every
  /// other column stays.
  ///
  /// - Parameter name: Name of the plane.
  /// - Returns: Nothing where the production of the plane is not known by itself.
  package func ofPlane(_ name: String) -> PastHistory? {
    guard let own = planes[name] else { return nil }
    var past = self
    past.columns[.pv] = own
    return past
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
      grid: grid[0..<count], zone: zone, columns: columns.mapValues { $0.prefix(count) },
      planes: planes.mapValues { $0.prefix(count) })
  }
}
