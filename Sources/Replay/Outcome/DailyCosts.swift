import Tariffs
import TimeSeries

/// The cost of a replay spread over local days, so that versions can be compared day by day.
///
/// Energy, wear and the change of stored energy fall on the day they happen, a month's demand
/// charges on the day of the month's highest import: a single peak decides them, and spreading them
/// evenly would make an interval over days look surer than it is. What is left (fixed fees,
/// minimums, credits of whole months) is spread evenly over the period's days. The days sum to the
/// cost.
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
    var throughput = 0.0
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
      let discharged = max(0, trace.batteryKW[i]) * hours
      throughput += discharged
      days[day] += grid * hours * price + discharged * wearPerKWh
    }
    for (month, slot) in Self.peaks(of: bill, trace: trace, slots: slots) {
      days[slots.dayNumber[slot] - firstDay] += month.demand
    }
    let total =
      bill.total + throughput * wearPerKWh - (stored - startStoredKWh) * endValuePerKWh
    let rest = total - days.reduce(0, +)
    costs = days.map { $0 + rest / Double(days.count) }
  }

  /// The interval with the highest import of each billing month.
  private static func peaks(
    of bill: Bill, trace: ReplayTrace, slots: LocalSlots
  ) -> [(month: MonthBill, slot: Int)] {
    var highest: [Int: Int] = [:]
    for i in trace.grid.indices where trace.gridKW[i].isFinite {
      let month = slots.year[i] * 12 + slots.month[i]
      if let best = highest[month], trace.gridKW[best] >= trace.gridKW[i] { continue }
      highest[month] = i
    }
    // Both are in order of time, and every billing month is a calendar month of the period.
    let months = highest.keys.sorted()
    guard months.count == bill.months.count else { return [] }
    return zip(bill.months, months).compactMap { month, key in
      highest[key].map { (month, $0) }
    }
  }
}
