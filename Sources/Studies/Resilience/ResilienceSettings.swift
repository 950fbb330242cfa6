/// What an outage is, and what it is worth to survive it.
package struct ResilienceSettings: Sendable, Hashable {
  /// Share of the load that is served in an outage.
  package var criticalShare: Double
  /// Length of the outages that money is counted for. [h]
  package var outageHours: Double
  /// How many of them a year has.
  package var outagesPerYear: Double
  /// What a kWh that is not served costs. [currency/kWh]
  package var valueOfLostLoadPerKWh: Double
  /// Longest outage of the survival curve. [h]
  package var longestHours: Double

  /// States what an outage is.
  package init(
    criticalShare: Double = 1, outageHours: Double = 4, outagesPerYear: Double = 1,
    valueOfLostLoadPerKWh: Double = 0, longestHours: Double = 48
  ) {
    self.criticalShare = criticalShare
    self.outageHours = outageHours
    self.outagesPerYear = outagesPerYear
    self.valueOfLostLoadPerKWh = valueOfLostLoadPerKWh
    self.longestHours = longestHours
  }
}
