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

  /// What loads that can wait are left short of, less the worth of what their stores gain. [currency]
  private(set) var waitingCost: Double

  /// Bill and wear less the value of the energy left, and what loads that can wait lack. [currency]
  var cost: Double { bill.total + wearCost - endEnergyValue + waitingCost }

  private let context: MeteringContext
  private let request: ForesightRequest

  /// Most floors that are laid: each meets the bill near the plan before, and their mean is the next.
  private static let rounds = 3

  init(
    _ replay: ReplayCase, _ context: MeteringContext, _ request: ForesightRequest
  ) throws {
    self.context = context
    self.request = request
    let known = foresightPlan(request.plan)
    plan = known
    bill = Self.billed(plan, context, request)
    (wearCost, endEnergyValue, waitingCost) = Self.worth(plan, context, request)
    openGap = 0
    let topUp = bill.months.reduce(0) { $0 + $1.minimumAdjustment }
    let canCap = replay.tariff.demand.contains { $0.capPerKWh != nil }
    let minimums = context.schedule.plannableMinimums()
    let splitsMonths = canCap || (topUp > 0 && minimums != nil)
    let reach = request.reach(replay, context)
    var references: [FloorReference] = []
    var bound = -Double.infinity
    var latest = known
    var before: BillFloor?
    for _ in 0..<Self.rounds {
      references.append(Self.reference(latest, request))
      func floor(_ cappedMonths: Set<String>) -> BillFloor {
        BillFloor.mean(
          of: references.map {
            context.schedule.floor(
              at: $0, reach: reach, cappedMonths: cappedMonths, splitsMonths: splitsMonths)
          })
      }
      let laid = floor([])
      if let before, laid.agrees(with: before.prices) { break }
      before = laid
      // The plan at the prices that plans know is at hand.
      var asked = request
      if laid.agrees(with: request.plan.prices) {
        latest = known
      } else {
        asked = try ForesightRequest(
          replay, context, startKWh: request.startKWh, prices: laid.prices)
        latest = foresightPlan(asked.plan)
        keep(latest)
      }
      if splitsMonths {
        let month = MonthBound(
          asked.plan.joinedBound(), along: latest, context: context, canCap: canCap,
          minimums: minimums,
          floor: floor)
        var least = month.cost + Self.startWorth(request)
        if replay.hasSeveralBatteries {
          least += request.batteryStartWorth(context) - asked.plan.joinedEndWorth
        }
        bound = max(bound, least)
        let labels = context.schedule.monthLabels
        let capped = Set(zip(labels, month.endings).filter { $1.isCapped }.map(\.0))
        var ended = asked.plan
        if !capped.isEmpty { ended.prices = floor(capped).prices }
        ended.prices = ended.prices.scaled(
          in: context.schedule.monthSlots, by: month.endings.map(\.share))
        latest = foresightPlan(ended)
        keep(latest)
      } else {
        bound = max(
          bound,
          (latest.lowerBound ?? latest.objective) + laid.monthly.reduce(0, +)
            + request.batteryStartWorth(context) + Self.startWorth(request))
      }
      if cost - bound <= 1e-9 * max(1, abs(cost)) { break }
    }
    let gap = cost - bound
    // Less is what rounding leaves of a plan that is proven to be the best.
    openGap = gap > 1e-10 * max(1, abs(cost)) ? gap : 0
  }

  /// Keeps a plan that is cheaper by its bill.
  private mutating func keep(_ other: Plan) {
    let bill = Self.billed(other, context, request)
    let worth = Self.worth(other, context, request)
    guard bill.total + worth.wear - worth.end + worth.waiting < cost else { return }
    (plan, self.bill) = (other, bill)
    (wearCost, endEnergyValue, waitingCost) = worth
  }

  private static func reference(_ plan: Plan, _ request: ForesightRequest) -> FloorReference {
    let (importKW, exportKW) = metered(plan, request)
    return FloorReference(
      importKW: importKW, exportKW: exportKW, worthPerKWh: plan.energyValuePerKWh)
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
  ) -> (wear: Double, end: Double, waiting: Double) {
    var wear = 0.0
    var end = 0.0
    for place in 0..<request.plan.batteryCount {
      let own = plan.alone(place)
      let start = request.startKWh[place]
      wear +=
        own.dischargeKW.reduce(0, +) * plan.grid.stepHours * request.plan.alone(place).wearPerKWh
      end += ((own.energyKWh.last ?? start) - start) * request.endValuePerKWh(place, context)
    }
    return (wear, end, plan.waitingCost + startWorth(request))
  }

  /// Worth of what the stores of loads that can wait hold at the start. [currency]
  private static func startWorth(_ request: ForesightRequest) -> Double {
    request.plan.waitingLoads.reduce(0) { $0 + $1.startKWh * $1.endPerKWh }
  }
}

extension ForesightRequest {
  /// Value of a kWh left in one of the batteries. [currency/kWh]
  fileprivate func endValuePerKWh(_ place: Int, _ context: MeteringContext) -> Double {
    context.endValuesPerKWh.isEmpty ? context.endValuePerKWh : context.endValuesPerKWh[place]
  }

  /// Worth of what the batteries store at the start. [currency]
  fileprivate func batteryStartWorth(_ context: MeteringContext) -> Double {
    if context.endValuesPerKWh.isEmpty { return context.endValuePerKWh * startKWh[0] }
    return startKWh.indices.reduce(0) { $0 + endValuePerKWh($1, context) * startKWh[$1] }
  }
}

extension PlanRequest {
  /// Worth of what one battery in place of all stores at the start. [currency]
  fileprivate var joinedEndWorth: Double {
    let joined = joined()
    guard case .perKWh(let value) = joined.terminal else { return 0 }
    return value * joined.initialEnergyKWh
  }
}
