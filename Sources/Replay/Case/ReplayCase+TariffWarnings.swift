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
    let notes = schedule.notes + peakPricingWarnings
    guard tariff.applicability != .unlimited else { return notes }
    let (importKW, exportKW) = schedule.meters(
      loadKW: metering.loadKW, generationKW: metering.pvKW)
    return notes
      + schedule.applicabilityWarnings(
        of: schedule.bill(importKW: importKW, exportKW: exportKW))
  }
}

extension ReplayCase {
  /// What targets of a month leave out.
  var peakPricingWarnings: [Diagnostic] {
    let pricing = settings.peakPricing
    guard pricing == .trailingTarget || pricing == .monthlyTarget else { return [] }
    var found: [Diagnostic] = []
    let names = knownTariff.yearlyPeakNames.map { "'\($0)'" }
    if !names.isEmpty {
      found.append(
        .warning(
          "'peak_pricing: \(pricing.rawValue)' holds targets of a month; \(names.joined(separator: ", "))"
            + " \(names.count == 1 ? "counts" : "count") by the year and"
            + " \(names.count == 1 ? "stands" : "stand") at the full price in every plan"))
    }
    if pricing == .trailingTarget, !loads.isEmpty {
      found.append(
        .warning(
          "'peak_pricing: trailing_target' chooses its targets by the measured load, without the loads that"
            + " can wait"))
    }
    return found
  }
}
