import Planning
import Tariffs
import TimeSeries

/// The billing month that a plan begins in, as far as it is known and can be expected.
struct MonthOutlook {
  /// State of the month so far.
  let meter: BillingMeter
  /// Local day that the plan begins on.
  let day: Int
  /// Label of the month that the plan ends in.
  let nextLabel: String
  private let trace: ReplayTrace
  /// Slots of the period that lie in the month.
  let slots: Range<Int>
  /// Slot of the period that the plan begins in.
  let first: Int
  /// Slots of the period to one of the plan.
  let slotsPerPlanningSlot: Int
  /// Import expected in the month after the plan's end. [kWh]
  let laterImportKWh: Double

  /// Time after which the month so far tells the import of the rest, rather than the forecast. [h]
  private static let tellingHours = 48.0

  init(_ replay: ReplayCase, outlook: HorizonForecast, meter: BillingMeter, trace: ReplayTrace) {
    let grid = replay.period
    let begin = grid.index(containing: outlook.grid.start) ?? 0
    let labels = meter.schedule.monthLabels
    let months = meter.schedule.monthSlots
    let current = months.firstIndex { $0.contains(begin) } ?? 0
    let end = grid.index(containing: outlook.grid.end - 1) ?? grid.count - 1
    self.meter = meter
    day = replay.history.zone.civil(at: outlook.grid.start).dayNumber
    nextLabel = labels[months.firstIndex { $0.contains(end) } ?? current]
    slots = months[current]
    first = begin
    slotsPerPlanningSlot = replay.settings.planningStepSeconds / grid.stepSeconds
    self.trace = trace
    let passedHours = Double(begin - slots.lowerBound) * grid.stepHours
    let meanKW: Double
    if passedHours >= Self.tellingHours {
      var sum = 0.0
      for slot in slots.lowerBound..<begin where trace.gridKW[slot] > 0 {
        sum += trace.gridKW[slot]
      }
      meanKW = sum / Double(begin - slots.lowerBound)
    } else {
      let net = zip(outlook.loadKW, outlook.pvKW).map { max(0, $0 - $1) }
      meanKW = net.reduce(0, +) / Double(max(1, net.count))
    }
    laterImportKWh = meanKW * Double(max(0, slots.upperBound - end - 1)) * grid.stepHours
  }

  /// What was metered from the beginning of the period, with nothing from the plan's beginning on. [kW]
  func metered() -> (importKW: [Double], exportKW: [Double]) {
    let grid = trace.grid.indices.map { $0 < first ? trace.gridKW[$0] : 0 }
    return (grid.map { $0 > 0 ? $0 : 0 }, grid.map { $0 < 0 ? -$0 : 0 })
  }

  /// Returns prices of a plan for which nothing in the month is worth anything.
  func withoutPrices(_ prices: PlanningPrices) -> PlanningPrices {
    let left = (slots.upperBound - first + slotsPerPlanningSlot - 1) / slotsPerPlanningSlot
    return prices.scaled(in: [0..<min(left, prices.buyPerKWh.count)], by: [0])
  }
}
