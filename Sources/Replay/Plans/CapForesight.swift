import Planning
import Tariffs
import TimeSeries

/// Decides, once a day, whether the month will end at the caps of its demand charges or at its minimum.
///
/// A charge that is limited to a price of the month's import costs the less of both, and a month that stays
/// below its minimum costs the minimum whatever is imported. Each way to end has its own best plan: one holds
/// the peak, one saves import, one leaves the battery alone. All are made, continued to the month's end by
/// repeating their last day, and billed; the cheapest stands until the next day.
struct CapForesight {
  /// How a month is planned to end.
  enum Ending: Hashable {
    /// Every price is paid.
    case priced
    /// Demand charges lie at their caps per imported energy.
    case capped
    /// The month costs its minimum, so that nothing in it is worth anything.
    case minimum
  }

  /// How the month is planned to end until the next day.
  private(set) var ending = Ending.priced
  /// Months end at a minimum that plans can reckon with.
  let hasMinimum: Bool
  private var day: Int?

  init(hasMinimum: Bool) { self.hasMinimum = hasMinimum }

  /// Whether the day has no decision yet.
  func isDue(_ month: MonthOutlook) -> Bool { month.day != day }

  /// Decides for a day.
  ///
  /// - Parameters:
  ///   - month: The month so far.
  ///   - request: The request of the plan that is due.
  ///   - ways: Prices of each way to end, the usual one first.
  mutating func decide(
    _ month: MonthOutlook, _ request: PlanRequest,
    among ways: [(ending: Ending, prices: PlanningPrices)]
  ) {
    day = month.day
    ending = .priced
    var planner = ValueFunctionPlanner()
    var least = Double.infinity
    // Several batteries count as one.
    let request = request.joined()
    var mayEndAtMinimum = false
    for way in ways {
      // Where the month is above its minimum even as priced, all that it uses is paid for.
      if way.ending == .minimum, !mayEndAtMinimum { continue }
      var priced = request
      priced.prices = way.prices
      let found = cost(of: planner.plan(priced), month, request, at: ways[0].prices)
      if way.ending == .priced { mayEndAtMinimum = found.endsAtMinimum }
      if found.cost < least { (least, ending) = (found.cost, way.ending) }
    }
  }

  /// What the month would cost from now on if every day went like the plan's last, and whether that is its minimum.
  /// [currency]
  private func cost(
    of plan: Plan, _ month: MonthOutlook, _ request: PlanRequest, at prices: PlanningPrices
  ) -> (cost: Double, endsAtMinimum: Bool) {
    let stepHours = request.grid.stepHours
    let count = plan.grid.count
    let share =
      Double(month.slots.upperBound - month.first)
      / Double(count * month.slotsPerPlanningSlot)
    let worth = prices.buyPerKWh.reduce(0, +) / Double(prices.buyPerKWh.count)
    let perDay = 86_400 / request.grid.stepSeconds
    var (importKW, exportKW) = month.metered()
    // What the month's slots let out, and what they leave in the battery more than there was.
    var discharged = 0.0
    var stored = 0.0
    for slot in month.first..<month.slots.upperBound {
      var t = (slot - month.first) / month.slotsPerPlanningSlot
      if t >= count { t = max(0, count - perDay) + (t - count) % min(perDay, count) }
      importKW[slot] = plan.importKW[t]
      exportKW[slot] = plan.exportKW[t]
      discharged += plan.dischargeKW[t]
      stored += plan.energyKWh[t] - (t > 0 ? plan.energyKWh[t - 1] : request.initialEnergyKWh)
    }
    let bill = month.meter.schedule.bill(importKW: importKW, exportKW: exportKW)
    let billed = bill.months.first { $0.month == month.meter.monthLabel }
    // With a minimum all that is billed counts, else what plans can change.
    if hasMinimum {
      let perSlot = 1 / Double(month.slotsPerPlanningSlot)
      let wear = request.wearPerKWh * discharged * stepHours * perSlot
      return (
        (billed?.total ?? 0) + wear - worth * stored * perSlot,
        (billed?.minimumAdjustment ?? 0) > 0
      )
    }
    let gained = (plan.energyKWh.last ?? 0) - request.initialEnergyKWh
    let wear = request.wearPerKWh * plan.dischargeKW.reduce(0, +) * stepHours
    var energy = wear - worth * gained
    for t in plan.grid.indices {
      energy +=
        stepHours
        * (prices.buyPerKWh[t] * plan.importKW[t] - prices.sellPerKWh[t] * plan.exportKW[t])
    }
    return (share * energy + (billed?.demand ?? 0), false)
  }
}
