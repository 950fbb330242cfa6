import TimeSeries

extension BillingSchedule {
  /// Returns the rows of power above subscriptions over a month, or over a year for one that is held for it.
  ///
  /// - Parameters:
  ///   - month: Position of the month.
  ///   - slots: Slots of the month within the horizon.
  ///   - range: Slots of the horizon.
  ///   - meter: State of the month so far.
  ///   - yearMeter: State of the year so far.
  ///   - heldForYear: Whether rows are wanted that are held for the year, or the others.
  /// - Returns: Rows with a price above zero.
  func contractedRows(
    month: Int, slots: Range<Int>, range: Range<Int>, meter: BillingMeter?,
    yearMeter: BillingMeter?, heldForYear: Bool
  ) -> [DemandPrice] {
    contracted.enumerated().flatMap { position, cells -> [DemandPrice] in
      let charge = cells.charge
      guard charge.holdsForYear == heldForYear else { return [] }
      let counted = charge.holdsForYear ? yearSlots(month: month, range: range) : slots
      guard let counted, !counted.isEmpty else { return [] }
      return charge.periods.indices.flatMap { period -> [DemandPrice] in
        let applies = slotsOf(cells, period: period, slots: counted, range: range)
        guard applies.contains(true) else { return [] }
        let name =
          charge.periods.count == 1
          ? charge.name : "\(charge.name): \(charge.periods[period].name)"
        let least = charge.periods[period].contractedKW
        let told = charge.holdsForYear ? yearMeter : meter
        let paid = told?.contracted(position, period: period, ofYear: charge.holdsForYear)
        func row(_ suffix: String, _ price: Double, above: Double) -> DemandPrice {
          DemandPrice(
            label: "\(name): overdraw\(suffix) \(calendar.months[month].label)",
            pricePerKW: price * cells.factor, applies: applies,
            meteringSlots: max(1, maps[cells.map].seconds / grid.stepSeconds),
            incurredKW: above / cells.factor)
        }
        let fee = cells.overdrawPrices[month][period]
        let peak = max(least, paid?.peak ?? 0)
        if charge.holdsForYear {
          let held = cells.restOfYear(month).reduce(0) { $0 + cells.prices[$1][period] }
          return [row("", held + fee, above: peak)]
        }
        guard charge.excess == .rootOfSquares, peak > least else {
          return [row("", fee, above: peak)]
        }
        // As much once more as the highest excess so far costs what the root of the sum rises by.
        let (highest, squares) = (peak - least, paid?.squares ?? 0)
        let rise = ((squares + highest * highest).squareRoot() - squares.squareRoot()) / highest
        return [
          row("", fee * rise, above: least),
          row(" above the highest", fee * (1 - rise), above: peak),
        ]
      }
    }
  }

  private func slotsOf(
    _ cells: ContractedCells, period: Int, slots: Range<Int>, range: Range<Int>
  ) -> [Bool] {
    let map = maps[cells.map]
    return range.map { slot in
      slots.contains(slot)
        && Int(cells.periodOfInterval[map.isIdentity ? slot : map.interval(ofSlot: slot)]) == period
    }
  }
}
