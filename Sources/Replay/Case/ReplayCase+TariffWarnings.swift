package import Diagnostics
import Tariffs

extension ReplayCase {
  /// Warns of peaks and periods that the data are too coarse for, and of a site that lies outside of
  /// the dates or the class of its tariff, as it is without a battery.
  ///
  /// - Throws: `InputError` when the tariff cannot bill the period.
  package func tariffWarnings() throws -> [Diagnostic] {
    let metering = try MeteringContext(self)
    let schedule = metering.schedule
    guard tariff.applicability != .unlimited else { return schedule.notes }
    let (importKW, exportKW) = schedule.meters(
      loadKW: metering.loadKW, generationKW: metering.pvKW)
    return schedule.notes
      + schedule.applicabilityWarnings(
        of: schedule.bill(importKW: importKW, exportKW: exportKW))
  }
}
