import Planning
import Tariffs
import TimeSeries

/// Decides, once a day, whether the month will end at the caps of its demand charges.
///
/// A charge that is limited to a price of the month's import costs the less of both. Each has its own best
/// plan: one holds the peak, the other saves import. Both are made, continued to the month's end by
/// repeating their last day, and billed; the cheaper stands until the next day.
struct CapForesight {
  /// Labels of months that are planned at the cap.
  private(set) var cappedMonths: Set<String> = []
  private let replay: ReplayCase
  private var day: Int?

  init(_ replay: ReplayCase) { self.replay = replay }

  /// Whether the day has no decision yet.
  func isDue(_ month: MonthOutlook) -> Bool { month.day != day }

  /// Decides for a day.
  mutating func decide(
    _ month: MonthOutlook, _ request: PlanRequest, uncapped: PlanningPrices,
    capped: PlanningPrices
  ) {
    day = month.day
    var planner = ValueFunctionPlanner()
    var costs: [Double] = []
    for prices in [uncapped, capped] {
      var priced = request
      priced.prices = prices
      let plan = planner.plan(priced)
      costs.append(cost(of: plan, month, request, at: uncapped))
    }
    cappedMonths = costs[1] < costs[0] ? [month.meter.monthLabel, month.nextLabel] : []
  }

  /// What the month would cost from now on if every day went like the plan's last. [currency]
  private func cost(
    of plan: Plan, _ month: MonthOutlook, _ request: PlanRequest, at prices: PlanningPrices
  ) -> Double {
    let stepHours = request.grid.stepHours
    var energy = 0.0
    for t in plan.grid.indices {
      energy +=
        stepHours
        * (prices.buyPerKWh[t] * plan.importKW[t] - prices.sellPerKWh[t] * plan.exportKW[t]
          + request.wearPerKWh * plan.dischargeKW[t])
    }
    let worth = prices.buyPerKWh.reduce(0, +) / Double(prices.buyPerKWh.count)
    energy -= worth * ((plan.energyKWh.last ?? 0) - request.initialEnergyKWh)
    let perDay = 86_400 / request.grid.stepSeconds
    let count = plan.grid.count
    var importKW = month.metered()
    for slot in month.first..<month.slots.upperBound {
      var t = (slot - month.first) / month.slotsPerPlanningSlot
      if t >= count { t = max(0, count - perDay) + (t - count) % min(perDay, count) }
      importKW[slot] = plan.importKW[t]
    }
    let bill = month.meter.schedule.bill(
      importKW: importKW, exportKW: importKW.map { _ in 0 })
    let demand = bill.months.first { $0.month == month.meter.monthLabel }?.demand ?? 0
    let share =
      Double(month.slots.upperBound - month.first)
      / Double(count * month.slotsPerPlanningSlot)
    return share * energy + demand
  }
}
