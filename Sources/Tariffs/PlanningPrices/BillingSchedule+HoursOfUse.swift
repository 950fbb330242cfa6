import TimeSeries

extension BillingSchedule {
  /// Time of a year after which its energy and peak so far tell its hours of use. [h]
  private static let tellingHours = 24.0

  /// Returns the slots of a range that lie in the calendar year of a month, for the first month of that year in
  /// the range; nothing for the others.
  func yearSlots(month: Int, range: Range<Int>) -> Range<Int>? {
    let months = calendar.months
    let year = months[month].year
    if month > 0, months[month - 1].year == year,
      months[month - 1].slots.upperBound > range.lowerBound
    {
      return nil
    }
    let last = months.lastIndex { $0.year == year } ?? month
    return (months[month].slots.lowerBound..<months[last].slots.upperBound).clamped(to: range)
  }

  /// Returns the pair of prices that plans expect of a charge by hours of use.
  ///
  /// The side of the switch on which the year so far lies; before its first day is metered the planned one.
  func plannedSide(_ cells: HoursOfUseCells, position: Int, meter: BillingMeter?) -> Int {
    if let meter, meter.yearHours >= Self.tellingHours {
      let peak = meter.yearSitePeakKW(map: meter.schedule.hoursOfUse[position].map)
      if peak > 0 {
        return cells.side(
          energyKWh: meter.yearImportKWh, peakKW: peak, yearShare: meter.yearHours / 8760)
      }
    }
    let charge = cells.charge
    return (charge.plannedHours ?? charge.switchHours) >= charge.switchHours ? 1 : 0
  }

  /// Adds the prices of energy of charges by hours of use to the price of import.
  func addHoursOfUse(over range: Range<Int>, meter: BillingMeter?, to buy: inout [Double]) {
    for (position, cells) in hoursOfUse.enumerated() {
      let side = plannedSide(cells, position: position, meter: meter)
      for (month, billing) in calendar.months.enumerated() {
        for slot in billing.slots.clamped(to: range) {
          buy[slot - range.lowerBound] += cells.perKWh[month][side]
        }
      }
    }
  }

  /// Returns the rows of charges by hours of use in a month: one more kilowatt of the year's highest power is
  /// paid for in every month of the year that is billed on the grid.
  func hoursOfUseRows(
    month: Int, slots: Range<Int>, range: Range<Int>, meter: BillingMeter?
  ) -> [DemandPrice] {
    hoursOfUse.enumerated().map { position, cells in
      let side = plannedSide(cells, position: position, meter: meter)
      let year = calendar.months[month].year
      let price = calendar.months.indices.filter { calendar.months[$0].year == year }
        .reduce(0) { $0 + cells.perKW[$1][side] }
      let paid = meter.map { $0.yearSitePeakKW(map: $0.schedule.hoursOfUse[position].map) } ?? 0
      return DemandPrice(
        label: "\(cells.charge.name) \(calendar.months[month].label)", pricePerKW: price,
        applies: range.map { slots.contains($0) },
        meteringSlots: max(1, maps[cells.map].seconds / grid.stepSeconds), incurredKW: paid)
    }
  }
}
