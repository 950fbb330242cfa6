import TimeSeries

extension BillingSchedule {
  /// Returns prices at which no metered series costs more than its bill, minimums left out.
  ///
  /// Where a bill is not convex the floor depends on the series that it is laid at: blocks of falling price and
  /// bands become chords between the least and the most that can be metered, a mean of highest peaks those of
  /// the series' days, a demand that earlier months hold up the month that does so, netted and carried energy
  /// one price for each part of a month that nets.
  ///
  /// - Parameters:
  ///   - reference: The series.
  ///   - reach: What can be metered.
  ///   - cappedMonths: Labels of months in which demand charges lie at their caps per imported energy.
  ///   - splitsMonths: Whether each price must lie within one month.
  /// - Returns: The floor.
  package func floor(
    at reference: FloorReference, reach: MeterReach, cappedMonths: Set<String> = [],
    splitsMonths: Bool
  ) -> BillFloor {
    let energy = EnergyFloor(self, at: reference, reach: reach, splitsMonths: splitsMonths)
    var (buy, sell) = energy.prices()
    var monthly = energy.monthly
    var found: [(month: Int, row: DemandPrice)] = []
    // Months are planned at the cap of one charge or not; one of several that may be capped by itself costs no
    // less than nothing.
    let cappable = demand.indices.filter { demand[$0].charge.capPerKWh != nil }
    let main = cappable.max {
      (demand[$0].charge.capPerKWh ?? 0) < (demand[$1].charge.capPerKWh ?? 0)
    }
    for (charge, cells) in demand.enumerated() {
      if cells.charge.capPerKWh != nil, charge != main {
        for month in monthly.indices {
          monthly[month] += leastAtCap(cells, month: month, mostKW: reach.mostKW)
        }
        continue
      }
      var outlook = DemandFloorContext(
        self, charge: charge, meansKW: maps[cells.map].means(of: reference.importKW),
        cappedMonths: cappedMonths, splitsMonths: splitsMonths, reach: reach)
      cells.charge.measure.rule.floor(&outlook)
      found += outlook.rows
      for month in monthly.indices { monthly[month] += outlook.monthly[month] }
    }
    addHoursOfUseFloor(at: reference, reach: reach, splitsMonths: splitsMonths, to: &buy) {
      found.append(($0, $1))
    }
    let subscribed = contractedFloor(at: reference, reach: reach, splitsMonths: splitsMonths) {
      found.append(($0, $1))
    }
    for month in monthly.indices { monthly[month] += subscribed[month] }
    addCaps(of: cappedMonths, charges: main.map { [$0] } ?? [], over: grid.indices, to: &buy)
    var rows: [DemandPrice] = []
    var bills = calendar.months.map { MonthBill(month: $0.label) }
    addFixed(to: &bills)
    for (month, billing) in calendar.months.enumerated() {
      rows += found.filter { $0.month == month }.map(\.row)
      let subscriptions = reactiveRows(
        month: month, slots: billing.slots, range: grid.indices, meter: nil)
      for (var row, map) in zip(subscriptions, reactiveMap) {
        row.applies = plannedSlots(
          of: maps[map].ofMonth[month], map: map, splitsMonths: splitsMonths)
        if row.pricePerKW > 0, row.applies.contains(true) { rows.append(row) }
        // A price below zero pays for the highest peak at most.
        let most = billing.slots.map { reach.mostKW[$0] }.max() ?? 0
        monthly[month] += min(0, row.pricePerKW) * max(0, most - row.incurredKW)
      }
      monthly[month] += bills[month].fixed
    }
    return BillFloor(
      prices: PlanningPrices(
        buyPerKWh: buy, sellPerKWh: sell, demands: rows, importBlocks: energy.blocks),
      monthly: monthly)
  }

  /// Returns what a capped charge of a month costs at least: nothing, unless a price lies below zero. [currency]
  private func leastAtCap(_ cells: DemandCells, month: Int, mostKW: [Double]) -> Double {
    let factor = cells.charge.powerFactor?.factor ?? 1
    let most = max(mostKW.max() ?? 0, cells.charge.minimumKW) * factor
    var least = 0.0
    for period in cells.charge.periods.indices {
      let prices = cells.prices[month][period] + cells.amounts[month][period]
      guard (prices.min() ?? 0) < 0 else { continue }
      let limits = cells.limits[period].filter { $0 < most }
      let highest =
        ([0] + limits + [most * max(1, cells.weights[period])]).map {
          abs(cells.cost(ofKW: $0, month: month, period: period))
        }.max() ?? 0
      // Of every day, or of every month of a year that a rise is billed for as well.
      least -= highest * Double(max(31, 2 * calendar.months.count))
    }
    return least
  }

  /// Slots of metering intervals that a plan of the whole grid, or of each month, meters as the bill does.
  ///
  /// A plan counts intervals from its first slot, so one that begins or ends elsewhere, at a change of the
  /// clock, is left out.
  func plannedSlots(
    of intervals: some Sequence<Int>, map: Int, splitsMonths: Bool
  ) -> [Bool] {
    var result = [Bool](repeating: false, count: grid.count)
    let map = maps[map]
    let length = max(1, map.seconds / grid.stepSeconds)
    let starts = splitsMonths ? monthSlots.map(\.lowerBound) : [0]
    for i in intervals {
      let slots = map.bounds[i]..<map.bounds[i + 1]
      let origin = length > 1 ? starts.last { $0 <= slots.lowerBound } ?? 0 : 0
      if slots.count != length || (slots.lowerBound - origin) % length != 0 { continue }
      for t in slots { result[t] = true }
    }
    return result
  }
}
