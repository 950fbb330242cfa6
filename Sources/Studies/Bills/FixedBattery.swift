import Planning
package import Replay
package import Tariffs
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
  /// When the site's production may be thrown away, with the battery and without it.
  package var curtailment: Curtailment

  /// One-way efficiency that is assumed of it.
  package static let efficiency = 0.95

  /// Names a battery.
  ///
  /// - Parameters:
  ///   - capacityKWh: Energy it holds, zero or more. [kWh]
  ///   - powerKW: Power in either direction, zero or more. [kW]
  ///   - curtailment: When the site's production may be thrown away.
  package init(capacityKWh: Double, powerKW: Double, curtailment: Curtailment = .free) {
    self.capacityKWh = capacityKWh
    self.powerKW = powerKW
    self.curtailment = curtailment
  }
}

/// A site's bill without a battery, and what throwing production away does to it.
package struct CurtailedBill: Sendable {
  /// The exact bill after what is thrown away.
  package let bill: Bill
  /// Production that is thrown away. [kWh]
  package let curtailedKWh: Double
  /// Bill as metered less this bill; no part of what a battery saves. [currency]
  package let value: Double
}

/// Plans of a fixed battery at a site under a tariff, with load and production known, and the meter that
/// settles them.
struct FixedBatteryPlanning {
  let battery: FixedBattery
  let schedule: BillingSchedule
  /// Missing values are planned as zero, as they are billed.
  let loadKW: [Double]
  let generationKW: [Double]
  private let planning: PlanningTariff
  private let rule: CurtailmentRule
  private let exportLimitKW: Double

  init(_ battery: FixedBattery, schedule: BillingSchedule, site: MeteredSite) {
    self.battery = battery
    self.schedule = schedule
    loadKW = site.loadKW.map { $0.isFinite ? $0 : 0 }
    generationKW = site.generationKW.map { $0.isFinite ? $0 : 0 }
    planning = PlanningTariff(schedule.tariff, grid: schedule.grid, zone: schedule.zone)
    exportLimitKW = schedule.tariff.exportLimitKW ?? .infinity
    rule = CurtailmentRule(
      battery.curtailment,
      prices: planning.prices(
        over: schedule.grid.indices, spotPerKWh: schedule.spotPerKWh.map { $0[...] }, meter: nil,
        peakPricing: .fullPrice),
      importLimitKW: PowerLimit(schedule.tariff.importLimitKW ?? .infinity),
      exportLimitKW: PowerLimit(exportLimitKW))
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
    let curtailment = battery.curtailment
    let told = slots.map {
      curtailment.plannable(
        loadKW: loadKW[$0], pvKW: generationKW[$0], exportLimitKW: exportLimitKW)
    }
    var envelope = PowerEnvelope.constant(
      count: slots.count, chargeKW: battery.powerKW, dischargeKW: battery.powerKW,
      energyMaxKWh: battery.capacityKWh, chargeEfficiency: FixedBattery.efficiency,
      dischargeEfficiency: FixedBattery.efficiency)
    for (offset, slot) in slots.enumerated() {
      envelope.dischargeKW[offset] = curtailment.dischargeKW(
        battery.powerKW, netKW: loadKW[slot] - generationKW[slot], exportLimitKW: exportLimitKW)
    }
    return PlanRequest(
      grid: schedule.grid[slots], loadKW: told.map(\.loadKW), pvKW: told.map(\.pvKW),
      prices: prices, envelope: envelope,
      initialEnergyKWh: energyKWh,
      importLimitKW: PowerLimit(schedule.tariff.importLimitKW ?? .infinity),
      exportLimitKW: curtailment.plannableExportLimitKW(PowerLimit(exportLimitKW)),
      terminal: terminal)
  }

  /// Returns the battery power of a plan's slot; what the tolerances of solvers leave is none. [kW]
  static func batteryKW(_ plan: Plan, _ slot: Int) -> Double {
    let power = plan.batteryKW(slot)
    return abs(power) < ReplaySettings.smallestRequestKW ? 0 : power
  }

  /// Settles an interval as every meter does: what is thrown away is decided here, not by the plan.
  ///
  /// - Parameters:
  ///   - slot: The interval.
  ///   - batteryKW: Power of the battery, positive when discharging. [kW]
  /// - Returns: Power at the meter, positive when importing, and production thrown away. [kW]
  func settled(slot: Int, batteryKW: Double) -> (gridKW: Double, curtailedKW: Double) {
    let surplus = loadKW[slot] - batteryKW - generationKW[slot]
    let curtailed = rule.curtailedKW(slot: slot, gridKW: surplus, pvKW: generationKW[slot])
    return (surplus + curtailed, curtailed)
  }

  /// What the meter shows of a battery's powers, and the exact bill.
  struct Metered {
    let importKW: [Double]
    let exportKW: [Double]
    let curtailedKWh: Double
    let bill: Bill
  }

  /// Meters and bills a battery's powers, one per interval. [kW]
  func metered(batteryKW: [Double]) -> Metered {
    let settled = batteryKW.indices.map { self.settled(slot: $0, batteryKW: batteryKW[$0]) }
    let importKW = settled.map { max(0, $0.gridKW) }
    let exportKW = settled.map { max(0, -$0.gridKW) }
    return Metered(
      importKW: importKW, exportKW: exportKW,
      curtailedKWh: settled.reduce(0) { $0 + $1.curtailedKW } * schedule.grid.stepHours,
      bill: schedule.bill(importKW: importKW, exportKW: exportKW))
  }

  /// Returns how far the bill of each month is from its cost at planning prices.
  func gaps(_ metered: Metered) -> [SurrogateGap] {
    schedule.surrogateGaps(
      importKW: metered.importKW, exportKW: metered.exportKW, bill: metered.bill)
  }

  /// Returns the site's bill without a battery, under the same rule for throwing production away.
  func withoutBattery() -> CurtailedBill {
    let found = metered(batteryKW: [Double](repeating: 0, count: schedule.grid.count))
    let (importKW, exportKW) = schedule.meters(loadKW: loadKW, generationKW: generationKW)
    return CurtailedBill(
      bill: found.bill, curtailedKWh: found.curtailedKWh,
      value: schedule.bill(importKW: importKW, exportKW: exportKW).total - found.bill.total)
  }

  /// Plans each month at once, from half full to half full, and bills the whole exactly.
  ///
  /// - Returns: The exact bill, and how far it is from the cost at planning prices.
  func foresightBill() -> (total: Double, gap: Double) {
    var meter = BillingMeter(schedule)
    var batteryKW = [Double](repeating: 0, count: schedule.grid.count)
    for slots in schedule.monthSlots {
      meter.begin(slot: slots.lowerBound)
      let plan = foresightPlan(
        request(
          slots, prices: prices(slots, meter: meter, rule: .fullPrice),
          energyKWh: battery.capacityKWh / 2, terminal: .equalToStart))
      for (offset, slot) in slots.enumerated() {
        batteryKW[slot] = Self.batteryKW(plan, offset)
        let grid = settled(slot: slot, batteryKW: batteryKW[slot]).gridKW
        meter.record(slot: slot, importKW: max(0, grid), exportKW: max(0, -grid))
      }
    }
    let found = metered(batteryKW: batteryKW)
    return (found.bill.total, gaps(found).reduce(0) { $0 + $1.gap })
  }
}
