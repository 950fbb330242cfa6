import Documents
package import Replay
package import Tariffs
import TimeSeries
import Twin

/// A replay's ledger as CSV: one line per interval, missing values empty.
package enum TraceCSV {
  /// Name of the first column: the begin of the interval.
  static let start = "start_utc"
  /// Name of the column with what limited the battery most.
  static let limitedBy = "limited_by"
  /// Name of the column with what withheld most of the battery's rating.
  static let withheldBy = "withheld_by"

  /// Columns that each of several batteries has besides what they are together.
  private static let batteryColumns = ReplayTrace.columns.filter {
    ["requested_kw", "battery_kw", "soc_fraction", "stored_kwh", "hottest_cell_c"].contains($0.key)
  }

  /// Returns the whole file with its header.
  ///
  /// - Parameters:
  ///   - trace: What happened.
  ///   - schedule: The tariff over the period, by which every interval gets its price and its amount.
  /// - Returns: One line per interval.
  package static func text(_ trace: ReplayTrace, billedBy schedule: BillingSchedule) -> String {
    let bill = schedule.slotBill(importKW: trace.importKW, exportKW: trace.exportKW)
    let columns = ReplayTrace.columns.map { trace[keyPath: $0.values] }
    let billed = BilledColumns.values(bill)
    var file = CSVWriter(
      header: [start] + ReplayTrace.columns.map(\.key) + [limitedBy, withheldBy]
        + BilledColumns.header
        + trace.waiting.flatMap { ["load_\($0.key)_kw", "unmet_\($0.key)_kwh"] }
        + trace.batteries.flatMap { battery in
          Self.batteryColumns.map { "\(battery.key)_\($0.key)" } + ["\(battery.key)_\(limitedBy)"]
        })
    for i in trace.grid.indices {
      file.add(Instant.utcText(trace.grid.instant(i)))
      for column in columns { file.add(column[i]) }
      file.add(trace.limitedBy[i]?.rawValue ?? "")
      file.add(trace.withheldBy[i]?.rawValue ?? "")
      file.add(bill.months[i])
      // Nobody is billed for what nobody measured.
      let isMetered = trace.gridKW[i].isFinite
      for column in billed { file.add(isMetered ? column[i] : nil) }
      for load in trace.waiting {
        file.add(load.powerKW[i])
        file.add(load.unmetKWh[i] + load.optionalUnmetKWh[i])
      }
      for battery in trace.batteries {
        for column in Self.batteryColumns { file.add(battery.columns[keyPath: column.values][i]) }
        file.add(battery.columns.limitedBy[i]?.rawValue ?? "")
      }
      file.endRow()
    }
    return file.text
  }
}
