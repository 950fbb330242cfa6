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
  /// Upper ends of the blocks or bands of each period but the last. [kW]
  let limits: [[Double]]
  /// Prices with VAT by month, period and block; of bands the rise per kW from the end of one to the end
  /// of the next, which is what plans are told. [currency/kW and month]
  let prices: [[[Double]]]
  /// Amounts with VAT by month, period and band; none where blocks are billed. [currency/month]
  let amounts: [[[Double]]]
  /// Price of the squared demand with VAT by month and period; 0 where it is not billed. [currency/kW² and month]
  let squares: [[Double]]
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
    var periods = table.periods(of: calendar)
    if let events = charge.events {
      let instants = events.map { $0.instants(in: calendar.zone) }
      for i in slots.grid.indices {
        let slot = slots.grid.instant(i)..<slots.grid.instant(i + 1)
        if !instants.contains(where: { $0.overlaps(slot) }) { periods[i] = PeriodTable.none }
      }
    }
    periodOfInterval = intervals.bounds.dropLast().map { periods[$0] }
    dayOfInterval = intervals.bounds.dropLast().map { Int32(slots.dayNumber[$0]) }
    let limits = charge.periods.map { period in
      (period.tiers.dropLast().map(\.upToKW) + period.steps.dropLast().map(\.upToKW))
        .map { $0 ?? .infinity }
    }
    self.limits = limits
    weights = charge.periods.map(\.weight)
    isWeighted = weights.contains { $0 != 1 }
    var missing = false
    var factors: [Double] = []
    var squares: [[Double]] = []
    let found = calendar.months.map { month -> (prices: [[Double]], amounts: [[Double]]) in
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
      func inForce(_ value: DatedValue, of period: DemandPeriod) -> Double {
        if strict, !missing, value.value(onDay: day) == nil {
          missing = true
          findings.error(
            "'\(charge.name)' '\(period.name)' has no price on \(dateText(day))",
            at: period.position ?? charge.position)
        }
        return value.nearestValue(onDay: day) * unit * factor
      }
      let amounts = charge.periods.map { period in
        period.steps.map { inForce($0.amount, of: period) }
      }
      let prices = charge.periods.indices.map { index in
        let period = charge.periods[index]
        return period.steps.isEmpty
          ? period.tiers.map { inForce($0.pricePerKW, of: period) }
          : DemandCells.rises(amounts[index], limits: limits[index])
      }
      squares.append(
        charge.periods.map { period in period.pricePerKW2.map { inForce($0, of: period) } ?? 0 })
      return (prices, amounts)
    }
    self.squares = squares
    prices = found.map(\.prices)
    amounts = found.map(\.amounts)
    taxFactor = factors
  }

  /// Returns the rise per kW from the end of one band to the end of the next; the last band, which has no
  /// end, rises over the width of the one before. [currency/kW]
  private static func rises(_ amounts: [Double], limits: [Double]) -> [Double] {
    amounts.indices.map { step in
      if step == 0 { return 0 }
      let end = min(step, limits.count - 1)
      let width = limits[end] - (end > 0 ? limits[end - 1] : 0)
      return (amounts[step] - amounts[step - 1]) / width
    }
  }

  /// Returns what a billed demand costs in a month and period: its band, or block by block. [currency]
  func cost(ofKW demandKW: Double, month: Int, period: Int) -> Double {
    let bands = amounts[month][period]
    if !bands.isEmpty {
      return bands[limits[period].firstIndex { demandKW <= $0 } ?? limits[period].count]
    }
    var lower = 0.0
    var sum = squares[month][period] * demandKW * demandKW
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
