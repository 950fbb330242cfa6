import TimeSeries

/// Prices below what net metering comes to.
///
/// A part of a month that imports more than it exports pays its price for the difference; one that exports more
/// earns at most the best that a credit can be used for: the highest price of a later part that draws on it, or
/// what is paid at a true-up. Between the two prices any price is right for both, and the one that the series
/// has at that part counts.
struct NetMeteringFloor {
  /// Prices of each unit's import and export. [currency/kWh]
  private(set) var buy: [Double]
  private(set) var sell: [Double]
  private let schedule: BillingSchedule

  init(_ schedule: BillingSchedule, at reference: FloorReference) {
    self.schedule = schedule
    buy = [Double](repeating: 0, count: schedule.units.count)
    sell = buy
    let hours = schedule.grid.stepHours
    // An exported kWh is set against this much import, so its credit counts by it.
    let ratio = schedule.tariff.export.nettingRatio
    let netKWh = schedule.units.means(
      of: zip(reference.importKW, reference.exportKW).map { ($0 - ratio * $1) * hours })
    let netted = schedule.energy.indices.filter { schedule.energy[$0].charge.isNetted }
    for (rank, charge) in netted.enumerated() {
      add(charge, isFirst: rank == 0, netKWh: netKWh)
    }
  }

  private mutating func add(_ charge: Int, isFirst: Bool, netKWh: [Double]) {
    let cells = schedule.energy[charge]
    let lowest = lowestPrices(charge)
    let worth =
      schedule.tariff.export.arrangement == .netMeteringEnergy
      ? worthInEnergy(charge, isFirst: isFirst, lowest: lowest)
      : worthInMoney(charge, isFirst: isFirst)
    var net = [Double](repeating: 0, count: cells.cells.count)
    for unit in netKWh.indices where cells.ofUnit[unit] >= 0 {
      let slots = schedule.units.bounds[unit]..<schedule.units.bounds[unit + 1]
      net[Int(cells.ofUnit[unit])] += netKWh[unit] * Double(slots.count)
    }
    for unit in netKWh.indices where cells.ofUnit[unit] >= 0 {
      let cell = Int(cells.ofUnit[unit])
      let (price, credit) = (lowest[cell], worth[cell])
      if credit > price {
        // What is imported and exported within the part cancels at no gain; apart it costs no more.
        buy[unit] += price
        sell[unit] += schedule.tariff.export.nettingRatio * credit
      } else {
        let one = abs(net[cell]) < 1e-6 ? 0.5 * (price + credit) : net[cell] > 0 ? price : credit
        buy[unit] += one
        sell[unit] += schedule.tariff.export.nettingRatio * one
      }
    }
  }

  /// The lowest price of each cell's blocks. [currency/kWh]
  private func lowestPrices(_ charge: Int) -> [Double] {
    let cells = schedule.energy[charge]
    return schedule.calendar.months.indices.flatMap { month in
      let means = schedule.meanPrices(charge: charge, month: month)
      let first = cells.ofMonth[month].lowerBound
      return cells.ofMonth[month].map { index in
        let cell = cells.cells[index]
        if !cells.isTiered, let means { return means[index - first] }
        return cell.prices.indices.map { cell.price(tier: $0, spot: 0) }.min() ?? 0
      }
    }
  }

  /// What a kWh is worth at most that a cell exports beyond its import, where it is carried. [currency/kWh]
  private func worthInEnergy(_ charge: Int, isFirst: Bool, lowest: [Double]) -> [Double] {
    let cells = schedule.energy[charge]
    let rule = cells.charge
    let months = schedule.calendar.months
    func owner(_ period: Int) -> String {
      rule.periods[period].bank.map { "bank \($0)" } ?? "period \(period)"
    }
    var result = [Double](repeating: 0, count: cells.cells.count)
    var banks = EnergyBanks(rule)
    // Worth of a credit before a month, by its owner.
    var later: [String: Double] = [:]
    for month in months.indices.reversed() {
      var carried: [String: Double] = [:]
      for period in rule.periods.indices {
        let worth: Double
        if schedule.isTrueUp(month: month) {
          let isPaid = isFirst && !schedule.tariff.export.creditExpires
          worth = isPaid ? max(0, schedule.trueUpPrice(month)) : 0
        } else if month + 1 < months.count {
          let next =
            rule.periods[period].bank == nil
            ? banks.successor(of: period, from: months[month], to: months[month + 1]) : period
          worth = max(0, later[owner(next)] ?? 0)
        } else {
          worth = 0
        }
        carried[owner(period)] = max(carried[owner(period)] ?? 0, worth)
      }
      later = carried
      for cell in cells.ofMonth[month] {
        let own = owner(cells.cells[cell].period)
        var worth = carried[own] ?? 0
        for other in cells.ofMonth[month]
        where other != cell && owner(cells.cells[other].period) == own {
          worth = max(worth, lowest[other])
        }
        result[cell] = worth
        later[own] = max(later[own] ?? 0, lowest[cell])
      }
    }
    return result
  }

  /// What a kWh is worth at most that a cell exports beyond its import, where it is paid for. [currency/kWh]
  private func worthInMoney(_ charge: Int, isFirst: Bool) -> [Double] {
    let cells = schedule.energy[charge]
    var result = [Double](repeating: 0, count: cells.cells.count)
    guard isFirst else { return result }
    for unit in 0..<schedule.units.count where cells.ofUnit[unit] >= 0 {
      let cell = Int(cells.ofUnit[unit])
      guard schedule.mayPayCredit(of: cells.cells[cell].month) else { continue }
      result[cell] = max(result[cell], schedule.exportPrice(ofUnit: unit))
    }
    return result
  }
}

extension BillingSchedule {
  /// Whether a credit in money of a month may pay for anything after the month's own charges.
  func mayPayCredit(of month: Int) -> Bool {
    if isTrueUp(month: month) { return !tariff.export.creditExpires }
    return month + 1 < calendar.months.count
  }
}
