import Tariffs
import TimeSeries

/// The cost of a replay spread over local days, so that versions can be compared day by day.
///
/// Energy, wear and the change of stored energy fall on the day they happen. What a bill charges
/// beyond the energy of single intervals (demand, fixed fees, minimums) is spread evenly over the
/// period's days, so the days sum to the cost.
struct DailyCosts {
  /// One value per local day of the period. [currency]
  let costs: [Double]

  init(
    trace: ReplayTrace, schedule: BillingSchedule, bill: Bill, zone: Zone, wearPerKWh: Double,
    endValuePerKWh: Double, startStoredKWh: Double
  ) {
    let slots = LocalSlots(grid: trace.grid, zone: zone)
    guard let firstDay = slots.dayNumber.first, let lastDay = slots.dayNumber.last else {
      costs = []
      return
    }
    var days = [Double](repeating: 0, count: lastDay - firstDay + 1)
    var stored = startStoredKWh
    let hours = trace.grid.stepHours
    for i in trace.grid.indices {
      let day = slots.dayNumber[i] - firstDay
      if trace.storedKWh[i].isFinite {
        days[day] -= (trace.storedKWh[i] - stored) * endValuePerKWh
        stored = trace.storedKWh[i]
      }
      guard trace.gridKW[i].isFinite else { continue }
      let grid = trace.gridKW[i]
      let price = grid > 0 ? schedule.buyPerKWh[i] : schedule.sellPerKWh[i]
      days[day] += grid * hours * price + max(0, trace.batteryKW[i]) * hours * wearPerKWh
    }
    let total =
      bill.total
      + trace.batteryKW.reduce(0) { $0 + ($1 > 0 ? $1 : 0) } * hours * wearPerKWh
      - (stored - startStoredKWh) * endValuePerKWh
    let rest = total - days.reduce(0, +)
    costs = days.map { $0 + rest / Double(days.count) }
  }
}
