import Numerics
package import TimeSeries

extension ExternalForecasts {
  /// What the rows of one version say about one quantity.
  package struct Coverage: Sendable, Hashable {
    /// Name of the version.
    package var version: String
    /// What is forecast.
    package var quantity: Quantity
    /// The plane of modules that it is forecast for; nothing for the whole site.
    package var plane: String?
    /// Issue times, each counted once.
    package var issues = 0
    /// The first issue. [UTC epoch s]
    package var firstIssue = 0
    /// The last issue. [UTC epoch s]
    package var lastIssue = 0
    /// Slots that have a row of any issue.
    package var slots = 0
    /// Begin of the first slot. [UTC epoch s]
    package var firstSlot = 0
    /// Begin of the last slot. [UTC epoch s]
    package var lastSlot = 0
    /// The most frequent distance of slots; nothing for a single slot. [s]
    package var stepSeconds: Int?
    /// Slots between the first and the last that have no row.
    package var missingSlots = 0
    /// Stretches of such slots.
    package var gaps = 0
    /// The longest of them, from its first slot to the next that has a row; empty when there is none.
    /// [UTC epoch s]
    package var longestGap = 0..<0
    /// Probability levels, increasing.
    package var levels: [Double] = []
    /// Whether there are rows of a point forecast.
    package var hasPoint = false
    /// Slots of the grid asked about that no row is about.
    package var uncoveredSlots = 0
  }

  /// Returns what the rows cover, by version and quantity.
  ///
  /// - Parameter grid: Slots that are wanted, such as those of a period.
  /// - Returns: One entry per version, quantity and plane, in alphabetical order.
  package func coverage(of grid: TimeGrid) -> [Coverage] {
    tables.keys.sorted {
      ($0.version, $0.quantity.rawValue, $0.plane ?? "")
        < ($1.version, $1.quantity.rawValue, $1.plane ?? "")
    }.compactMap { key in
      var found = tables[key]?.coverage(version: key.version, quantity: key.quantity, grid)
      found?.plane = key.plane
      return found
    }
  }
}

extension ExternalForecasts.Table {
  fileprivate func coverage(
    version: String, quantity: Quantity, _ grid: TimeGrid
  ) -> ExternalForecasts.Coverage? {
    let issues = Set(issuedAt.joined())
    let slots = Set(validAt.joined()).sorted()
    guard let firstIssue = issues.min(), let lastIssue = issues.max(), let firstSlot = slots.first,
      let lastSlot = slots.last
    else { return nil }
    var result = ExternalForecasts.Coverage(version: version, quantity: quantity)
    result.issues = issues.count
    result.firstIssue = firstIssue
    result.lastIssue = lastIssue
    result.slots = slots.count
    result.firstSlot = firstSlot
    result.lastSlot = lastSlot
    result.levels = levels.compactMap { $0 }
    result.hasPoint = levels.contains(nil)
    let known = Set(slots)
    result.uncoveredSlots = grid.indices.count { !known.contains(grid.instant($0)) }
    var distances: [Int: Int] = [:]
    for (before, after) in zip(slots, slots.dropFirst()) {
      distances[after - before, default: 0] += 1
    }
    guard let step = Statistics.mode(distances) else {
      return result
    }
    result.stepSeconds = step
    for (before, after) in zip(slots, slots.dropFirst()) where after - before > step {
      result.gaps += 1
      result.missingSlots += (after - before - 1) / step
      if after - before - step > result.longestGap.count {
        result.longestGap = before + step..<after
      }
    }
    return result
  }
}
