import TimeSeries

/// How far the planner's convex prices are from the exact bill of a month.
package struct SurrogateGap: Sendable, Hashable {
  /// For example `2024-01`.
  package var month: String
  /// What the metered series costs by planning prices over the whole month, with the part of the
  /// bill that does not depend on the month's use. [currency]
  package var surrogate: Double
  /// The exact bill. [currency]
  package var exact: Double

  /// Pairs both costs of a month. [currency]
  package init(month: String, surrogate: Double, exact: Double) {
    self.month = month
    self.surrogate = surrogate
    self.exact = exact
  }

  /// Exact bill minus surrogate. [currency]
  package var gap: Double { exact - surrogate }
}

extension BillingSchedule {
  /// Compares planning prices with the exact bill, month by month.
  ///
  /// Each month is priced as one horizon with the meter's state at its start and the full price of
  /// peaks. What does not depend on the month's use is the bill with that month's meters at zero,
  /// without minimums and caps.
  /// A gap comes from blocks of falling price, caps, minimums, credits carried between months,
  /// netting over the month, and peaks that are paid for in later months.
  ///
  /// - Parameters:
  ///   - importKW: Mean import of every slot. [kW]
  ///   - exportKW: Mean export of every slot. [kW]
  ///   - bill: The exact bill of the series, if it is at hand.
  /// - Returns: One comparison per month.
  /// - Complexity: As many bills as there are months.
  package func surrogateGaps(
    importKW: [Double], exportKW: [Double], bill: Bill? = nil
  ) -> [SurrogateGap] {
    let exact = bill ?? self.bill(importKW: importKW, exportKW: exportKW)
    let planning = PlanningTariff(tariff, grid: grid, zone: zone)
    var meter = BillingMeter(self)
    var gaps: [SurrogateGap] = []
    for (index, month) in calendar.months.enumerated() {
      var idleImport = importKW
      var idleExport = exportKW
      for slot in month.slots {
        idleImport[slot] = 0
        idleExport[slot] = 0
      }
      // A cap per imported kWh would take away the whole charge of an idle month.
      let idle = self.bill(
        importKW: idleImport, exportKW: idleExport, appliesCaps: false
      ).months[index]
      let base = idle.total - idle.minimumAdjustment
      meter.begin(month: index)
      let prices = planning.prices(
        over: month.slots, spotPerKWh: spotPerKWh.map { $0[month.slots] }, meter: meter,
        peakPricing: .fullPrice)
      let variable = prices.cost(
        importKW: month.slots.map { importKW[$0].isFinite ? importKW[$0] : 0 },
        exportKW: month.slots.map { exportKW[$0].isFinite ? exportKW[$0] : 0 },
        stepHours: grid.stepHours)
      gaps.append(
        SurrogateGap(
          month: month.label, surrogate: base + variable, exact: exact.months[index].total))
      for slot in month.slots {
        meter.record(slot: slot, importKW: importKW[slot], exportKW: exportKW[slot])
      }
    }
    return gaps
  }
}
