import TimeSeries

extension BillingSchedule {
  /// Most intervals whose excess is priced by itself in a month and period.
  private static let mostIntervals = 24

  /// Lays floors of power above subscriptions: tells of each row with its month, and returns what months come to
  /// beside them.
  ///
  /// A power that is held for a year costs in each month at least what the month that decides it in the series
  /// costs. A root of squares is at least the sum of the excesses weighted by those of the series, and at least
  /// the highest.
  func contractedFloor(
    at reference: FloorReference, reach: MeterReach, splitsMonths: Bool,
    row: (_ month: Int, DemandPrice) -> Void
  ) -> [Double] {
    var monthly = calendar.months.map { _ in 0.0 }
    for cells in contracted {
      let (charge, map) = (cells.charge, maps[cells.map])
      let means = map.means(of: reference.importKW)
      let peaks = calendar.months.indices.map { cells.peaks(means, in: map.ofMonth[$0]) }
      func add(_ price: Double, _ month: Int, _ period: Int, intervals: [Int], _ suffix: String) {
        let applies = plannedSlots(of: intervals, map: cells.map, splitsMonths: splitsMonths)
        guard price > 0, applies.contains(true) else { return }
        let name =
          charge.periods.count == 1
          ? charge.name : "\(charge.name): \(charge.periods[period].name)"
        row(
          month,
          DemandPrice(
            label: "\(name): overdraw\(suffix) \(calendar.months[month].label)",
            pricePerKW: price * cells.factor, applies: applies,
            meteringSlots: max(1, map.seconds / grid.stepSeconds),
            incurredKW: charge.periods[period].contractedKW / cells.factor))
      }
      for period in charge.periods.indices {
        let least = charge.periods[period].contractedKW
        var held = calendar.months.map { _ in 0.0 }
        for month in calendar.months.indices {
          let intervals = cells.intervals(of: period, in: map.ofMonth[month])
          let fee = cells.overdrawPrices[month][period]
          monthly[month] += cells.prices[month][period] * least
          let most =
            intervals.map { i in
              (map.bounds[i]..<map.bounds[i + 1]).map { reach.mostKW[$0] }.max() ?? 0
            }.max() ?? 0
          // A price below zero pays for the highest at most.
          let excess = max(0, most * cells.factor - least)
          let count = charge.excess == .rootOfSquares ? Double(intervals.count).squareRoot() : 1
          monthly[month] += min(0, fee) * excess * count
          if charge.holdsForYear {
            let known = cells.yearBefore(month).lowerBound..<month + 1
            let deciding = known.max { peaks[$0][period] < peaks[$1][period] } ?? month
            held[deciding] += cells.prices[month][period]
          }
          guard charge.excess == .rootOfSquares, peaks[month][period] > least else {
            // Where a higher subscription is held, a fee is for what passes it: none is below it.
            if !charge.holdsForYear { add(fee, month, period, intervals: intervals, "") }
            continue
          }
          let top = intervals.sorted { means[$0] > means[$1] }.prefix(Self.mostIntervals)
          let shares = top.map { max(0, means[$0] * cells.factor - least) }
          let norm = shares.reduce(0) { $0 + $1 * $1 }.squareRoot()
          for (i, share) in zip(top, shares) where share > 0 {
            add(fee * share / norm, month, period, intervals: [i], " \(i)")
          }
        }
        for (month, price) in held.enumerated() where price > 0 {
          let intervals = cells.intervals(of: period, in: map.ofMonth[month])
          add(price, month, period, intervals: intervals, "")
        }
      }
    }
    return monthly
  }
}
