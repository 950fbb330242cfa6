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
    self.init(name: outcome.name, months: outcome.monthCosts, withWear: withWear)
  }

  /// Takes the costs of months in order of time, as of a replay.
  init(name: String, months: [MonthCosts], withWear: Bool) {
    let years = max(1, months.count / 12)
    var sums = [Double](repeating: 0, count: years)
    for (i, month) in months.enumerated() { sums[min(i / 12, years - 1)] += month.overMonths }
    self.init(
      name: name,
      months: withWear
        ? months
        : months.map { month in
          var month = month
          month.energyByDay = zip(month.energyByDay, month.wearByDay).map { $0 - $1 }
          return month
        }, lookingBackByYear: sums)
  }

  /// Takes the mean of the costs of runs over the same months.
  init(meanOf runs: [VersionCosts], name: String) {
    let share = 1 / Double(max(1, runs.count))
    func sum(_ rows: [[Double]]) -> [Double] {
      (rows.first ?? []).indices.map { place in rows.reduce(0) { $0 + $1[place] } * share }
    }
    let months = (runs.first?.months ?? []).indices.map { place -> MonthCosts in
      let all = runs.map { $0.months[place] }
      func mean(_ value: (MonthCosts) -> Double) -> Double {
        all.reduce(0) { $0 + value($1) } * share
      }
      var month = all[0]
      month.energyByDay = sum(all.map(\.energyByDay))
      month.wearByDay = sum(all.map(\.wearByDay))
      month.demand = mean(\.demand)
      month.overMonths = mean(\.overMonths)
      month.peakKW = mean(\.peakKW)
      month.peakStart = nil
      return month
    }
    self.init(
      name: name, months: months, lookingBackByYear: sum(runs.map(\.lookingBackByYear)))
  }
}
