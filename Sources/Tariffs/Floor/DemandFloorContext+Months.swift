extension DemandFloorContext {
  /// Returns the demand that peaks before the first month hold up. [kW]
  func knownFloorKW(_ month: Int, period: Int) -> Double {
    guard let ratchet = rule.ratchet else { return 0 }
    var history = PeakHistory(rule, calendar: schedule.calendar)
    let none = [Double](repeating: 0, count: rule.periods.count)
    for earlier in 0..<month { _ = history.ratcheted(none, month: earlier) }
    let floors = history.floors(month: month, own: none)
    return ratchet.scope == .period ? floors[period] : floors.max() ?? 0
  }

  /// Returns the peaks of which the highest is billed in a month and period, its own first.
  ///
  /// Those of earlier months on the grid follow where a ratchet looks back on them and the charge has no cap.
  func sources(_ month: Int, period: Int) -> [FlooredSource] {
    let months = schedule.calendar.months
    func source(_ of: Int, share: Double, isSite: Bool) -> FlooredSource {
      FlooredSource(
        peak: isSite ? peak(of) : peak(of, period: period), share: share,
        mostKW: share * mostKW(of, periods: isSite ? nil : [period]))
    }
    guard let ratchet = rule.ratchet else { return [source(month, share: 1, isSite: false)] }
    let fraction = ratchet.fractionByMonth[months[month].month - 1]
    let own = source(
      month, share: ratchet.usesActualPeak ? 1 : fraction, isSite: ratchet.scope == .site)
    if mayBeCapped { return [own] }
    let looked: [Int] =
      switch ratchet.lookback {
      case .range(let count): Array(max(0, month - count)..<month)
      case .months(let flagged):
        (max(0, month - 11)..<month).filter { flagged.contains(months[$0].month) }
      }
    return [own]
      + looked.map { source($0, share: fraction, isSite: ratchet.scope != .period) }
  }

  /// Months of each calendar year, in order.
  var years: [[Int]] {
    let months = schedule.calendar.months
    return Dictionary(grouping: months.indices, by: { months[$0].year })
      .sorted { $0.key < $1.key }.map(\.value)
  }

  /// Adds the floor of a year's instalments on its highest peak of a period.
  ///
  /// Every month pays for the peak so far and what it adds to the months before, so that a year comes to its
  /// highest peak times the number of its months, where prices are the same in all of them. Where they change,
  /// every rise is taken at its lowest price. The highest peak is that of a period, or of all intervals at its price.
  mutating func addYear(_ months: [Int], period: Int, ofAll: Bool = false) {
    let least = rule.minimumKW
    if rule.capPerKWh != nil {
      addUntied(months, period: period)
      return
    }
    let occurring = months.filter { ofAll || occurringPeriods($0).contains(period) }
    guard !occurring.isEmpty || least > 0 else { return }
    let cells = cells
    let most = max(
      least, months.map { ofAll ? mostOfAllKW($0) : mostKW($0, periods: [period]) }.max() ?? 0)
    let floor = ConvexFloor(breaks: cells.limits[period], over: least...most) {
      cells.lowestCost(ofKW: $0, months: months, period: period)
    }.rising
    let count = Double(months.count)
    // Nothing is billed before a first import.
    if least == 0 { add(-count * max(0, floor.base), month: months[0]) }
    let peaks = occurring.map {
      ofAll ? peakOfAll($0, period: period) : peak($0, period: period)
    }
    guard var peak = peaks.max(by: { $0.referenceKW < $1.referenceKW }) else {
      add(count * floor.base, month: months[0])
      return
    }
    if !splitsMonths {
      peak = FlooredPeak(
        month: months[0], label: "\(peak.label), year", intervals: peaks.flatMap(\.intervals),
        coefficient: peak.coefficient, referenceKW: peak.referenceKW)
    }
    add(floor, of: peak, month: months[0], times: count)
  }

  /// Adds each month's own instalment, for months that may end at their caps.
  private mutating func addUntied(_ months: [Int], period: Int) {
    let cells = cells
    let least = rule.minimumKW
    let most = max(least, months.map { mostKW($0, periods: [period]) }.max() ?? 0)
    for (earlier, month) in months.enumerated() where openMonths.contains(month) {
      let floor = ConvexFloor(breaks: cells.limits[period], over: least...most) {
        cells.cost(ofKW: $0, month: month, period: period)
      }.rising
      let falls = cells.mostFall(month: month, period: period, over: least...most)
      add(-Double(earlier) * falls, month: month)
      if least == 0 { add(-max(0, floor.base), month: month) }
      add(floor, of: peak(month, period: period), month: month)
    }
  }
}

extension DemandCells {
  /// Returns what a demand costs where each rise of it is taken in the month in which it costs least.
  fileprivate func lowestCost(ofKW demandKW: Double, months: [Int], period: Int) -> Double {
    func least(_ value: (Int) -> Double) -> Double { months.map(value).min() ?? 0 }
    if amounts[months[0]][period].isEmpty {
      var sum = 0.0
      var lower = 0.0
      for tier in prices[months[0]][period].indices {
        let upper = tier < limits[period].count ? limits[period][tier] : .infinity
        if demandKW > lower {
          sum += (min(demandKW, upper) - lower) * least { prices[$0][period][tier] }
        }
        lower = upper
      }
      return sum
    }
    let band = limits[period].firstIndex { demandKW <= $0 } ?? limits[period].count
    var sum = least { amounts[$0][period][0] }
    for k in 0..<band { sum += least { amounts[$0][period][k + 1] - amounts[$0][period][k] } }
    return sum
  }

  /// Returns the most by which a higher demand may cost less than a lower one. [currency]
  fileprivate func mostFall(month: Int, period: Int, over range: ClosedRange<Double>) -> Double {
    let inside = limits[period].filter { range.contains($0) }
    var (highest, fall) = (-Double.infinity, 0.0)
    for x in [range.lowerBound] + inside + [range.upperBound] {
      for y in [x, x.nextUp] {
        let cost = cost(ofKW: y, month: month, period: period)
        highest = max(highest, cost)
        fall = max(fall, highest - cost)
      }
    }
    return fall
  }
}
