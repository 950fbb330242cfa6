import Documents
package import Studies
package import Tariffs
import TimeSeries

/// A metered series with energy, price and amount of every slot, as a file.
package enum MeterCSV {
  /// Returns the whole file with its header.
  ///
  /// - Parameters:
  ///   - site: What was metered.
  ///   - bill: The bill of its slots.
  /// - Returns: One line per slot.
  package static func text(_ site: MeteredSite, _ bill: SlotBill) -> String {
    var file = CSVWriter(header: ["start_utc", "load_kw", "pv_kw"] + BilledColumns.header)
    let columns = BilledColumns.values(bill)
    for i in site.grid.indices {
      file.add(Instant.utcText(site.grid.instant(i)))
      file.add(site.loadKW[i])
      file.add(site.generationKW[i])
      file.add(bill.months[i])
      for column in columns { file.add(column[i]) }
      file.endRow()
    }
    return file.text
  }
}
