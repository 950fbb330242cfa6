/// What was forecast of each local day at its first issue, with what happened, for an audit of measures of accuracy.
package struct DayAheadLog: Sendable {
  /// What is forecast.
  package enum Subject: String, Sendable, CaseIterable {
    case load
    case pv
    /// Load less production.
    case net
    /// Spot prices, of days that were not published when the first plan of the day was made.
    case price
  }

  /// One day: as many values as planning slots from the first issue on it to its end.
  package struct Day: Sendable {
    /// Forecast of the first issue on the day.
    package var forecast: [Double]
    /// What was measured, NaN where nothing was.
    package var actual: [Double]
    /// Mean absolute change of the forecast of a slot from issue to issue on the day; NaN for one issue.
    package var revision: Double { changes / Double(changed) }
    var changes = 0.0
    var changed = 0

    /// States a day.
    package init(forecast: [Double], actual: [Double], changes: [Double] = []) {
      self.forecast = forecast
      self.actual = actual
      self.changes = changes.reduce(0) { $0 + abs($1) }
      changed = changes.count
    }
  }

  /// Planning slots of an hour.
  package let slotsPerHour: Int
  /// The days by subject, from the first local day of the period on; nothing where the day was not forecast.
  package internal(set) var days: [Subject: [Day?]]

  /// States what was forecast.
  package init(slotsPerHour: Int, days: [Subject: [Day?]]) {
    self.slotsPerHour = slotsPerHour
    self.days = days
  }
}
