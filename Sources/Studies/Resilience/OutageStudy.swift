package import Replay

/// How long a battery carries a site through an outage, whenever it begins.
///
/// From the state of the battery at the start of each interval of a replay, load and production run as they were, the
/// load down to its critical share. Production that the load does not need charges the battery. An outage is survived
/// as long as every interval is served in full.
package struct OutageStudy: Sendable {
  /// Hours without interruption from each start, the longest looked at where nothing fails. [h, one per interval]
  package let survivedHours: [Double]
  /// Energy that is not served in an outage of the usual length, the mean over all starts. [kWh]
  package let meanUnservedKWh: Double
  /// Longest outage looked at. [h]
  package let longestHours: Double

  /// Lets an outage begin at every interval.
  ///
  /// - Parameters:
  ///   - storedKWh: Stored energy at the start of each interval. [kWh]
  ///   - loadKW: Load. [kW, one per interval]
  ///   - pvKW: Production. [kW, one per interval]
  ///   - stepHours: Length of an interval. [h]
  ///   - battery: What the battery can do.
  ///   - settings: What is served, and for how long.
  package init(
    storedKWh: [Double], loadKW: [Double], pvKW: [Double], stepHours: Double,
    battery: IslandedBattery,
    settings: ResilienceSettings
  ) {
    let most = max(1, Int((settings.longestHours / stepHours).rounded()))
    let usual = max(1, Int((settings.outageHours / stepHours).rounded()))
    let count = storedKWh.count
    var survived: [Double] = []
    var unserved = 0.0
    var outages = 0
    for start in 0..<count where storedKWh[start].isFinite {
      var stored = max(battery.emptyKWh, storedKWh[start])
      var hours: Double?
      var missing = 0.0
      var isWhole = false
      for step in 0..<max(most, usual) {
        // A period that ends is taken to begin again, so that every start has as long.
        let i = (start + step) % count
        let load = loadKW[i].isFinite ? loadKW[i] * settings.criticalShare : 0
        let net = load - (pvKW[i].isFinite ? max(0, pvKW[i]) : 0)
        let lacking = battery.serve(netKW: net, hours: stepHours, storedKWh: &stored)
        if lacking > 1e-9 {
          if hours == nil { hours = Double(step) * stepHours }
          if step < usual { missing += lacking }
        }
        if step + 1 == usual { isWhole = true }
        if isWhole, hours != nil { break }
      }
      survived.append(min(hours ?? settings.longestHours, settings.longestHours))
      unserved += missing
      outages += 1
    }
    survivedHours = survived
    meanUnservedKWh = outages > 0 ? unserved / Double(outages) : 0
    longestHours = settings.longestHours
  }

  /// Returns the share of starts from which an outage of some hours is survived.
  package func survivedShare(hours: Double) -> Double {
    guard !survivedHours.isEmpty else { return 0 }
    return Double(survivedHours.count { $0 >= hours - 1e-9 }) / Double(survivedHours.count)
  }
}
