import Diagnostics
import TimeSeries

/// A charge by hours of use laid over a grid.
struct HoursOfUseCells {
  let charge: HoursOfUseCharge
  /// Which of the schedule's interval maps meters the charge.
  let map: Int
  /// Prices with VAT by month, below the switch and from it on. [currency/kWh]
  let perKWh: [[Double]]
  /// Instalments with VAT by month, below the switch and from it on. [currency/kW and month]
  let perKW: [[Double]]
  /// Share of a year that each month covers.
  let yearShare: [Double]
  private let years: [Int]

  init(
    _ charge: HoursOfUseCharge, calendar: SlotCalendar, map: Int, vatFraction: DatedValue,
    strict: Bool, findings: inout Findings
  ) {
    self.charge = charge
    self.map = map
    if strict, charge.meteringSeconds < calendar.slots.grid.stepSeconds {
      findings.warning(
        "'\(charge.name)' is metered over \(charge.meteringSeconds) s, but the data have a step of"
          + " \(calendar.slots.grid.stepSeconds) s: shorter peaks are not seen", at: charge.position
      )
    }
    var missing = false
    var (perKWh, perKW): ([[Double]], [[Double]]) = ([], [])
    for month in calendar.months {
      let day = month.firstBilledDay
      let factor = 1 + (charge.includesVAT ? 0 : vatFraction.nearestValue(onDay: day))
      func inForce(_ value: DatedValue) -> Double {
        if strict, !missing, value.value(onDay: day) == nil {
          missing = true
          findings.error("'\(charge.name)' has no price on \(dateText(day))", at: charge.position)
        }
        return value.nearestValue(onDay: day) * factor
      }
      perKWh.append([charge.below, charge.above].map { inForce($0.pricePerKWh) })
      perKW.append(
        [charge.below, charge.above].map { inForce($0.pricePerKW) * month.coveredFraction / 12 })
    }
    self.perKWh = perKWh
    self.perKW = perKW
    yearShare = calendar.months.map { $0.coveredFraction / 12 }
    years = calendar.months.map(\.year)
  }

  /// Months of the calendar year of a month, up to it.
  func yearSoFar(month: Int) -> Range<Int> {
    (years.firstIndex(of: years[month]) ?? month)..<month + 1
  }

  /// Months of each calendar year, in order.
  var monthsOfYears: [Range<Int>] {
    years.indices.filter { $0 + 1 == years.count || years[$0 + 1] != years[$0] }
      .map { yearSoFar(month: $0) }
  }

  /// Which pair of prices is billed: 0 below the switch, 1 from it on.
  ///
  /// - Parameters:
  ///   - energyKWh: Energy of a year or a part of it. [kWh]
  ///   - peakKW: Its highest power. [kW]
  ///   - share: The part of the year.
  /// - Returns: 0 or 1.
  func side(energyKWh: Double, peakKW: Double, yearShare share: Double) -> Int {
    peakKW > 0 && energyKWh >= charge.switchHours * share * peakKW ? 1 : 0
  }

  /// Returns what the months of a year up to each month come to. [currency]
  ///
  /// - Parameters:
  ///   - energyKWh: Energy of each month of the grid. [kWh]
  ///   - peaksKW: Peak of each month of the grid. [kW]
  ///   - months: Months of a calendar year, from its first.
  /// - Returns: The side, and what energy and power come to.
  func sum(
    energyKWh: [Double], peaksKW: [Double], over months: Range<Int>
  ) -> (side: Int, energy: Double, peakKW: Double, power: Double) {
    let peak = months.map { peaksKW[$0] }.max() ?? 0
    let side = side(
      energyKWh: months.reduce(0) { $0 + energyKWh[$1] }, peakKW: peak,
      yearShare: months.reduce(0) { $0 + yearShare[$1] })
    return (
      side, months.reduce(0) { $0 + energyKWh[$1] * perKWh[$1][side] }, peak,
      months.reduce(0) { $0 + perKW[$1][side] } * peak
    )
  }
}

extension BillingSchedule {
  /// Adds charges by hours of use: what the year so far comes to, less what its months before were billed.
  func addHoursOfUse(_ metered: MeteredEnergy, to months: inout [MonthBill]) {
    for cells in hoursOfUse {
      let peaks = months.indices.map { peakKW(metered, map: cells.map, month: $0) }
      let energy = months.map(\.importKWh)
      var before = (energy: 0.0, power: 0.0)
      for index in months.indices {
        let year = cells.yearSoFar(month: index)
        if year.count == 1 { before = (0, 0) }
        let now = cells.sum(energyKWh: energy, peaksKW: peaks, over: year)
        let word =
          "\(now.side == 0 ? "below" : "from") \(plain(cells.charge.switchHours)) h of use"
        let parts = [
          (name: "energy", energy[index], unit: "kWh", amount: now.energy - before.energy),
          (name: "power", now.peakKW, unit: "kW", amount: now.power - before.power),
        ]
        for (name, quantity, unit, amount) in parts {
          months[index].lines.append(
            BillLine(
              .demand, rule: "\(cells.charge.name): \(name), \(word)", quantity: quantity,
              unit: unit, price: quantity == 0 ? 0 : amount / quantity, amount: amount))
          months[index].demand += amount
          months[index].overMonths += amount
        }
        before = (now.energy, now.power)
      }
    }
  }
}
