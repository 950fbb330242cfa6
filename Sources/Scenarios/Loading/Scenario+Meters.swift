import Diagnostics
package import Tariffs
import Telemetry
package import TimeSeries

extension Scenario {
  /// Reads the loads with meters of their own and bills each by its tariff.
  ///
  /// - Parameter history: The site's history, for spot prices.
  /// - Returns: One bill per meter, in the order of the document.
  /// - Throws: `InputError` with everything wrong in the files, or what is missing.
  package func meterBills(_ history: SiteHistory) throws -> [MeterBill] {
    let grid = period.grid
    let first = (period.start - history.grid.start) / history.grid.stepSeconds
    return try meters.map { meter in
      let reader = HistoryReader(
        meter.files, zone: site.zone, place: site.place,
        policy: self.history.skipsErrors ? .report : .refuse)
      let (read, _) = try reader.read(grid: grid)
      let load = read[.load] ?? [Double](repeating: .nan, count: grid.count)
      let missing = load.count { !$0.isFinite }
      guard missing < grid.count else {
        throw InputError(
          "meter '\(meter.name)' has no value in the period", at: positions["meters"])
      }
      let schedule = try BillingSchedule(
        meter.tariff, grid: grid, zone: site.zone,
        spotPerKWh: meter.tariff.usesSpot
          ? history[.price].map { Array($0[first..<first + grid.count]) } : nil)
      return MeterBill(
        name: meter.name, tariff: meter.tariff.name,
        bill: schedule.bill(
          importKW: load.map { $0.isFinite ? max(0, $0) : 0 },
          exportKW: [Double](repeating: 0, count: grid.count)), unmeasuredSlots: missing)
    }
  }
}
