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
    guard let reserve, let outages, !reserve.islands.isEmpty, !reserve.needs.isEmpty else {
      return nil
    }
    let hours = trace.grid.stepHours
    let fleet = IslandedFleet(reserve.islands)
    for need in reserve.needs {
      let before = need.slots.lowerBound - 1
      let known = Self.storedKWh(trace, before, startStoredKWh: startStoredKWh)
      let isKnown = known.allSatisfy(\.isFinite)
      var stored =
        isKnown
        ? zip(known, reserve.islands).map { max($1.emptyKWh, $0) } : fleet.storedKWh(share: 0)
      var missing = 0.0
      // An interval that was not measured asks for nothing.
      for slot in need.slots where trace.loadKW[slot].isFinite {
        let load = outages.criticalKW ?? max(0, trace.loadKW[slot]) * outages.criticalShare
        let pv = trace.pvKW[slot].isFinite ? max(0, trace.pvKW[slot]) : 0
        criticalKWh += load * hours
        guard isKnown else {
          missing += load * hours
          continue
        }
        missing += fleet.serve(netKW: load - pv, hours: hours, storedKWh: &stored)
      }
      count += 1
      if missing <= 1e-6 { servedInFull += 1 }
      if (need.restShares.first ?? 0) > 1 + Self.rounding { beyondBattery += 1 }
      unservedKWh += missing
    }
  }

  /// Stored energy of each battery at the end of an interval, or as the period began; a battery that is not there yet has
  /// nothing. [kWh]
  private static func storedKWh(
    _ trace: ReplayTrace, _ slot: Int, startStoredKWh: Double
  ) -> [Double] {
    guard !trace.batteries.isEmpty else {
      return [slot < 0 ? startStoredKWh : trace.storedKWh[slot]]
    }
    return trace.batteries.map { battery in
      if slot + 1 < battery.firstSlot { return 0 }
      return slot < 0 ? battery.startStoredKWh : battery.columns.storedKWh[slot]
    }
  }
}
