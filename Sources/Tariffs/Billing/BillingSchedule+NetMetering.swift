extension BillingSchedule {
  /// Adds charges where kilowatt-hours are netted over the month in each period.
  ///
  /// Every netted charge nets over its own periods. The first one also decides the surplus: its
  /// kilowatt-hours are carried, or valued at the export price and carried in money.
  func addNetted(
    _ metered: MeteredEnergy, to months: inout [MonthBill], note: (PricedMonth) -> Void
  ) {
    let ratio = tariff.export.nettingRatio
    let netKWh = zip(metered.importKWh, metered.exportKWh).map { $0 - ratio * $1 }
    let netted = energy.indices.filter { energy[$0].charge.isNetted }
    let gross = energy.indices.filter { !energy[$0].charge.isNetted }
    let carriesEnergy = tariff.export.arrangement == .netMeteringEnergy
    var banks = netted.map { EnergyBanks(energy[$0].charge) }
    var money = CreditBank()
    for index in months.indices {
      addImport(
        metered.importKWh, of: gross, month: index, to: &months[index], note: note)
      var credit = 0.0
      for (rank, charge) in netted.enumerated() {
        var totals = energy[charge].totals(
          netKWh, range: units.ofMonth[index], month: index,
          prices: energyPrices[charge].firstTierPerKWh
        )
        .kWh
        if rank == 0, !carriesEnergy {
          credit = surplusValue(totals, metered, charge: charge, month: index)
        }
        let used =
          carriesEnergy
          ? banks[rank].settle(
            &totals, periods: energy[charge].cells[energy[charge].ofMonth[index]].map(\.period),
            month: index)
          : 0
        for position in totals.indices { totals[position] = max(0, totals[position]) }
        addTotals(
          totals, charge: charge, month: index, creditKWh: rank == 0 ? used : 0,
          to: &months[index], note: note)
      }
      if carriesEnergy {
        if !isTrueUp(month: index), let count = tariff.export.creditMonths {
          let expired = banks.indices.map { banks[$0].expire(month: index, after: count) }
          months[index].expiredCreditKWh = expired.first ?? 0
        }
        months[index].creditBalanceKWh = banks.first?.totalKWh ?? 0
        for rank in banks.indices {
          if isTrueUp(month: index) {
            banks[rank].clear()
          } else if index + 1 < months.count {
            banks[rank].carry(from: calendar.months[index], to: calendar.months[index + 1])
          }
        }
      } else {
        useCredit(credit, sameMonthFirst: false, bank: &money, of: index, bill: &months[index])
        forgetCreditIfDue(&money, month: index)
      }
    }
  }

  /// Values the surplus of periods that exported more than they imported. [currency]
  private func surplusValue(
    _ totals: [Double], _ metered: MeteredEnergy, charge: Int, month: Int
  ) -> Double {
    let cells = energy[charge]
    let first = cells.ofMonth[month].lowerBound
    var value = 0.0
    for position in totals.indices where totals[position] < 0 {
      var exported = 0.0
      var earned = 0.0
      for unit in units.ofMonth[month] where Int(cells.ofUnit[unit]) == first + position {
        exported += metered.exportKWh[unit]
        earned += metered.exportKWh[unit] * exportPrice(ofUnit: unit)
      }
      if exported > 0 { value += -totals[position] * earned / exported }
    }
    return value
  }

  /// Returns what one exported kilowatt-hour earns in a settlement unit. [currency/kWh]
  func exportPrice(ofUnit unit: Int) -> Double { sellPerKWh[units.bounds[unit]] }

  private func addTotals(
    _ totals: [Double], charge: Int, month: Int, creditKWh: Double, to bill: inout MonthBill,
    note: (PricedMonth) -> Void
  ) {
    let cells = energy[charge]
    let limitFactor = limitFactor(cells.charge, month: month, peakKW: bill.peakKW)
    let parts = cells.priced(
      totals: totals, month: month, meanPrices: meanPrices(charge: charge, month: month),
      limitFactor: limitFactor)
    note(
      PricedMonth(
        flow: .netted, charge: charge, month: month, limitFactor: limitFactor, parts: parts))
    let lines = cells.lines(parts, month: month, sign: 1)
    bill.lines += lines
    bill.energy += lines.reduce(0) { $0 + $1.amount }
    if creditKWh > 0 {
      bill.lines.append(
        BillLine(
          .energy, rule: "credit used", quantity: creditKWh, unit: "kWh", price: 0, amount: 0))
    }
  }

  /// Mean price of each cell's units, used where netted energy follows the spot market.
  func meanPrices(charge: Int, month: Int) -> [Double]? {
    guard let prices = energyPrices[charge].firstTierPerKWh else { return nil }
    let cells = energy[charge]
    let ones = [Double](repeating: 1, count: units.count)
    let sums = cells.totals(
      ones, range: units.ofMonth[month], month: month, prices: prices)
    return zip(sums.amount, sums.kWh).map { $1 == 0 ? 0 : $0 / $1 }
  }
}

extension EnergyCells {
  /// Prices energy that is already totalled by cell.
  func priced(
    totals: [Double], month: Int, meanPrices: [Double]?, limitFactor: Double
  ) -> [CellEnergy] {
    let first = ofMonth[month].lowerBound
    var result = ofMonth[month].map { cell in
      CellEnergy(
        kWh: [Double](repeating: 0, count: cells[cell].prices.count),
        amount: [Double](repeating: 0, count: cells[cell].prices.count))
    }
    if isTiered {
      shareTiers(totals, first: first, limitFactor: limitFactor, into: &result)
      return result
    }
    for index in result.indices {
      result[index].kWh[0] = totals[index]
      result[index].amount[0] =
        totals[index] * (meanPrices?[index] ?? cells[first + index].price(spot: 0))
    }
    return result
  }
}
