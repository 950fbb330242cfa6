extension BillingSchedule {
  /// Adds minimums, then pays what is left of credits at true-ups, and totals the months.
  ///
  /// A monthly minimum tops up what the month comes to, a negative bill counting as zero; a yearly
  /// one compares the year's bills before those top-ups. True-up cash comes after minimums.
  func settle(_ metered: MeteredEnergy, _ months: inout [MonthBill]) {
    let before = months.map { $0.energy + $0.demand + $0.fixed + $0.export }
    for index in calendar.months.indices {
      for minimum in tariff.minimums {
        let least = leastBill(minimum, month: index)
        let billed: Double
        switch minimum.unit {
        case .day, .month: billed = before[index]
        case .year:
          guard let year = yearEnding(at: index) else { continue }
          billed = year.reduce(0) { $0 + before[$1] }
        }
        let topUp = max(0, least - max(0, billed))
        if topUp > 0 {
          months[index].minimumAdjustment += topUp
          if minimum.unit == .year { months[index].overMonths += topUp }
          months[index].lines.append(
            BillLine(
              .minimum, rule: minimum.name, quantity: 1, unit: "minimum", price: topUp,
              amount: topUp))
        }
      }
      months[index].monthlyDemand =
        months[index].demand + months[index].minimumAdjustment - months[index].overMonths
      payExpired(&months[index])
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

  /// Returns the least that a month, or the year that ends with it, comes to. [currency]
  private func leastBill(_ minimum: MinimumCharge, month index: Int) -> Double {
    let month = calendar.months[index]
    let day = month.firstBilledDay
    let tax = minimum.includesVAT ? 0 : tariff.vatFraction.nearestValue(onDay: day)
    let amount = minimum.amount.nearestValue(onDay: day) * (1 + tax)
    switch minimum.unit {
    case .day: return amount * Double(month.days) * month.coveredFraction
    case .month: return amount * month.coveredFraction
    case .year:
      let months = yearEnding(at: index) ?? []
      return amount * months.reduce(0) { $0 + calendar.months[$1].coveredFraction } / 12
    }
  }

  /// Returns the least that each month comes to, where plans can reckon with it.
  ///
  /// They cannot with several minimums, with one of the year, or where a month's bill depends on other
  /// months: means and peaks over months, ratchets, carried credit.
  ///
  /// - Returns: One amount for each month, or nothing. [currency]
  package func plannableMinimums() -> [Double]? {
    guard let minimum = tariff.minimums.first, tariff.minimums.count == 1, minimum.unit != .year,
      calendar.months.count == 1 || !tariff.looksOverMonths
    else { return nil }
    switch tariff.export.arrangement {
    case .netBilling, .buyAllSellAll: break
    case .netBillingCarryOver, .netMeteringEnergy, .netMeteringMoney: return nil
    }
    return calendar.months.indices.map { leastBill(minimum, month: $0) }
  }

  /// Returns the months of the calendar year that ends, on this grid, with a month.
  private func yearEnding(at index: Int) -> [Int]? {
    let year = calendar.months[index].year
    if index + 1 < calendar.months.count, calendar.months[index + 1].year == year { return nil }
    return calendar.months.indices.filter { calendar.months[$0].year == year }
  }

  /// Books credit that has expired, and pays what is paid back of it.
  private func payExpired(_ bill: inout MonthBill) {
    if bill.expiredCreditKWh > 0 {
      bill.lines.append(
        BillLine(
          .export, rule: "credit expired", quantity: bill.expiredCreditKWh, unit: "kWh", price: 0,
          amount: 0))
    }
    guard bill.expiredCredit > 0 else { return }
    bill.export -= bill.refund
    bill.overMonths -= bill.refund
    bill.lines.append(
      BillLine(
        .export, rule: "credit expired", quantity: bill.expiredCredit, unit: tariff.currency,
        price: -bill.refund / bill.expiredCredit, amount: -bill.refund))
  }

  private func payTrueUp(_ index: Int, _ bill: inout MonthBill) {
    let kWh = bill.creditBalanceKWh
    let money = bill.creditBalance
    bill.creditBalanceKWh = 0
    bill.creditBalance = 0
    if tariff.export.creditExpires {
      if kWh > 0 {
        bill.lines.append(
          BillLine(.export, rule: "credit expired", quantity: kWh, unit: "kWh", price: 0, amount: 0)
        )
      }
      if money > 0 {
        bill.lines.append(
          BillLine(
            .export, rule: "credit expired", quantity: money, unit: tariff.currency, price: 0,
            amount: 0))
      }
      return
    }
    if kWh > 0 {
      let price = trueUpPrice(index)
      bill.export -= kWh * price
      bill.lines.append(
        BillLine(
          .export, rule: "true-up", quantity: kWh, unit: "kWh", price: -price, amount: -kWh * price)
      )
    }
    if money > 0 {
      bill.export -= money
      bill.lines.append(
        BillLine(
          .export, rule: "true-up", quantity: money, unit: tariff.currency, price: -1,
          amount: -money))
    }
  }

  /// Price of a kilowatt-hour left at the true-up: as stated, or the month's mean export price.
  func trueUpPrice(_ index: Int) -> Double {
    let month = calendar.months[index]
    if let stated = tariff.export.trueUpPerKWh {
      return stated.nearestValue(onDay: month.firstBilledDay)
    }
    let prices = month.slots.map { sellPerKWh[$0] }
    return prices.isEmpty ? 0 : prices.reduce(0, +) / Double(prices.count)
  }
}
