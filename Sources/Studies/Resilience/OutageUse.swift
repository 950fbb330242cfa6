import Planning
package import Replay
import TimeSeries
package import Twin

/// What a battery does for a site in outages, over a replayed period.
package struct OutageUse: Sendable, Hashable, Codable {
  /// Lengths of outages, in rising order. [h]
  package var hours: [Double]
  /// Share of the starts from which an outage of each length is survived.
  package var survivedShares: [Double]
  /// The outage that money is counted for: its length, and the share of starts from which it is survived. [h]
  package var outageHours: Double
  package var survivedShare: Double
  /// Energy that an outage of that length leaves without service, the mean over all starts. [kWh]
  package var unservedKWh: Double
  /// The same without a battery, when nothing runs. [kWh]
  package var bareUnservedKWh: Double
  /// What survived outages are worth. [currency/year]
  package var avoidedPerYear: Double
  /// What keeping the reserve costs: cost of the period with it less that without, scaled to a year; nothing without a
  /// reserve. [currency/year]
  package var reserveCostPerYear: Double?

  /// Lengths that curves are told at. [h]
  private static let told = [0.5, 1, 2, 4, 8, 12, 24, 48, 72, 168]

  /// Lets an outage begin at every interval of a replay.
  ///
  /// - Parameters:
  ///   - outcome: The replay with the battery.
  ///   - replay: The site.
  ///   - battery: The battery.
  ///   - settings: What an outage is.
  /// - Throws: `ImpossibleState` as the twin does.
  package init(
    _ outcome: ReplayOutcome, replay: ReplayCase, battery: TwinSpecification,
    settings: ResilienceSettings
  ) throws {
    let trace = outcome.trace
    let hours = trace.grid.stepHours
    let able = try replay.with(battery: battery).ratedEnvelope(
      slots: 1, stepSeconds: trace.grid.stepSeconds)
    // The state at the end of an interval is that at the start of the next one.
    let stored = trace.storedKWh.prefix(1) + trace.storedKWh.dropLast()
    let study = OutageStudy(
      storedKWh: Array(stored), loadKW: trace.loadKW, pvKW: trace.pvKW, stepHours: hours,
      battery: IslandedBattery(able, ratedKW: battery.converter.ratedKW), settings: settings)
    self.hours = Self.told.filter { $0 >= hours && $0 <= settings.longestHours }
    survivedShares = self.hours.map { study.survivedShare(hours: $0) }
    outageHours = settings.outageHours
    survivedShare = study.survivedShare(hours: min(settings.outageHours, settings.longestHours))
    unservedKWh = study.meanUnservedKWh
    let loads = trace.loadKW.filter(\.isFinite)
    let mean = loads.isEmpty ? 0 : loads.reduce(0, +) / Double(loads.count)
    let slots = max(1, (settings.outageHours / hours).rounded())
    bareUnservedKWh = mean * settings.criticalShare * slots * hours
    avoidedPerYear =
      settings.outagesPerYear * settings.valueOfLostLoadPerKWh
      * max(0, bareUnservedKWh - unservedKWh)
  }
}
