import Numerics
package import TimeSeries

/// Outages that a site makes ready for, and the load that is to be served in them.
package struct ExpectedOutages: Sendable, Hashable {
  /// Outages that are stated. [UTC epoch s]
  package var stated: [Range<Int>]
  /// Outages a year that are drawn besides, with the seed of the run.
  package var drawnPerYear: Double
  /// Length of each of those. [h]
  package var drawnHours: Double
  /// Share of the load that is to be served.
  package var criticalShare: Double
  /// Load that is to be served in place of a share; nothing for the share. [kW]
  package var criticalKW: Double?
  /// Time by which an outage is known before it begins. [s]
  package var knownSeconds: Int

  /// Expects outages.
  package init(
    stated: [Range<Int>], drawnPerYear: Double = 0, drawnHours: Double = 4,
    criticalShare: Double = 1, criticalKW: Double? = nil, knownSeconds: Int = 86_400
  ) {
    self.stated = stated
    self.drawnPerYear = drawnPerYear
    self.drawnHours = drawnHours
    self.criticalShare = criticalShare
    self.criticalKW = criticalKW
    self.knownSeconds = knownSeconds
  }

  /// Returns the outages of a period in the order of time; those that overlap are one.
  ///
  /// As many are drawn as the period has by the year, rounded, each beginning anywhere in it.
  ///
  /// - Parameters:
  ///   - period: The intervals of the period.
  ///   - seed: Draws those that are not stated.
  /// - Returns: Beginnings and ends. [UTC epoch s]
  package func outages(in period: TimeGrid, seed: UInt64) -> [Range<Int>] {
    let length = period.end - period.start
    var all = stated
    var generator = SeededGenerator(seed: seed, label: "outages")
    let count = Int((drawnPerYear * Double(length) / (365.25 * 86_400)).rounded())
    for _ in 0..<count {
      let start = period.start + Int(generator.uniform() * Double(length))
      let aligned = start - (start - period.start) % period.stepSeconds
      all.append(aligned..<aligned + max(1, Int(drawnHours * 3600)))
    }
    var joined: [Range<Int>] = []
    for outage in all.sorted(by: { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
    ) {
      guard outage.upperBound > period.start, outage.lowerBound < period.end, !outage.isEmpty
      else { continue }
      if let last = joined.last, outage.lowerBound <= last.upperBound {
        joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, outage.upperBound)
      } else {
        joined.append(outage)
      }
    }
    return joined
  }
}
