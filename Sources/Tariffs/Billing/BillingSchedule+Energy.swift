extension BillingSchedule {
  /// Adds the charges on imported energy and the credit for exported energy.
  ///
  /// - Parameters:
  ///   - metered: The metered series.
  ///   - months: The bill so far.
  ///   - note: Told what each charge made of each month.
  func addEnergy(
    _ metered: MeteredEnergy, to months: inout [MonthBill],
    note: (PricedMonth) -> Void = { _ in }
  ) {
    switch tariff.export.arrangement {
    case .netBilling, .buyAllSellAll:
      for index in months.indices {
        addImport(
          metered.importKWh, of: energy.indices, month: index, to: &months[index], note: note)
        let earned = exportLines(
          metered, month: index, peakKW: months[index].peakKW, note: note)
        months[index].lines += earned
        months[index].export += earned.reduce(0) { $0 + $1.amount }
      }
    case .netBillingCarryOver(let sameMonthFirst):
      var bank = CreditBank()
      for index in months.indices {
        addImport(
          metered.importKWh, of: energy.indices, month: index, to: &months[index], note: note)
        let earned = exportLines(
          metered, month: index, peakKW: months[index].peakKW, note: note)
        let credit = -earned.reduce(0) { $0 + $1.amount }
        useCredit(
          credit, sameMonthFirst: sameMonthFirst, bank: &bank, of: index, bill: &months[index])
        forgetCreditIfDue(&bank, month: index)
      }
    case .netMeteringEnergy, .netMeteringMoney:
      addNetted(metered, to: &months, note: note)
    }
  }

  /// True when a carried credit is settled at the end of a month.
  func isTrueUp(month index: Int) -> Bool {
    calendar.months[index].month == tariff.export.trueUpMonth
  }

  /// Empties a bank at the true-up; the cash itself is paid after the minimums.
  func forgetCreditIfDue(_ bank: inout CreditBank, month index: Int) {
    if isTrueUp(month: index) { bank.clear() }
  }

  /// Lets credit in money reduce the month's energy charges and carries the rest.
  func useCredit(
    _ credit: Double, sameMonthFirst: Bool, bank: inout CreditBank, of index: Int,
    bill: inout MonthBill
  ) {
    let available = bank.total + (sameMonthFirst ? credit : 0)
    let used = min(max(0, available), max(0, bill.energy))
    bank.add(credit, month: index)
    bank.use(used)
    if used != 0 {
      bill.export -= used
      bill.lines.append(
        BillLine(
          .export, rule: "credit used", quantity: used, unit: tariff.currency, price: -1,
          amount: -used))
    }
    if !isTrueUp(month: index), let months = tariff.export.creditMonths {
      let expired = bank.expire(month: index, after: months)
      bill.expiredCredit = expired.reduce(0) { $0 + $1.left }
      bill.refund = expired.reduce(0) {
        $0 + min($1.left, tariff.export.refundFraction * $1.earned)
      }
    }
    bill.creditBalance = bank.total
  }

  /// Converts a charge's tier limits into kilowatt-hours of a month.
  func limitFactor(_ charge: EnergyCharge, month index: Int, peakKW: Double) -> Double {
    let month = calendar.months[index]
    let days = Double(month.days) * month.coveredFraction
    return switch charge.tierBasis {
    case .kWhPerMonth, .kWhPerYear: 1
    case .kWhPerDay: days
    case .kWhPerKW: peakKW
    case .kWhPerKWDay: peakKW * days
    }
  }

  /// Energy that the tiers of a charge have counted before a month. [kWh]
  private func countedBefore(
    _ charge: EnergyCharge, month: Int, _ energyKWh: [Double]
  ) -> Double {
    guard charge.isTiered, charge.tierBasis == .kWhPerYear else { return 0 }
    let year = calendar.months[month].year
    let first = calendar.months.firstIndex { $0.year == year } ?? month
    return (first..<month).reduce(0) { sum, earlier in
      units.ofMonth[earlier].reduce(sum) { $0 + energyKWh[$1] }
    }
  }

  /// Adds charges on energy of a month.
  func addImport(
    _ energyKWh: [Double], of charges: some Sequence<Int>, month index: Int,
    to bill: inout MonthBill, note: (PricedMonth) -> Void
  ) {
    for charge in charges {
      let cells = energy[charge]
      let limitFactor = limitFactor(cells.charge, month: index, peakKW: bill.peakKW)
      let parts = cells.priced(
        energyKWh, range: units.ofMonth[index], month: index, spot: energyPrices[charge],
        limitFactor: limitFactor,
        countedKWh: countedBefore(cells.charge, month: index, energyKWh))
      note(
        PricedMonth(
          flow: .imported, charge: charge, month: index, limitFactor: limitFactor,
          countedKWh: countedBefore(cells.charge, month: index, energyKWh), parts: parts))
      let lines = cells.lines(parts, month: index, sign: 1)
      bill.lines += lines
      bill.energy += lines.reduce(0) { $0 + $1.amount }
    }
  }

  /// Returns what a month's export earns, as negative amounts.
  func exportLines(
    _ metered: MeteredEnergy, month index: Int, peakKW: Double, note: (PricedMonth) -> Void
  ) -> [BillLine] {
    export.indices.flatMap { charge in
      let cells = export[charge]
      let limitFactor = limitFactor(cells.charge, month: index, peakKW: peakKW)
      let parts = cells.priced(
        metered.exportKWh, range: units.ofMonth[index], month: index,
        spot: exportPrices[charge], limitFactor: limitFactor,
        countedKWh: countedBefore(cells.charge, month: index, metered.exportKWh))
      note(
        PricedMonth(
          flow: .exported, charge: charge, month: index, limitFactor: limitFactor,
          countedKWh: countedBefore(cells.charge, month: index, metered.exportKWh), parts: parts))
      return cells.lines(parts, month: index, sign: -1)
    }
  }
}

extension EnergyCells {
  /// Turns a month's energy into lines; parts without energy are left out.
  func lines(_ parts: [CellEnergy], month: Int, sign: Double) -> [BillLine] {
    let first = ofMonth[month].lowerBound
    var result: [BillLine] = []
    for (index, part) in parts.enumerated() {
      let cell = cells[first + index]
      for tier in part.kWh.indices where part.kWh[tier] != 0 || part.amount[tier] != 0 {
        let quantity = part.kWh[tier]
        let amount = part.amount[tier] * sign
        result.append(
          BillLine(
            sign < 0 ? .export : .energy,
            rule: cell.prices.count > 1 ? "\(cell.label), tier \(tier + 1)" : cell.label,
            quantity: quantity, unit: "kWh", price: quantity == 0 ? 0 : amount / quantity,
            amount: amount))
      }
    }
    return result
  }
}
