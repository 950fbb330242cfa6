import Diagnostics
import TimeSeries

/// A demand charge laid over a grid.
struct DemandCells {
  let charge: DemandCharge
  /// Which of the schedule's interval maps meters this charge.
  let map: Int
  /// Period of each metering interval, `PeriodTable.none` where demand is free.
  let periodOfInterval: [UInt8]
  /// Local day of each metering interval.
  let dayOfInterval: [Int32]
  /// Upper ends of the blocks of each period but the last. [kW]
  let limits: [[Double]]
  /// Prices with VAT by month, period and block. [currency/kW and month]
  let prices: [[[Double]]]
  /// 1 + VAT of each month.
  let taxFactor: [Double]
  /// Factor of each period on metered power.
  let weights: [Double]
  /// True when some period counts other than at full power.
  let isWeighted: Bool

  init(
    _ charge: DemandCharge, calendar: SlotCalendar, map: Int, intervals: IntervalMap,
    vatFraction: DatedValue, strict: Bool, findings: inout Findings
  ) {
    self.charge = charge
    self.map = map
    let slots = calendar.slots
    if strict, charge.meteringSeconds < slots.grid.stepSeconds {
      findings.warning(
        "'\(charge.name)' is metered over \(charge.meteringSeconds) s, but the data have a step of"
          + " \(slots.grid.stepSeconds) s: shorter peaks are not seen", at: charge.position)
    }
    var table = PeriodTable(charge.periods.map(\.windows))
    var periods = table.periods(of: slots, dayTypes: calendar.dayTypes)
    if let events = charge.events {
      let instants = events.map { $0.instants(in: calendar.zone) }
      for i in slots.grid.indices {
        let slot = slots.grid.instant(i)..<slots.grid.instant(i + 1)
        if !instants.contains(where: { $0.overlaps(slot) }) { periods[i] = PeriodTable.none }
      }
    }
    periodOfInterval = intervals.bounds.dropLast().map { periods[$0] }
    dayOfInterval = intervals.bounds.dropLast().map { Int32(slots.dayNumber[$0]) }
    limits = charge.periods.map { $0.tiers.dropLast().map { $0.upToKW ?? .infinity } }
    weights = charge.periods.map(\.weight)
    isWeighted = weights.contains { $0 != 1 }
    var missing = false
    var factors: [Double] = []
    prices = calendar.months.map { month in
      let day = month.firstBilledDay
      let tax: DatedValue = charge.includesVAT ? 0 : vatFraction
      let factor = 1 + tax.nearestValue(onDay: day)
      factors.append(factor)
      let unit: Double =
        switch charge.unit {
        case .month: 1
        case .year: 1.0 / 12
        case .day:
          charge.measure.rule.isBilledByDay ? 1 : Double(month.days) * month.coveredFraction
        }
      return charge.periods.map { period in
        period.tiers.map { tier in
          if strict, !missing, tier.pricePerKW.value(onDay: day) == nil {
            missing = true
            findings.error(
              "'\(charge.name)' '\(period.name)' has no price on \(dateText(day))",
              at: period.position ?? charge.position)
          }
          return tier.pricePerKW.nearestValue(onDay: day) * unit * factor
        }
      }
    }
    taxFactor = factors
  }

  /// Returns what a billed demand costs in a month and period, block by block. [currency]
  func cost(ofKW demandKW: Double, month: Int, period: Int) -> Double {
    var lower = 0.0
    var sum = 0.0
    for (tier, price) in prices[month][period].enumerated() {
      let upper = tier < limits[period].count ? limits[period][tier] : .infinity
      if demandKW > lower { sum += (min(demandKW, upper) - lower) * price }
      lower = upper
    }
    return sum
  }

  /// Returns the highest weighted power of every period over a range of metering intervals. [kW]
  func peaks(of meansKW: [Double], in range: Range<Int>) -> [Double] {
    var result = [Double](repeating: 0, count: charge.periods.count)
    for interval in range {
      let period = Int(periodOfInterval[interval])
      if period == Int(PeriodTable.none) { continue }
      let power = isWeighted ? meansKW[interval] * weights[period] : meansKW[interval]
      if power > result[period] { result[period] = power }
    }
    return result
  }
}
