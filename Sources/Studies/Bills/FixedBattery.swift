import Planning
import Tariffs
import TimeSeries

/// A battery of which only energy and power are known, as for a quick look at a bill.
///
/// It always gives its rated power, knows no heat and no ageing, and loses the same share of
/// everything that goes in and out.
package struct FixedBattery: Sendable, Hashable {
  /// Energy it holds. [kWh]
  package var capacityKWh: Double
  /// Power in either direction. [kW]
  package var powerKW: Double

  /// One-way efficiency that is assumed of it.
  package static let efficiency = 0.95

  /// Names a battery.
  ///
  /// - Parameters:
  ///   - capacityKWh: Energy it holds, greater than zero. [kWh]
  ///   - powerKW: Power in either direction, greater than zero. [kW]
  package init(capacityKWh: Double, powerKW: Double) {
    self.capacityKWh = capacityKWh
    self.powerKW = powerKW
  }

  /// What it holds at the start. [kWh]
  var startKWh: Double { capacityKWh / 2 }
}

/// Requests for plans of a fixed battery at a site under a tariff, with load and production known.
struct FixedBatteryPlanning {
  let battery: FixedBattery
  let schedule: BillingSchedule
  /// Missing values are planned as zero, as they are billed.
  let loadKW: [Double]
  let generationKW: [Double]
  private let planning: PlanningTariff

  init(_ battery: FixedBattery, schedule: BillingSchedule, site: MeteredSite) {
    self.battery = battery
    self.schedule = schedule
    loadKW = site.loadKW.map { $0.isFinite ? $0 : 0 }
    generationKW = site.generationKW.map { $0.isFinite ? $0 : 0 }
    planning = PlanningTariff(schedule.tariff, grid: schedule.grid, zone: schedule.zone)
  }

  /// Returns the prices that a plan over intervals sees.
  func prices(
    _ slots: Range<Int>, meter: BillingMeter, rule: PeakPricing, targetsKW: [String: Double] = [:]
  ) -> PlanningPrices {
    planning.prices(
      over: slots, spotPerKWh: schedule.spotPerKWh.map { $0[slots] }, meter: meter,
      peakPricing: rule, targetsKW: targetsKW)
  }

  /// Returns the request for a plan over intervals.
  func request(
    _ slots: Range<Int>, prices: PlanningPrices, energyKWh: Double, terminal: TerminalValue
  ) -> PlanRequest {
    PlanRequest(
      grid: schedule.grid[slots], loadKW: Array(loadKW[slots]), pvKW: Array(generationKW[slots]),
      prices: prices,
      envelope: .constant(
        count: slots.count, chargeKW: battery.powerKW, dischargeKW: battery.powerKW,
        energyMaxKWh: battery.capacityKWh, chargeEfficiency: FixedBattery.efficiency,
        dischargeEfficiency: FixedBattery.efficiency),
      initialEnergyKWh: energyKWh, importLimitKW: schedule.tariff.importLimitKW ?? .infinity,
      exportLimitKW: schedule.tariff.exportLimitKW ?? .infinity, terminal: terminal)
  }

  /// Plans each month at once and bills the whole exactly.
  ///
  /// - Returns: The exact bill, and how far it is from the cost at planning prices.
  func foresightBill() -> (total: Double, gap: Double) {
    var meter = BillingMeter(schedule)
    var importKW = [Double](repeating: 0, count: schedule.grid.count)
    var exportKW = importKW
    for slots in schedule.monthSlots {
      meter.begin(slot: slots.lowerBound)
      let plan = foresightPlan(
        request(
          slots, prices: prices(slots, meter: meter, rule: .fullPrice),
          energyKWh: battery.startKWh, terminal: .equalToStart))
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
}
