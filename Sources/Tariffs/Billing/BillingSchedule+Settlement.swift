extension BillingSchedule {
  /// Adds minimums, then pays what is left of credits at true-ups, and totals the months.
  ///
  /// A monthly minimum tops up what the month comes to, a negative bill counting as zero; a yearly
  /// one compares the year's bills before those top-ups. True-up cash comes after minimums.
  func settle(_ metered: MeteredEnergy, _ months: inout [MonthBill]) {
    let before = months.map { $0.energy + $0.demand + $0.fixed + $0.export }
    for (index, month) in calendar.months.enumerated() {
      for minimum in tariff.minimums {
        let day = month.firstBilledDay
        let tax = minimum.includesVAT ? 0 : tariff.vatFraction.nearestValue(onDay: day)
        let amount = minimum.amount.nearestValue(onDay: day) * (1 + tax)
        let least: Double
        let billed: Double
        switch minimum.unit {
        case .day:
          least = amount * Double(month.days) * month.coveredFraction
          billed = before[index]
        case .month:
          least = amount * month.coveredFraction
          billed = before[index]
        case .year:
          guard let year = yearEnding(at: index) else { continue }
          least = amount * year.reduce(0) { $0 + calendar.months[$1].coveredFraction } / 12
          billed = year.reduce(0) { $0 + before[$1] }
        }
        let topUp = max(0, least - max(0, billed))
        if topUp > 0 {
          months[index].minimumAdjustment += topUp
          if minimum.unit == .year { months[index].overMonths += topUp }
          months[index].lines.append(
            BillLine(rule: minimum.name, quantity: 1, unit: "minimum", price: topUp, amount: topUp))
        }
      }
      months[index].monthlyDemand =
        months[index].demand + months[index].minimumAdjustment - months[index].overMonths
      if isTrueUp(month: index) {
        let before = months[index].export
        payTrueUp(index, &months[index])
        months[index].overMonths += months[index].export - before
      }
      months[index].total =
        months[index].energy + months[index].demand + months[index].fixed
        + months[index].export + months[index].minimumAdjustment
    }
  }

  /// Returns the months of the calendar year that ends, on this grid, with a month.
  private func yearEnding(at index: Int) -> [Int]? {
    let year = calendar.months[index].year
    if index + 1 < calendar.months.count, calendar.months[index + 1].year == year { return nil }
    return calendar.months.indices.filter { calendar.months[$0].year == year }
  }

  private func payTrueUp(_ index: Int, _ bill: inout MonthBill) {
    let kWh = bill.creditBalanceKWh
    let money = bill.creditBalance
    bill.creditBalanceKWh = 0
    bill.creditBalance = 0
    if tariff.export.creditExpires {
      if kWh > 0 {
        bill.lines.append(
          BillLine(rule: "credit expired", quantity: kWh, unit: "kWh", price: 0, amount: 0))
      }
      if money > 0 {
        bill.lines.append(
          BillLine(
            rule: "credit expired", quantity: money, unit: tariff.currency, price: 0, amount: 0))
      }
      return
    }
    if kWh > 0 {
      let price = trueUpPrice(index)
      bill.export -= kWh * price
      bill.lines.append(
        BillLine(
          rule: "true-up", quantity: kWh, unit: "kWh", price: -price, amount: -kWh * price))
    }
    if money > 0 {
      bill.export -= money
      bill.lines.append(
        BillLine(
          rule: "true-up", quantity: money, unit: tariff.currency, price: -1, amount: -money))
    }
  }

  /// Price of a kilowatt-hour left at the true-up: as stated, or the month's mean export price.
  private func trueUpPrice(_ index: Int) -> Double {
    let month = calendar.months[index]
    if let stated = tariff.export.trueUpPerKWh {
      return stated.nearestValue(onDay: month.firstBilledDay)
    }
    let prices = month.slots.map { sellPerKWh[$0] }
    return prices.isEmpty ? 0 : prices.reduce(0, +) / Double(prices.count)
  }
}
