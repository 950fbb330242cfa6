package import Replay
import TimeSeries
import Twin

/// A replay's ledger as CSV: one line per interval, missing values empty.
package enum TraceCSV {
  /// Returns the whole file with its header.
  package static func text(_ trace: ReplayTrace) -> String {
    var text =
      "start_utc,load_kw,pv_kw,curtailed_kw,requested_kw,battery_kw,auxiliary_kw,grid_kw,"
      + "soc_fraction,stored_kwh,hottest_cell_c,limited_by\n"
    text.reserveCapacity(trace.grid.count * 120)
    let columns = [
      trace.loadKW, trace.pvKW, trace.curtailedKW, trace.requestedKW, trace.batteryKW,
      trace.auxiliaryKW, trace.gridKW, trace.socFraction, trace.storedKWh, trace.hottestCellC,
    ]
    for i in trace.grid.indices {
      text += Instant.utcText(trace.grid.instant(i))
      for column in columns {
        text += ","
        if column[i].isFinite { text += "\(column[i])" }
      }
      text += ",\(trace.limitedBy[i]?.rawValue ?? "")\n"
    }
    return text
  }
}
