package import Replay

/// What versions would have cost, month by month, as a shadow of the running planner finds it day by day.
package struct ShadowLedger: Sendable, Hashable {
  /// A calendar month as far as it was replayed.
  package struct Month: Sendable, Hashable {
    /// For example `2024-03`, on the local calendar.
    package var label: String
    /// First day that was replayed, in days since 1970-01-01.
    package var firstDay: Int
    /// Last day that was replayed, in days since 1970-01-01.
    package var lastDay: Int
    /// Costs of each version over these days.
    package var costs: [String: MonthCosts]

    /// Puts a month together.
    package init(label: String, firstDay: Int, lastDay: Int, costs: [String: MonthCosts]) {
      self.label = label
      self.firstDay = firstDay
      self.lastDay = lastDay
      self.costs = costs
    }

    /// Number of days that were replayed.
    package var days: Int { lastDay - firstDay + 1 }
  }

  /// The months in order of time.
  package private(set) var months: [Month]

  /// Starts with months that were found before.
  package init(months: [Month] = []) { self.months = months.sorted { $0.firstDay < $1.firstDay } }

  /// Takes a month in, in the place of what was known of it.
  package mutating func take(_ month: Month) {
    months.removeAll { $0.label == month.label }
    months.append(month)
    months.sort { $0.firstDay < $1.firstDay }
  }

  /// The last day that was replayed, in days since 1970-01-01.
  package var lastDay: Int? { months.last?.lastDay }

  /// Compares the active version with each other one over the newest months that both were replayed in.
  ///
  /// - Parameters:
  ///   - active: The version that plans.
  ///   - count: How many of the newest months count.
  /// - Returns: One interval per other version, by name, corrected for their number.
  package func pairs(active: String, newest count: Int) -> [PairedInterval] {
    let newest = months.suffix(count)
    let others = Set(newest.flatMap(\.costs.keys)).subtracting([active]).sorted()
    return PairedInterval.corrected(
      others.compactMap { other in
        let both = newest.compactMap { month in
          month.costs[active].flatMap { one in month.costs[other].map { (one, $0) } }
        }
        guard !both.isEmpty else { return nil }
        return PairedInterval(
          VersionCosts(name: active, months: both.map(\.0)),
          VersionCosts(name: other, months: both.map(\.1)))
      })
  }
}
