import TimeSeries

extension PlanningTariff {
  /// Returns one row per month, period and block of rising price that the horizon touches.
  ///
  /// A row of a peak that counts by the year has the days left in the year, and no target: it stands at its full price
  /// where a target is held.
  func demandPrices(
    over range: Range<Int>, meter: BillingMeter?, peakPricing: PeakPricing,
    targetsKW: [String: Double], cappedMonths: Set<String>
  ) -> [DemandPrice] {
    demandRows(
      over: range, meter: meter, peakPricing: peakPricing, targetsKW: targetsKW,
      cappedMonths: cappedMonths
    ).map(\.price)
  }

  /// A row with whether its peak counts by the calendar year.
  private struct DemandRow {
    var price: DemandPrice
    var isYearly: Bool
  }

  private func demandRows(
    over range: Range<Int>, meter: BillingMeter?, peakPricing: PeakPricing,
    targetsKW: [String: Double], cappedMonths: Set<String>
  ) -> [DemandRow] {
    var rows: [DemandRow] = []
    if !hasDemandRows { return rows }
    var runningKW: [String: Double] = [:]
    for (month, billing) in schedule.calendar.months.enumerated() {
      let slots = billing.slots.clamped(to: range)
      if slots.isEmpty { continue }
      let current = meter.flatMap { $0.monthLabel == billing.label ? $0 : nil }
      let ofYear = meter.flatMap { $0.year == billing.year ? $0 : nil }
      var found: [DemandRow] = []
      func add(_ rows: [DemandPrice], byYear: Bool) {
        found += rows.map { DemandRow(price: $0, isYearly: byYear) }
      }
      var usual: [String: Double] = [:]
      for charge in schedule.demand.indices {
        let byYear = schedule.demand[charge].charge.measure.rule.countsByYear
        guard let counted = byYear ? schedule.yearSlots(month: month, range: range) : slots else {
          continue
        }
        let rows = rowsOf(
          charge, month: month, slots: counted, range: range, meter: current, yearMeter: ofYear,
          cappedMonths: cappedMonths)
        add(rows, byYear: byYear)
        guard peakPricing == .monthlyTarget, !byYear, let meter else { continue }
        let share = PlanningTariff.usualShare * lastPeakKW(charge, meter, isCurrent: current != nil)
        for row in rows { usual[row.label] = share }
      }
      for byYear in [false, true] {
        add(
          schedule.contractedRows(
            month: month, slots: slots, range: range, meter: current, yearMeter: ofYear,
            heldForYear: byYear), byYear: byYear)
      }
      add(
        schedule.reactiveRows(month: month, slots: slots, range: range, meter: current),
        byYear: false)
      if let counted = schedule.yearSlots(month: month, range: range) {
        add(
          schedule.hoursOfUseRows(month: month, slots: counted, range: range, meter: ofYear),
          byYear: true)
      }
      for demand in found {
        var row = demand.price
        if slots.lowerBound == range.lowerBound { setElapsed(&row, range: range, meter: current) }
        switch peakPricing {
        case .fullPrice: break
        case .daysLeft:
          row.pricePerKW *= shareOfDaysLeft(
            month: month, byYear: demand.isYearly, slots: slots, end: range.upperBound)
        case .monthlyTarget, .trailingTarget:
          if demand.isYearly { break }
          guard peakPricing == .monthlyTarget else {
            holdTarget(&row, billing.label, targetsKW, &runningKW)
            break
          }
          // Rows of single days share the target of their month.
          let month = row.label.split(separator: " ").dropLast().joined(separator: " ")
          row.incurredKW = max(
            row.incurredKW,
            targetsKW[row.label] ?? targetsKW[month] ?? usual[row.label] ?? 0)
        }
        if row.pricePerKW > 0 { rows.append(DemandRow(price: row, isYearly: demand.isYearly)) }
      }
    }
    return rows
  }

  /// Holds a row to the target of its charge, where there is one.
  private func holdTarget(
    _ row: inout DemandPrice, _ month: String, _ targetsKW: [String: Double],
    _ runningKW: inout [String: Double]
  ) {
    guard let charge = row.chargeLabel(month: month), let target = targetsKW[charge] else { return }
    // The month after the running one is held to the running one's lines.
    let metered = max(row.incurredKW, runningKW[charge] ?? 0)
    runningKW[charge] = metered
    row.held = HeldPeak(
      meteredKW: metered, linePricePerKW: PlanningTariff.lineShare * row.pricePerKW)
    row.incurredKW = max(metered, target)
  }

  /// Names of the charges whose peaks count by the calendar year, for which no target of a month is chosen.
  package var yearlyPeakNames: [String] {
    schedule.demand.map(\.charge).filter { $0.measure.rule.countsByYear }.map(\.name)
      + schedule.tariff.contracted.filter(\.holdsForYear).map(\.name)
      + schedule.tariff.hoursOfUse.map(\.name)
  }

  /// Whether anything of the tariff is charged by power.
  private var hasDemandRows: Bool {
    !schedule.demand.isEmpty || !schedule.tariff.contracted.isEmpty
      || !schedule.tariff.reactive.isEmpty || !schedule.hoursOfUse.isEmpty
  }

  /// Share of the last month's peak that a month aims at when no target is given.
  private static let usualShare = 0.9

  /// Price of import above the peak so far where a target is held, as a share of the charge.
  private static let lineShare = 0.05

  /// Returns the charges on the highest import of a whole month, over what is left of the month.
  ///
  /// Blocks of rising price, peaks of single days and those that count by the year are not among them: the target of a
  /// month does not fit them.
  ///
  /// - Parameters:
  ///   - slot: Slot of the planning grid that the rest of the month begins with.
  ///   - meter: State of the month so far.
  ///   - cappedMonths: Labels of months in which demand charges lie at their caps.
  /// - Returns: The slots left, at most up to the end of the grid, and one row per charge that costs
  ///   something with its label without the month.
  package func monthlyPeaks(
    from slot: Int, meter: BillingMeter?, cappedMonths: Set<String> = []
  ) -> (slots: Range<Int>, rows: [(charge: String, price: DemandPrice)]) {
    guard let month = schedule.calendar.months.first(where: { $0.slots.contains(slot) }) else {
      return (slot..<slot, [])
    }
    let slots = slot..<month.slots.upperBound
    let found = demandRows(
      over: slots, meter: meter, peakPricing: .fullPrice, targetsKW: [:],
      cappedMonths: cappedMonths)
    let rows = found.compactMap { row -> (charge: String, price: DemandPrice)? in
      guard !row.isYearly, let charge = row.price.chargeLabel(month: month.label),
        !found.contains(where: { $0.price.label.hasPrefix("\(row.price.label),") })
      else { return nil }
      return (charge, row.price)
    }
    return (slots, rows)
  }

  /// Highest peak of the month before the one a row is for. [kW]
  private func lastPeakKW(_ charge: Int, _ meter: BillingMeter, isCurrent: Bool) -> Double {
    schedule.demand[charge].charge.periods.indices.map { period in
      isCurrent
        ? meter.lastPeakKW(charge: charge, period: period)
        : meter.incurredPeaksKW[charge][period]
    }.max() ?? 0
  }

  /// Fills in the part of a running metering interval that lies before the horizon.
  private func setElapsed(_ row: inout DemandPrice, range: Range<Int>, meter: BillingMeter?) {
    guard row.meteringSlots > 1 else { return }
    let seconds = row.meteringSlots * grid.stepSeconds
    let local =
      schedule.calendar.slots.minuteOfDay[range.lowerBound] * 60
      + grid.instant(range.lowerBound) % 60
    row.elapsedSlots = local % seconds / grid.stepSeconds
    guard row.elapsedSlots > 0, let meter else { return }
    let map = meter.schedule.maps.firstIndex { $0.seconds == seconds }
    row.elapsedKW = map.map { meter.running(map: $0).meanKW } ?? 0
  }

  /// The horizon's share of what is left of a month, or of its calendar year, when the horizon begins.
  private func shareOfDaysLeft(
    month: Int, byYear: Bool, slots: Range<Int>, end range: Int
  ) -> Double {
    let billing = schedule.calendar.months[month]
    let lastDay =
      byYear
      ? CivilCalendar.days(year: billing.year + 1, month: 1, day: 1)
      : billing.firstDay + billing.days
    let left = schedule.zone.startOfDay(lastDay) - grid.instant(slots.lowerBound)
    let counted = byYear ? range - slots.lowerBound : slots.count
    return min(1, Double(counted * grid.stepSeconds) / Double(max(1, left)))
  }

  private func rowsOf(
    _ charge: Int, month: Int, slots: Range<Int>, range: Range<Int>, meter: BillingMeter?,
    yearMeter: BillingMeter?, cappedMonths: Set<String>
  ) -> [DemandPrice] {
    let cells = schedule.demand[charge]
    let rule = cells.charge
    let factor = rule.powerFactor?.factor ?? 1
    let label = schedule.calendar.months[month].label
    let outlook = DemandPricingContext(
      schedule: schedule, charge: charge, month: month, slots: slots, meter: meter,
      yearMeter: yearMeter, cappedMonths: cappedMonths, shownKW: shownKW)
    return rule.periods.indices.flatMap { period in
      let name =
        rule.periods.count > 1
        ? "\(rule.name): \(rule.periods[period].name) \(label)" : "\(rule.name) \(label)"
      return rule.measure.rule.planned(period: period, in: outlook).flatMap { peak in
        var counted = [period]
        if peak.countsEveryPeriod || peak.countsEveryInterval {
          counted = Array(rule.periods.indices)
        }
        if peak.countsEveryInterval { counted.append(Int(PeriodTable.none)) }
        let applies = self.applies(
          cells, periods: counted, slots: slots, range: range, day: peak.day)
        guard applies.contains(true) else { return [DemandPrice]() }
        // At its cap a charge no longer depends on the month's peak, only those of later months do.
        let isAtCap = outlook.isAtCap(month: month)
        return blocks(
          name + (peak.day.map { " \(dateText(Int($0)))" } ?? ""), cells, month: month,
          period: period, peak, share: isAtCap ? peak.laterShare : peak.share,
          powerFactor: factor, applies: applies, lastKW: outlook.lastPeakKW(period: period))
      }
    }
  }

  /// Share of the end of a band by which plans stay below it.
  private static let bandMargin = 0.001

  private func blocks(
    _ name: String, _ cells: DemandCells, month: Int, period: Int, _ peak: PlannedPeak,
    share: Double, powerFactor factor: Double, applies: [Bool], lastKW: Double
  ) -> [DemandPrice] {
    let weight = cells.weights[period]
    if weight == 0 { return [] }
    let meteringSlots = max(1, schedule.maps[cells.map].seconds / grid.stepSeconds)
    func row(_ name: String, _ price: Double, _ incurred: Double) -> DemandPrice {
      DemandPrice(
        label: name, pricePerKW: price * share * factor * weight, applies: applies,
        meteringSlots: meteringSlots, incurredKW: incurred / weight)
    }
    let square = cells.squares[month][period] * factor * factor
    if square > 0 {
      return squareRows(square, paidKW: peak.paidKW, lastKW: lastKW).enumerated().map {
        row($0 == 0 ? name : "\(name), part \($0 + 1)", $1.price / factor, $1.fromKW)
      }
    }
    // Blocks are of the billed demand, plans know the metered one.
    var limits = cells.limits[period].map { peak.peakKW(billed: $0 / factor) }
    let prices = cells.prices[month][period]
    var incurredKW = peak.paidKW
    var first = limits.firstIndex { incurredKW < $0 } ?? limits.count
    if !cells.amounts[month][period].isEmpty {
      // The band that is paid for costs no more up to its end.
      guard let band = limits.firstIndex(where: { incurredKW <= $0 }) else { return [] }
      // What is executed does not meet a limit to the watt, and a little above it costs the whole band.
      limits = cells.limits[period].map {
        peak.peakKW(billed: (1 - PlanningTariff.bandMargin) * $0 / factor)
      }
      incurredKW = max(incurredKW, limits[band])
      first = band + 1
    }
    var rows = [row(name, prices[first], incurredKW)]
    for tier in first..<limits.count {
      let rise = prices[tier + 1] - prices[tier]
      // A block that is cheaper than the one before would not be convex.
      guard rise > 0 else { break }
      rows.append(row("\(name), tier \(tier + 2)", rise, limits[tier]))
    }
    return rows
  }

  /// Returns rising prices of a squared peak by chords, finest around the last month's peak or, above it, in steps of
  /// an eighth; where nothing is known in powers of four.
  private func squareRows(
    _ square: Double, paidKW: Double, lastKW: Double
  ) -> [(fromKW: Double, price: Double)] {
    let points: [Double]
    if lastKW > paidKW {
      points =
        [paidKW]
        + [0.25, 0.5, 0.7, 0.85, 1, 1.15, 1.4].map { paidKW + $0 * (lastKW - paidKW) }
    } else if paidKW > 0 {
      points = (0...7).map { paidKW * (1 + 0.125 * Double($0)) }
    } else {
      points = [0] + (0...6).map { 0.25 * Double(1 << (2 * $0)) }
    }
    var before = 0.0
    return points.indices.map { k in
      let next = k + 1 < points.count ? points[k + 1] : 2 * points[k]
      let slope = square * (points[k] + next)
      defer { before = slope }
      return (points[k], slope - before)
    }
  }

  private func applies(
    _ cells: DemandCells, periods: [Int], slots: Range<Int>, range: Range<Int>, day: Int32?
  ) -> [Bool] {
    let map = schedule.maps[cells.map]
    var interval = map.isIdentity ? range.lowerBound : map.interval(ofSlot: range.lowerBound)
    return range.map { slot in
      while slot >= map.bounds[interval + 1] { interval += 1 }
      guard slots.contains(slot) else { return false }
      if let day, cells.dayOfInterval[interval] != day { return false }
      return periods.contains(Int(cells.periodOfInterval[interval]))
    }
  }
}

extension DemandPrice {
  /// Label without its month; nothing for a row of a day or of a block of rising price.
  fileprivate func chargeLabel(month: String) -> String? {
    label.hasSuffix(" \(month)") ? String(label.dropLast(month.count + 1)) : nil
  }
}

extension BillingSchedule {
  /// Returns the rows of reactive charges in a month, in their order.
  func reactiveRows(
    month: Int, slots: Range<Int>, range: Range<Int>, meter: BillingMeter?
  ) -> [DemandPrice] {
    let billing = calendar.months[month]
    let applies = range.map { slots.contains($0) }
    func tax(_ includes: Bool) -> Double {
      includes ? 1 : 1 + tariff.vatFraction.nearestValue(onDay: billing.firstBilledDay)
    }
    func row(
      _ name: String, _ price: Double, _ map: Int, metered: Int?, least: Double
    ) -> DemandPrice {
      // The meter's schedule has a list of metering intervals of its own.
      let peak = metered.flatMap { meter?.sitePeakKW(map: $0) } ?? 0
      return DemandPrice(
        label: "\(name) \(billing.label)", pricePerKW: price, applies: applies,
        meteringSlots: max(1, maps[map].seconds / grid.stepSeconds),
        incurredKW: max(least, peak))
    }
    return tariff.reactive.enumerated().map { position, charge in
      row(
        charge.name,
        charge.pricePerKVAr.nearestValue(onDay: billing.firstBilledDay) * charge.kVArPerKW
          * tax(charge.includesVAT), reactiveMap[position],
        metered: meter?.schedule.reactiveMap[position], least: 0)
    }
  }
}
