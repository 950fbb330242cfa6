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
        months[index].lines += capped
        months[index].demand += capped.reduce(0) { $0 + $1.amount }
      }
    }
    for (position, contract) in tariff.contracted.enumerated() {
      for index in months.indices {
        add(contract, map: contractedMap[position], metered, month: index, to: &months[index])
      }
    }
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
            rule: charge.name, quantity: quantity, unit: "kVAr", price: price,
            amount: price * quantity))
      }
    }
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
    let means = metered.meansKW[cells.map]
    let range = maps[cells.map].ofMonth[month]
    let charge = cells.charge
    let factor = charge.powerFactor?.factor ?? 1
    var lines: [BillLine] = []
    func bill(_ kW: Double, period: Int, quantity: Double? = nil, amount: Double? = nil) {
      let cost = amount ?? cells.cost(ofKW: kW, month: month, period: period)
      let billed = quantity ?? kW
      let period = charge.periods[period]
      lines.append(
        BillLine(
          rule: charge.periods.count == 1 ? charge.name : "\(charge.name): \(period.name)",
          quantity: billed, unit: "kW", price: billed == 0 ? 0 : cost / billed, amount: cost))
    }
    switch charge.measure {
    case .monthlyPeak:
      let peaks = cells.peaks(of: means, in: range).map { $0 * factor }
      let demands = history.ratcheted(peaks, month: month).map { max($0, charge.minimumKW) }
      for period in occurring(cells, range) { bill(demands[period], period: period) }
    case .singlePeak:
      let peaks = cells.peaks(of: means, in: range).map { $0 * factor }
      let highest = peaks.indices.max {
        peaks[$0] < peaks[$1] || (peaks[$0] == peaks[$1] && $0 > $1)
      }
      if let highest, occurring(cells, range).contains(highest) {
        bill(max(peaks[highest], charge.minimumKW), period: highest)
      }
    case .dailyPeak:
      addDailyPeaks(cells, means, range, month: month, factor: factor) { period, sum, cost in
        bill(sum, period: period, amount: cost)
      }
    case .meanOfHighest(let count, let onDifferentDays):
      let mean = cells.meanOfHighest(
        count, onDifferentDays: onDifferentDays, of: means, in: range)
      if let first = occurring(cells, range).first {
        bill(max(mean * factor, charge.minimumKW), period: first)
      }
    case .meanOfMonthlyPeaks(let count, _):
      let peak = (cells.peaks(of: means, in: range).max() ?? 0) * factor
      let mean = history.mean(with: max(peak, charge.minimumKW), months: count)
      if let first = occurring(cells, range).first { bill(mean, period: first) }
    }
    return lines
  }

  /// Periods with at least one metering interval in a range, in order.
  private func occurring(_ cells: DemandCells, _ range: Range<Int>) -> [Int] {
    var seen = [Bool](repeating: false, count: cells.charge.periods.count)
    for interval in range where cells.periodOfInterval[interval] != PeriodTable.none {
      seen[Int(cells.periodOfInterval[interval])] = true
    }
    return seen.indices.filter { seen[$0] }
  }

  private func addDailyPeaks(
    _ cells: DemandCells, _ means: [Double], _ range: Range<Int>, month: Int, factor: Double,
    bill: (_ period: Int, _ kW: Double, _ amount: Double) -> Void
  ) {
    var sum = [Double](repeating: 0, count: cells.charge.periods.count)
    var cost = sum
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start + 1
      while end < range.upperBound, cells.dayOfInterval[end] == cells.dayOfInterval[start] {
        end += 1
      }
      for (period, peak) in cells.peaks(of: means, in: start..<end).enumerated() {
        let demand = max(peak * factor, peak > 0 ? cells.charge.minimumKW : 0)
        sum[period] += demand
        cost[period] += cells.cost(ofKW: demand, month: month, period: period)
      }
      start = end
    }
    for period in occurring(cells, range) { bill(period, sum[period], cost[period]) }
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
        rule: "\(cells.charge.name): cap", quantity: bill.importKWh, unit: "kWh",
        price: bill.importKWh == 0 ? 0 : (limit - sum) / bill.importKWh, amount: limit - sum)
    ]
  }

  private func add(
    _ contract: ContractedPower, map: Int, _ metered: MeteredEnergy, month index: Int,
    to bill: inout MonthBill
  ) {
    let month = calendar.months[index]
    let day = month.firstBilledDay
    let tax = contract.includesVAT ? 0 : tariff.vatFraction.nearestValue(onDay: day)
    let share: Double =
      switch contract.unit {
      case .month: month.coveredFraction
      case .year: month.coveredFraction / 12
      case .day: month.coveredFraction * Double(month.days)
      }
    let price = contract.pricePerKW.nearestValue(onDay: day) * (1 + tax) * share
    bill.demand += price * contract.contractedKW
    bill.lines.append(
      BillLine(
        rule: contract.name, quantity: contract.contractedKW, unit: "kW", price: price,
        amount: price * contract.contractedKW))
    let over = max(0, peakKW(metered, map: map, month: index) - contract.contractedKW)
    if over > 0 {
      let fee = contract.overdrawPricePerKW.nearestValue(onDay: day) * (1 + tax)
      bill.demand += fee * over
      bill.lines.append(
        BillLine(
          rule: "\(contract.name): overdraw", quantity: over, unit: "kW", price: fee,
          amount: fee * over))
    }
  }
}
