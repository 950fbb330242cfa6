import Tariffs
import TimeSeries

/// The cost of a replay spread over local days, so that versions can be compared day by day.
///
/// Energy, wear and the change of stored energy fall on the day they happen; what else a month's bill
/// adds up (fixed fees, tiers, credits of whole months) is spread evenly over its days. What the
/// month's peaks decide falls on the day of the highest import in `costs` and stands apart in
/// `months`: a single peak decides it, and spreading it evenly would make an interval over days look
/// surer than it is. What other months decide as well is spread evenly in `costs` and stands apart in
/// `months` too. The days sum to the cost.
struct DailyCosts {
  /// One value per local day of the period. [currency]
  let costs: [Double]
  /// The parts, month by month.
  let months: [MonthCosts]
  /// What adds up over intervals, one value per interval. [currency]
  let slotCosts: [Double]

  init(
    trace: ReplayTrace, schedule: BillingSchedule, bill: Bill, zone: Zone, wearPerKWh: Double,
    endValuePerKWh: Double, startStoredKWh: Double, waitingCosts: [Double] = []
  ) {
    let slots = LocalSlots(grid: trace.grid, zone: zone)
    guard let firstDay = slots.dayNumber.first, let lastDay = slots.dayNumber.last else {
      costs = []
      months = []
      slotCosts = []
      return
    }
    let count = lastDay - firstDay + 1
    var bought = [Double](repeating: 0, count: count)
    var stored = bought
    var wear = bought
    var isMetered = [Bool](repeating: false, count: count)
    var bySlot = [Double](repeating: 0, count: trace.grid.count)
    var known: Int?
    let hours = trace.grid.stepHours
    for i in trace.grid.indices {
      let day = slots.dayNumber[i] - firstDay
      if trace.storedKWh[i].isFinite {
        let gained = trace.gainedWorth(
          i, since: known, startStoredKWh: startStoredKWh, endValuePerKWh: endValuePerKWh)
        stored[day] += gained
        bySlot[i] -= gained
        known = i
      }
      if !waitingCosts.isEmpty {
        stored[day] -= waitingCosts[i]
        bySlot[i] += waitingCosts[i]
      }
      let grid = trace.gridKW[i]
      guard grid.isFinite else { continue }
      isMetered[day] = true
      let paid = grid * hours * (grid > 0 ? schedule.buyPerKWh[i] : schedule.sellPerKWh[i])
      let worn =
        trace.batteries.isEmpty
        ? max(0, trace.batteryKW[i]) * hours * wearPerKWh
        : trace.wearPerHour(i) * hours
      bought[day] += paid
      wear[day] += worn
      bySlot[i] += paid + worn
    }
    slotCosts = bySlot
    var costs = [Double](repeating: 0, count: count)
    months = zip(bill.months, Self.spans(slots, trace: trace)).map { billed, span in
      let days = (span.days.lowerBound - firstDay)..<(span.days.upperBound - firstDay)
      let share = Double(days.count)
      let rest =
        (billed.total - billed.monthlyDemand - billed.overMonths
          - days.reduce(0) { $0 + bought[$1] }) / share
      let energy = days.map { bought[$0] + wear[$0] - stored[$0] + rest }
      for (day, cost) in zip(days, energy) { costs[day] += cost + billed.overMonths / share }
      if let peak = span.peak {
        costs[slots.dayNumber[peak] - firstDay] += billed.monthlyDemand
      } else {
        for day in days { costs[day] += billed.monthlyDemand / share }
      }
      return MonthCosts(
        label: billed.month, month: span.month,
        isWhole: billed.coveredFraction > 1 - 1e-9 && days.allSatisfy { isMetered[$0] },
        energyByDay: energy, wearByDay: days.map { wear[$0] }, demand: billed.monthlyDemand,
        overMonths: billed.overMonths, peakKW: billed.peakKW,
        peakStart: billed.monthlyDemand == 0 ? nil : span.peak.map { trace.grid.instant($0) })
    }
    self.costs = costs
  }

  /// The part of a calendar month in the period.
  private struct Span {
    let month: Int
    /// Days since 1970-01-01.
    var days: Range<Int>
    /// The interval with the highest import, the first of several.
    var peak: Int?
  }

  /// The calendar months in order of time; every billing month is one of them.
  private static func spans(_ slots: LocalSlots, trace: ReplayTrace) -> [Span] {
    var spans: [Span] = []
    for i in trace.grid.indices {
      let day = slots.dayNumber[i]
      if spans.last?.month != slots.month[i] {
        spans.append(Span(month: slots.month[i], days: day..<day + 1))
      }
      let last = spans.count - 1
      spans[last].days = spans[last].days.lowerBound..<day + 1
      guard trace.gridKW[i].isFinite else { continue }
      if let peak = spans[last].peak, trace.gridKW[peak] >= trace.gridKW[i] { continue }
      spans[last].peak = i
    }
    return spans
  }
}
