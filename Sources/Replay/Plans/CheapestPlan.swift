import Planning
import Tariffs
import TimeSeries

/// The cheapest plan over a whole known period, billed exactly, and what no plan costs less than.
struct CheapestPlan {
  private(set) var plan: Plan
  private(set) var bill: Bill
  /// Wear of the planned discharge, and the value of the energy that the plan leaves. [currency]
  private(set) var wearCost: Double
  private(set) var endEnergyValue: Double
  /// Cost less the lowest that any plan may have. [currency]
  private(set) var openGap: Double

  /// Bill and wear less the value of the energy left. [currency]
  var cost: Double { bill.total + wearCost - endEnergyValue }

  private let context: MeteringContext
  private let request: ForesightRequest

  init(_ replay: ReplayCase, _ context: MeteringContext, _ request: ForesightRequest) {
    self.context = context
    self.request = request
    let plan = foresightPlan(request.plan)
    self.plan = plan
    bill = Self.billed(plan, context, request)
    (wearCost, endEnergyValue) = Self.worth(plan, context, request)
    openGap = plan.lowerBound.map { max(0, plan.objective - $0) } ?? 0
    let minimums = context.schedule.plannableMinimums()
    let topUp = bill.months.reduce(0) { $0 + $1.minimumAdjustment }
    let canCap = replay.tariff.demand.contains { $0.capPerKWh != nil }
    guard canCap || topUp > 0 else { return }
    guard canCap || minimums != nil else {
      // Nobody pays less than without the minimum.
      openGap += topUp
      return
    }
    improve(replay, minimums: minimums, canCap: canCap)
  }

  /// Bounds the period month by month, and plans the months as the bound has them end.
  private mutating func improve(_ replay: ReplayCase, minimums: [Double]?, canCap: Bool) {
    let known = replay.knownTariff
    let unlike = unlikeness()
    let month = MonthBound(
      request.plan, along: plan, context: context, canCap: canCap, minimums: minimums,
      prices: { replay.knownPrices(known, cappedMonths: $0) })
    let labels = context.schedule.monthLabels
    let capped = Set(zip(labels, month.endings).filter { $1.isCapped }.map(\.0))
    var other = request.plan
    if !capped.isEmpty { other.prices = replay.knownPrices(known, cappedMonths: capped) }
    other.prices = other.prices.scaled(
      in: context.schedule.monthSlots, by: month.endings.map(\.share))
    let ended = foresightPlan(other)
    let endedBill = Self.billed(ended, context, request)
    let worth = Self.worth(ended, context, request)
    if endedBill.total + worth.wear - worth.end < cost {
      (plan, bill) = (ended, endedBill)
      (wearCost, endEnergyValue) = worth
    }
    openGap = max(0, cost - (month.cost + unlike))
  }

  /// What the plan's bill without caps and minimums is above its cost at the prices that plans know: nothing
  /// for a tariff that they know exactly. [currency]
  private func unlikeness() -> Double {
    func sum(_ bill: Bill) -> Double {
      bill.months.reduce(0) { $0 + $1.total - $1.minimumAdjustment }
    }
    let nothing = plan.importKW.map { _ in 0.0 }
    let schedule = context.schedule
    let idle = sum(schedule.bill(importKW: nothing, exportKW: nothing, appliesCaps: false))
    let (importKW, exportKW) = Self.metered(plan, request)
    let exact = sum(schedule.bill(importKW: importKW, exportKW: exportKW, appliesCaps: false))
    return exact - idle
      - request.plan.prices.cost(
        importKW: importKW, exportKW: exportKW, stepHours: plan.grid.stepHours)
  }

  private static func metered(
    _ plan: Plan, _ request: ForesightRequest
  ) -> (importKW: [Double], exportKW: [Double]) {
    (
      zip(plan.importKW, request.isMeasured).map { $1 ? $0 : 0 },
      zip(plan.exportKW, request.isMeasured).map { $1 ? $0 : 0 }
    )
  }

  private static func billed(
    _ plan: Plan, _ context: MeteringContext, _ request: ForesightRequest
  ) -> Bill {
    let (importKW, exportKW) = metered(plan, request)
    return context.schedule.bill(importKW: importKW, exportKW: exportKW)
  }

  private static func worth(
    _ plan: Plan, _ context: MeteringContext, _ request: ForesightRequest
  ) -> (wear: Double, end: Double) {
    let start = request.plan.initialEnergyKWh
    return (
      plan.dischargeKW.reduce(0, +) * plan.grid.stepHours * request.plan.wearPerKWh,
      ((plan.energyKWh.last ?? start) - start) * context.endValuePerKWh
    )
  }
}
