package import Diagnostics
package import Tariffs
package import TimeSeries

/// Tariffs ranked by what a site pays, within each currency.
package struct TariffComparison: Sendable {
  /// A tariff to bill, or why it cannot be read.
  package struct Candidate: Sendable {
    /// The file it stands in.
    package var file: String
    /// What reading it came to.
    package var tariff: Result<Tariff, any Error>

    /// Names a tariff.
    package init(file: String, tariff: Result<Tariff, any Error>) {
      self.file = file
      self.tariff = tariff
    }
  }

  /// What one tariff comes to.
  package struct Row: Sendable {
    /// The file it stands in.
    package let file: String
    /// Name of the tariff; empty when it could not be billed.
    package let name: String
    /// Currency of the tariff.
    package let currency: String
    /// The exact bill as metered. [currency]
    package let total: Double?
    /// The site without a battery, where one is planned for this tariff.
    package let withoutBattery: CurtailedBill?
    /// The exact bill with the battery planned for this tariff. [currency]
    package let withBattery: Double?
    /// Exact bill less cost at planning prices, to show how far these are off. [currency]
    package let surrogateGap: Double?
    /// What the battery saves of the bill without it. [currency]
    package var saved: Double? {
      withBattery.flatMap { with in withoutBattery.map { $0.bill.total - with } }
    }
    /// Why the tariff could not be billed.
    package let reason: String?
    /// What is worth knowing of the tariff, and of the site under it.
    package var warnings: [Diagnostic] = []
  }

  /// The tariffs, cheapest first within each currency; those that could not be billed at the end.
  package let rows: [Row]
  /// The warnings of all tariffs, in the order given.
  package let warnings: [Diagnostic]
  /// The battery planned for each.
  package let battery: FixedBattery?
  /// The intervals that are billed.
  package let grid: TimeGrid

  /// Bills every tariff.
  ///
  /// - Parameters:
  ///   - candidates: The tariffs; one with mistakes is a row with its reason.
  ///   - site: What was metered.
  ///   - battery: Battery to plan for each tariff, with the load known in advance.
  ///   - threads: Largest number of threads; results do not depend on it.
  package init(
    _ candidates: [Candidate], site: MeteredSite, battery: FixedBattery?, threads: Int
  ) {
    self.battery = battery
    grid = site.grid
    let billed = parallelMap(candidates, threads: threads) { candidate in
      TariffComparison.row(candidate, site: site, battery: battery)
    }
    warnings = billed.flatMap(\.warnings)
    rows = billed.sorted { a, b in
      if (a.total == nil) != (b.total == nil) { return b.total == nil }
      if a.currency != b.currency { return a.currency < b.currency }
      let costs = (a.withBattery ?? a.total ?? 0, b.withBattery ?? b.total ?? 0)
      return costs.0 == costs.1 ? a.file < b.file : costs.0 < costs.1
    }
  }

  private static func row(
    _ candidate: Candidate, site: MeteredSite, battery: FixedBattery?
  ) -> Row {
    do {
      let tariff = try candidate.tariff.get()
      let schedule = try BillingSchedule(
        tariff, grid: site.grid, zone: site.zone, spotPerKWh: site.spotPerKWh)
      let (importKW, exportKW) = schedule.meters(
        loadKW: site.loadKW, generationKW: site.generationKW)
      let bill = schedule.bill(importKW: importKW, exportKW: exportKW)
      let planning =
        tariff.export.arrangement == .buyAllSellAll
        ? nil : battery.map { FixedBatteryPlanning($0, schedule: schedule, site: site) }
      let planned = planning?.foresightBill()
      return Row(
        file: candidate.file, name: tariff.name, currency: tariff.currency, total: bill.total,
        withoutBattery: planning?.withoutBattery(), withBattery: planned?.total,
        surrogateGap: planned?.gap, reason: nil,
        warnings: tariff.warnings + schedule.notes + schedule.applicabilityWarnings(of: bill))
    } catch let error as InputError {
      return failed(candidate.file, error.diagnostics.first?.message ?? "cannot be billed")
    } catch {
      return failed(candidate.file, "\(error)")
    }
  }

  private static func failed(_ file: String, _ reason: String) -> Row {
    Row(
      file: file, name: "", currency: "", total: nil, withoutBattery: nil, withBattery: nil,
      surrogateGap: nil, reason: reason)
  }
}
