import Diagnostics
import TimeSeries

/// A subscribed power laid over a grid.
struct ContractedCells {
  let charge: ContractedPower
  /// Which of the schedule's interval maps meters the charge.
  let map: Int
  /// Period of each metering interval, `PeriodTable.none` where power is free.
  let periodOfInterval: [UInt8]
  /// Price of a subscribed kilowatt with VAT, by month and period. [currency/kW and month]
  let prices: [[Double]]
  /// Price of a kilowatt of excess with VAT, by month and period. [currency/kW and month]
  let overdrawPrices: [[Double]]
  private let years: [Int]

  init(
    _ charge: ContractedPower, calendar: SlotCalendar, map: Int, intervals: IntervalMap,
    vatFraction: DatedValue, strict: Bool, findings: inout Findings
  ) {
    if strict, charge.meteringSeconds < calendar.slots.grid.stepSeconds {
      findings.warning(
        "'\(charge.name)' is metered over \(charge.meteringSeconds) s, but the data have a step of"
          + " \(calendar.slots.grid.stepSeconds) s: shorter peaks are not seen", at: charge.position
      )
    }
    self.charge = charge
    self.map = map
    var table = PeriodTable(charge.periods.map(\.windows))
    let periods = table.periods(of: calendar)
    periodOfInterval = intervals.bounds.dropLast().map { periods[$0] }
    func months(
      _ unit: DemandUnit, isWhole: Bool, _ value: (ContractedPeriod) -> DatedValue
    ) -> [[Double]] {
      calendar.months.map { month in
        let day = month.firstBilledDay
        let tax = charge.includesVAT ? 0 : vatFraction.nearestValue(onDay: day)
        let covered = isWhole ? 1 : month.coveredFraction
        let share: Double =
          switch unit {
          case .month: covered
          case .year: covered / 12
          case .day: month.coveredFraction * Double(month.days)
          }
        return charge.periods.map { value($0).nearestValue(onDay: day) * (1 + tax) * share }
      }
    }
    prices = months(charge.unit, isWhole: false, \.pricePerKW)
    overdrawPrices = months(charge.overdrawUnit, isWhole: true, \.overdrawPricePerKW)
    years = calendar.months.map(\.year)
  }

  /// Billed kW or kVA per metered kW.
  var factor: Double { 1 / charge.assumedPowerFactor }

  /// Months of the calendar year before a month.
  func yearBefore(_ month: Int) -> Range<Int> {
    (years.firstIndex(of: years[month]) ?? month)..<month
  }

  /// Months of the calendar year from a month on.
  func restOfYear(_ month: Int) -> Range<Int> {
    month..<(years.lastIndex(of: years[month]) ?? month) + 1
  }

  /// Metering intervals of a period among some.
  func intervals(of period: Int, in range: Range<Int>) -> [Int] {
    range.filter { Int(periodOfInterval[$0]) == period }
  }

  /// Highest billed power of every period over some metering intervals. [kW or kVA]
  func peaks(_ meansKW: [Double], in range: Range<Int>) -> [Double] {
    var result = [Double](repeating: 0, count: charge.periods.count)
    for i in range {
      let period = Int(periodOfInterval[i])
      if period == Int(PeriodTable.none) { continue }
      result[period] = max(result[period], meansKW[i] * factor)
    }
    return result
  }

  /// Sum of squared excess of every period over some metering intervals. [kW² or kVA²]
  func squares(_ meansKW: [Double], in range: Range<Int>) -> [Double] {
    var result = [Double](repeating: 0, count: charge.periods.count)
    for i in range {
      let period = Int(periodOfInterval[i])
      if period == Int(PeriodTable.none) { continue }
      let excess = max(0, meansKW[i] * factor - charge.periods[period].contractedKW)
      result[period] += excess * excess
    }
    return result
  }
}

extension BillingSchedule {
  /// Adds subscribed powers and what is drawn above them.
  func addContracted(_ metered: MeteredEnergy, to months: inout [MonthBill]) {
    for cells in contracted {
      let (map, charge) = (maps[cells.map], cells.charge)
      let means = metered.meansKW[cells.map]
      let peaks = months.indices.map { cells.peaks(means, in: map.ofMonth[$0]) }
      for index in months.indices {
        let squares =
          charge.excess == .rootOfSquares
          ? cells.squares(means, in: map.ofMonth[index]) : []
        for (position, period) in charge.periods.enumerated() {
          let name = charge.periods.count == 1 ? charge.name : "\(charge.name): \(period.name)"
          // What a month subscribes to for the rest of the year is billed from that month on.
          let held = cells.yearBefore(index).map { peaks[$0][position] }.max() ?? 0
          let before = charge.holdsForYear ? max(period.contractedKW, held) : period.contractedKW
          let billed = charge.holdsForYear ? max(before, peaks[index][position]) : before
          let excess =
            charge.excess == .highest
            ? max(0, peaks[index][position] - before) : squares[position].squareRoot()
          var lines = [
            BillLine(
              .demand, rule: name, quantity: billed, unit: charge.unitName,
              price: cells.prices[index][position], amount: cells.prices[index][position] * billed)
          ]
          let fee = cells.overdrawPrices[index][position]
          if excess > 0, fee != 0 || !charge.holdsForYear {
            lines.append(
              BillLine(
                .demand, rule: "\(name): overdraw", quantity: excess, unit: charge.unitName,
                price: fee, amount: fee * excess))
          }
          let amount = lines.reduce(0) { $0 + $1.amount }
          months[index].lines += lines
          months[index].demand += amount
          if charge.holdsForYear { months[index].overMonths += amount }
        }
      }
    }
  }
}
