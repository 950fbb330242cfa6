extension BillingSchedule {
  /// Adds charges on power, month after month because some look back.
  func addDemand(
    _ metered: MeteredEnergy, appliesCaps: Bool, to months: inout [MonthBill]
  ) {
    for cells in demand {
      var history = PeakHistory(cells.charge, calendar: calendar)
      for index in months.indices {
        let lines = demandLines(cells, metered, month: index, history: &history)
        let capped = appliesCaps ? cap(lines, cells, month: index, bill: months[index]) : lines
        let amount = capped.reduce(0) { $0 + $1.amount }
        months[index].lines += capped
        months[index].demand += amount
        if cells.charge.looksOverMonths { months[index].overMonths += amount }
      }
    }
    addContracted(metered, to: &months)
    for (position, charge) in tariff.reactive.enumerated() {
      for index in months.indices {
        let day = calendar.months[index].firstBilledDay
        let tax = charge.includesVAT ? 0 : tariff.vatFraction.nearestValue(onDay: day)
        let price = charge.pricePerKVAr.nearestValue(onDay: day) * (1 + tax)
        let quantity =
          charge.kVArPerKW * peakKW(metered, map: reactiveMap[position], month: index)
        months[index].demand += price * quantity
        months[index].lines.append(
          BillLine(
            .demand, rule: charge.name, quantity: quantity, unit: "kVAr", price: price,
            amount: price * quantity))
      }
    }
    addHoursOfUse(metered, to: &months)
  }

  /// Returns the highest metered import of a month. [kW]
  func peakKW(_ metered: MeteredEnergy, map: Int, month: Int) -> Double {
    var peak = 0.0
    for interval in maps[map].ofMonth[month] where metered.meansKW[map][interval] > peak {
      peak = metered.meansKW[map][interval]
    }
    return peak
  }

  private func demandLines(
    _ cells: DemandCells, _ metered: MeteredEnergy, month: Int, history: inout PeakHistory
  ) -> [BillLine] {
    let charge = cells.charge
    let billed = charge.measure.rule.billed(
      DemandMonth(
        cells: cells, meansKW: metered.meansKW[cells.map],
        intervals: maps[cells.map].ofMonth[month],
        month: month), history: &history)
    return billed.map { demand in
      let name = charge.periods[demand.period].name
      return BillLine(
        .demand, rule: charge.periods.count == 1 ? charge.name : "\(charge.name): \(name)",
        quantity: demand.kW, unit: "kW", price: demand.kW == 0 ? 0 : demand.amount / demand.kW,
        amount: demand.amount)
    }
  }

  /// Limits a charge to a price on the month's import.
  private func cap(
    _ lines: [BillLine], _ cells: DemandCells, month: Int, bill: MonthBill
  ) -> [BillLine] {
    guard let cap = cells.charge.capPerKWh else { return lines }
    let limit = cap * cells.taxFactor[month] * bill.importKWh
    let sum = lines.reduce(0) { $0 + $1.amount }
    guard sum > limit else { return lines }
    return lines + [
      BillLine(
        .demand, rule: "\(cells.charge.name): cap", quantity: bill.importKWh, unit: "kWh",
        price: bill.importKWh == 0 ? 0 : (limit - sum) / bill.importKWh, amount: limit - sum)
    ]
  }
}
