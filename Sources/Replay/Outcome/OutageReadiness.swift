import TimeSeries

/// How far a run was ready for the outages that were expected.
///
/// The grid is there in a replay. What an outage would have been is told by the energy that was stored when it begins,
/// with load and production as they came.
package struct OutageReadiness: Sendable, Hashable {
  /// Outages in the period.
  package var count = 0
  /// Outages in which every interval is served in full.
  package var servedInFull = 0
  /// Critical load of all of them. [kWh]
  package var criticalKWh = 0.0
  /// The part of it that is not served. [kWh]
  package var unservedKWh = 0.0
  /// Outages that the full battery was not expected to carry.
  package var beyondBattery = 0
}

extension OutageReadiness {
  /// Share of a battery by which two energies may differ and still be the same.
  private static let rounding = 1e-4

  /// Judges a run; nothing where no outage was expected.
  ///
  /// - Parameters:
  ///   - trace: What happened.
  ///   - startStoredKWh: Stored energy as the period began. [kWh]
  ///   - reserve: What is kept.
  ///   - outages: What is to be served.
  init?(
    _ trace: ReplayTrace, startStoredKWh: Double, reserve: ReserveProfile?,
    outages: ExpectedOutages?
  ) {
    guard let reserve, let outages, let island = reserve.island, !reserve.needs.isEmpty else {
      return nil
    }
    let hours = trace.grid.stepHours
    for need in reserve.needs {
      let before = need.slots.lowerBound - 1
      let known = before < 0 ? startStoredKWh : trace.storedKWh[before]
      var stored = known.isFinite ? max(island.emptyKWh, known) : island.emptyKWh
      var missing = 0.0
      // An interval that was not measured asks for nothing.
      for slot in need.slots where trace.loadKW[slot].isFinite {
        let load = outages.criticalKW ?? max(0, trace.loadKW[slot]) * outages.criticalShare
        let pv = trace.pvKW[slot].isFinite ? max(0, trace.pvKW[slot]) : 0
        criticalKWh += load * hours
        guard known.isFinite else {
          missing += load * hours
          continue
        }
        missing += island.serve(netKW: load - pv, hours: hours, storedKWh: &stored)
      }
      count += 1
      if missing <= 1e-6 { servedInFull += 1 }
      if (need.restShares.first ?? 0) > 1 + Self.rounding { beyondBattery += 1 }
      unservedKWh += missing
    }
  }
}
