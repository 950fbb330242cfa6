import CommandLine
import Diagnostics
import Documents
import Foundation
import Planning
import Scenarios
import Tariffs
import TimeSeries

/// Tariffs of a folder ranked by what a site pays, within each currency.
struct TariffComparison {
  /// What one tariff comes to.
  struct Row {
    let file: String
    let name: String
    let currency: String
    let total: Double?
    let withBattery: Double?
    /// Planning cost without the exact rules, to show how far the plan's prices are off.
    let surrogateGap: Double?
    /// Why the tariff could not be billed.
    let reason: String?
    /// What is worth knowing of the tariff, and of the site under it.
    var warnings: [Diagnostic] = []
  }

  let rows: [Row]
  let batteryKWh: Double?
  let batteryKW: Double?

  /// Bills every tariff of a folder.
  ///
  /// - Throws: `InputError` when the folder holds no tariff; a tariff with mistakes is a row with its
  ///   reason.
  init(
    folder: String, site: MeteredSite, batteryKWh: Double?, batteryKW: Double?,
    context: CommandContext
  ) throws {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml") || $0.hasSuffix(".json")) }
      .filter { !$0.hasSuffix(".schema.json") }.sorted()
    guard !names.isEmpty else {
      throw InputError("the folder holds no tariff", at: SourcePosition(file: folder))
    }
    self.batteryKWh = batteryKWh
    self.batteryKW = batteryKW
    var rows: [Row] = []
    for name in names {
      rows.append(
        TariffComparison.row(
          "\(folder)/\(name)", site: site, batteryKWh: batteryKWh, batteryKW: batteryKW))
    }
    for row in rows { context.report(row.warnings) }
    self.rows = rows.sorted { a, b in
      if (a.total == nil) != (b.total == nil) { return b.total == nil }
      if a.currency != b.currency { return a.currency < b.currency }
      let costs = (a.withBattery ?? a.total ?? 0, b.withBattery ?? b.total ?? 0)
      return costs.0 == costs.1 ? a.file < b.file : costs.0 < costs.1
    }
  }

  private static func row(
    _ file: String, site: MeteredSite, batteryKWh: Double?, batteryKW: Double?
  ) -> Row {
    do {
      let tariff = try TariffDocument.read(file)
      let schedule = try BillingSchedule(
        tariff, grid: site.grid, zone: site.zone, spotPerKWh: site.spotPerKWh)
      let (importKW, exportKW) = schedule.meters(
        loadKW: site.loadKW, generationKW: site.generationKW)
      let bill = schedule.bill(importKW: importKW, exportKW: exportKW)
      var planned: (bill: Double, gap: Double)?
      if let batteryKWh, let batteryKW, tariff.export.arrangement != .buyAllSellAll {
        planned = BatteryPlan(
          schedule: schedule, site: site, capacityKWh: batteryKWh, powerKW: batteryKW
        ).cost()
      }
      return Row(
        file: file, name: tariff.name, currency: tariff.currency, total: bill.total,
        withBattery: planned?.bill, surrogateGap: planned?.gap, reason: nil,
        warnings: tariff.warnings + schedule.notes + schedule.applicabilityWarnings(of: bill))
    } catch let error as InputError {
      let first = error.diagnostics.first
      return failed(file, first?.message ?? "cannot be billed")
    } catch {
      return failed(file, "\(error)")
    }
  }

  private static func failed(_ file: String, _ reason: String) -> Row {
    Row(
      file: file, name: "", currency: "", total: nil, withBattery: nil, surrogateGap: nil,
      reason: reason)
  }

  /// The ranking as a table.
  var text: String {
    var table = TextTable([
      ("tariff", .left), ("currency", .left), ("total", .right), ("with battery", .right),
      ("saved", .right), ("planning gap", .right),
    ])
    for row in rows where row.total != nil {
      let saved = row.withBattery.flatMap { with in row.total.map { $0 - with } }
      table.add([
        row.name, row.currency, NumberText.fixed(row.total, decimals: 2),
        NumberText.fixed(row.withBattery, decimals: 2), NumberText.fixed(saved, decimals: 2),
        NumberText.fixed(row.surrogateGap, decimals: 2),
      ])
    }
    var text = table.text
    if batteryKWh != nil {
      text += "battery planned with the load known in advance, month by month\n"
    }
    for row in rows {
      if let reason = row.reason { text += "not billed: \(row.file): \(reason)\n" }
    }
    return text
  }

  /// The ranking in the form that other programs read.
  var json: JSONValue {
    [
      "schema": "wattif.bill/1",
      "ranking": .array(
        rows.map { row in
          [
            "file": .string(row.file), "tariff": .string(row.name),
            "currency": .string(row.currency), "total": .optional(row.total),
            "with_battery": .optional(row.withBattery),
            "surrogate_gap": .optional(row.surrogateGap), "reason": .optional(row.reason),
            "warnings": .array(row.warnings.map { .string($0.message) }),
          ]
        }),
    ]
  }
}

/// A battery planned for one tariff with the load known in advance.
struct BatteryPlan {
  let schedule: BillingSchedule
  let site: MeteredSite
  let capacityKWh: Double
  let powerKW: Double
  /// One-way efficiency of the assumed battery.
  static let efficiency = 0.95

  /// Plans each month and bills the year exactly.
  ///
  /// - Returns: The exact bill, and how far it is from the cost at planning prices.
  func cost() -> (bill: Double, gap: Double) {
    let grid = schedule.grid
    let planning = PlanningTariff(schedule.tariff, grid: grid, zone: schedule.zone)
    var meter = BillingMeter(schedule)
    var importKW = [Double](repeating: 0, count: grid.count)
    var exportKW = importKW
    let start = capacityKWh / 2
    for slots in schedule.monthSlots {
      meter.begin(slot: slots.lowerBound)
      let request = PlanRequest(
        grid: grid[slots], loadKW: known(site.loadKW, slots),
        pvKW: known(site.generationKW, slots),
        prices: planning.prices(
          over: slots, spotPerKWh: schedule.spotPerKWh.map { $0[slots] }, meter: meter,
          peakPricing: .fullPrice),
        envelope: .constant(
          count: slots.count, chargeKW: powerKW, dischargeKW: powerKW,
          energyMaxKWh: capacityKWh, chargeEfficiency: BatteryPlan.efficiency,
          dischargeEfficiency: BatteryPlan.efficiency),
        initialEnergyKWh: start,
        importLimitKW: schedule.tariff.importLimitKW ?? .infinity,
        exportLimitKW: schedule.tariff.exportLimitKW ?? .infinity, terminal: .equalToStart)
      let plan = foresightPlan(request)
      for (offset, slot) in slots.enumerated() {
        importKW[slot] = plan.importKW[offset]
        exportKW[slot] = plan.exportKW[offset]
        meter.record(slot: slot, importKW: importKW[slot], exportKW: exportKW[slot])
      }
    }
    let bill = schedule.bill(importKW: importKW, exportKW: exportKW)
    let gaps = schedule.surrogateGaps(importKW: importKW, exportKW: exportKW, bill: bill)
    return (bill.total, gaps.reduce(0) { $0 + $1.gap })
  }

  /// Missing values are planned as zero, as they are billed.
  private func known(_ values: [Double], _ slots: Range<Int>) -> [Double] {
    values[slots].map { $0.isFinite ? $0 : 0 }
  }
}
