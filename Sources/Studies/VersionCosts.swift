package import Replay

/// What one version costs, cut the way that paired intervals need it.
package struct VersionCosts: Sendable {
  /// Name of the version.
  package var name: String
  /// Months in order of time.
  package var months: [MonthCosts]
  /// Lines that look over months, such as a yearly peak, a ratchet over earlier months, yearly tiers
  /// or a true-up, one sum per year. [currency]
  package var lookingBackByYear: [Double]

  /// Collects the costs of a version.
  package init(name: String, months: [MonthCosts], lookingBackByYear: [Double] = []) {
    self.name = name
    self.months = months
    self.lookingBackByYear = lookingBackByYear
  }

  /// Takes the costs of a replay.
  ///
  /// A year is twelve months from the first one on; months beyond whole years count to the last year.
  ///
  /// - Parameters:
  ///   - outcome: The replay.
  ///   - withWear: False to leave wear out, where something else pays for the battery's life.
  package init(_ outcome: ReplayOutcome, withWear: Bool = true) {
    let months = outcome.monthCosts
    let years = max(1, months.count / 12)
    var sums = [Double](repeating: 0, count: years)
    for (i, month) in months.enumerated() { sums[min(i / 12, years - 1)] += month.overMonths }
    self.init(
      name: outcome.name,
      months: withWear
        ? months
        : months.map { month in
          var month = month
          month.energyByDay = zip(month.energyByDay, month.wearByDay).map { $0 - $1 }
          return month
        }, lookingBackByYear: sums)
  }
}
