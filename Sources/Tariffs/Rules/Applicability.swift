/// Who may take a tariff, and when it holds.
///
/// A site outside of it is billed all the same, with a warning: the limits decide which tariff a
/// supplier offers, not what a tariff comes to.
package struct Applicability: Sendable, Hashable {
  /// First local day, counted from 1970-01-01; nothing for no limit.
  package var fromDay: Int?
  /// Last local day, counted from 1970-01-01; nothing for no limit.
  package var throughDay: Int?
  /// Least peak of a month. [kW]
  package var leastPeakKW: Double?
  /// Highest peak of a month. [kW]
  package var highestPeakKW: Double?
  /// Least import of a month. [kWh]
  package var leastMonthKWh: Double?
  /// Highest import of a month. [kWh]
  package var highestMonthKWh: Double?

  /// Creates limits; those left out do not limit.
  package init(
    fromDay: Int? = nil, throughDay: Int? = nil, leastPeakKW: Double? = nil,
    highestPeakKW: Double? = nil, leastMonthKWh: Double? = nil, highestMonthKWh: Double? = nil
  ) {
    self.fromDay = fromDay
    self.throughDay = throughDay
    self.leastPeakKW = leastPeakKW
    self.highestPeakKW = highestPeakKW
    self.leastMonthKWh = leastMonthKWh
    self.highestMonthKWh = highestMonthKWh
  }

  /// Everybody, always.
  package static let unlimited = Applicability()
}
