import TimeSeries

extension PlanningTariff {
  /// Returns the block in force in every period of a tiered charge at the horizon's start.
  ///
  /// Pro rata prices follow the month's total, which is not known before its end: the block that
  /// the counter has reached stands in.
  func tiersInForce(
    _ charge: Int, range: Range<Int>, meter: BillingMeter?, laterImportKWh: Double = 0
  ) -> [Int] {
    let cells = schedule.energy[charge]
    return cells.charge.periods.indices.map { period in
      let limits = limitsKWh(charge, period: period, range: range, meter: meter)
      let counted = countedKWh(
        charge, period: period, range: range, meter: meter, laterImportKWh: laterImportKWh)
      return limits.firstIndex { counted < $0 } ?? limits.count
    }
  }

  /// Returns the blocks above the one in force, as long as they rise in price.
  func risingBlocks(
    _ charge: Int, range: Range<Int>, meter: BillingMeter?, laterImportKWh: Double = 0
  ) -> [ImportBlock] {
    let cells = schedule.energy[charge]
    let tiers = tiersInForce(
      charge, range: range, meter: meter, laterImportKWh: laterImportKWh)
    var result: [ImportBlock] = []
    for (period, rule) in cells.charge.periods.enumerated() {
      let applies = range.map { slot in
        let cell = Int(cells.ofUnit[schedule.units.interval(ofSlot: slot)])
        return cell >= 0 && cells.cells[cell].period == period
      }
      guard let first = applies.firstIndex(of: true) else { continue }
      let unit = schedule.units.interval(ofSlot: range.lowerBound + first)
      let cell = cells.cells[Int(cells.ofUnit[unit])]
      let limits = limitsKWh(charge, period: period, range: range, meter: meter)
      let counted = countedKWh(
        charge, period: period, range: range, meter: meter, laterImportKWh: laterImportKWh)
      for tier in tiers[period]..<limits.count {
        let surcharge = (cell.prices[tier + 1] - cell.prices[tier]) * cell.taxFactor
        guard surcharge > 0 else { break }
        result.append(
          ImportBlock(
            label: "\(cells.charge.name): \(rule.name), tier \(tier + 2)",
            limitKWh: max(0, limits[tier] - counted), surchargePerKWh: surcharge,
            applies: applies))
      }
    }
    return result
  }

  private func isMetered(_ range: Range<Int>, _ meter: BillingMeter?) -> Bool {
    guard let meter, let month = monthIndex(ofSlot: range.lowerBound) else { return false }
    return schedule.calendar.months[month].label == meter.monthLabel
  }

  private func countedKWh(
    _ charge: Int, period: Int, range: Range<Int>, meter: BillingMeter?, laterImportKWh: Double
  ) -> Double {
    if schedule.energy[charge].charge.tierBasis == .kWhPerYear {
      return yearKWh(range: range, meter: meter)
    }
    guard let meter, isMetered(range, meter) else { return laterImportKWh }
    let energy = meter.importKWhByPeriod[charge]
    let whole = energy.reduce(0, +)
    guard schedule.energy[charge].charge.tierConvention == .perPeriod else {
      return whole + laterImportKWh
    }
    // What is still to come is split by period as the month so far.
    let share = whole > 0 ? energy[period] / whole : 1 / Double(max(1, energy.count))
    return energy[period] + share * laterImportKWh
  }

  /// Time of a year after which its mean import tells that of the rest. [h]
  private static let tellingHours = 48.0

  /// What the year comes to without the horizon, as far as the grid goes: what it has imported, and as much an
  /// hour for the time after the horizon. [kWh]
  private func yearKWh(range: Range<Int>, meter: BillingMeter?) -> Double {
    guard let meter, let month = monthIndex(ofSlot: range.lowerBound),
      schedule.calendar.months[month].year == meter.year, meter.yearHours > 0
    else { return 0 }
    if meter.yearHours < Self.tellingHours { return meter.yearImportKWh }
    let last = schedule.calendar.months.last { $0.year == meter.year }
    let left = Double(max(0, (last?.slots.upperBound ?? 0) - range.upperBound)) * grid.stepHours
    return meter.yearImportKWh * (1 + left / meter.yearHours)
  }

  /// Upper ends of a period's blocks in the horizon's first month. [kWh]
  private func limitsKWh(
    _ charge: Int, period: Int, range: Range<Int>, meter: BillingMeter?
  ) -> [Double] {
    guard let month = monthIndex(ofSlot: range.lowerBound) else { return [] }
    let peak = isMetered(range, meter) ? (meter?.sitePeakKW(map: 0) ?? 0) : 0
    let rule = schedule.energy[charge].charge
    let factor = schedule.limitFactor(rule, month: month, peakKW: peak)
    return rule.periods[period].tiers.dropLast().map { ($0.upTo ?? .infinity) * factor }
  }

  /// Returns the position of the month that contains a slot.
  func monthIndex(ofSlot slot: Int) -> Int? {
    schedule.calendar.months.firstIndex { $0.slots.contains(slot) }
  }
}

extension ImportBlock {
  /// Returns a block of one range of slots over a range that holds it.
  func within(_ range: Range<Int>, from own: Range<Int>) -> ImportBlock {
    var block = self
    block.applies =
      [Bool](repeating: false, count: own.lowerBound - range.lowerBound) + applies
      + [Bool](repeating: false, count: range.upperBound - own.upperBound)
    return block
  }
}
