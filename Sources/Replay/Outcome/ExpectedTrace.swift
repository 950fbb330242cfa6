import Planning
import Tariffs
import TimeSeries

/// What the plan in force expected of each interval, to be laid beside what happened.
///
/// All columns have one value per interval of the period; NaN where no plan was in force.
package struct ExpectedTrace: Sendable {
  /// Consumption as it was forecast. [kW]
  package private(set) var loadKW: [Double]
  /// Production as it was forecast, on the AC side. [kW]
  package private(set) var pvKW: [Double]
  /// Price of a kWh bought, as the plan reckoned. [currency/kWh]
  package private(set) var buyPerKWh: [Double]
  /// Battery power of the plan, positive when discharging. [kW]
  package private(set) var batteryKW: [Double]
  /// Stored energy of the plan at the end of the planning slot. [kWh]
  package private(set) var storedKWh: [Double]

  private let slotsPerPlanningSlot: Int

  init(_ replay: ReplayCase) {
    slotsPerPlanningSlot = replay.settings.planningStepSeconds / replay.period.stepSeconds
    loadKW = [Double](repeating: .nan, count: replay.period.count)
    pvKW = loadKW
    buyPerKWh = loadKW
    batteryKW = loadKW
    storedKWh = loadKW
  }

  /// Enters a plan over the intervals it is in force for.
  mutating func enter(
    _ made: PlanInForce, _ outlook: HorizonForecast?, over slots: Range<Int>, of replay: ReplayCase
  ) {
    guard let outlook else { return }
    let count = min(
      outlook.grid.count, (slots.count + slotsPerPlanningSlot - 1) / slotsPerPlanningSlot)
    let produced = replay.acProduction(Array(outlook.pvKW.prefix(count)))
    for i in slots {
      let k = (i - slots.lowerBound) / slotsPerPlanningSlot
      guard k < count else { return }
      loadKW[i] = outlook.loadKW[k]
      for power in made.plan.waitingKW { loadKW[i] += power[k] }
      pvKW[i] = produced[k]
      buyPerKWh[i] = made.request.prices.buyPerKWh[k]
      batteryKW[i] = made.plan.batteryKW(k)
      storedKWh[i] = made.plan.energyKWh[k]
    }
  }
}
