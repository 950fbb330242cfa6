import TimeSeries

/// Which rule priced a stretch of slots, and how.
package struct PriceExplanation: Sendable, Hashable {
  /// One component of the price of imported or exported energy.
  package struct Part: Sendable, Hashable {
    /// Name of the charge.
    package var charge: String
    /// Name of the period that applies.
    package var period: String
    /// Price of the first block with everything added. [currency/kWh]
    package var pricePerKWh: Double
  }

  /// A charge on power that meters the slots.
  package struct Demand: Sendable, Hashable {
    /// Name of the charge.
    package var charge: String
    /// Name of the period that applies.
    package var period: String
    /// Price of the first block for a month. [currency/kW]
    package var pricePerKW: Double
  }

  /// Slots with the same rules and prices.
  package var slots: Range<Int>
  /// First instant. [UTC epoch s]
  package var start: Int
  /// First instant after the stretch. [UTC epoch s]
  package var end: Int
  /// What the day counts as: `weekday`, `saturday`, `sunday`, `holiday` or a kind of day of the tariff.
  package var dayType: String
  /// Components of the import price.
  package var buy: [Part]
  /// Components of the export price.
  package var sell: [Part]
  /// Charges on power that count here.
  package var demand: [Demand]

  /// Sum of the components of the import price. [currency/kWh]
  package var buyPerKWh: Double { buy.reduce(0) { $0 + $1.pricePerKWh } }
  /// Sum of the components of the export price. [currency/kWh]
  package var sellPerKWh: Double { sell.reduce(0) { $0 + $1.pricePerKWh } }
}

extension BillingSchedule {
  /// Explains which rule priced which slot of a local day.
  ///
  /// - Parameter dayNumber: Days since 1970-01-01 on the local calendar.
  /// - Returns: Stretches of slots with the same rules and prices, in order; empty for a day
  ///   outside the grid.
  package func explanation(ofDay dayNumber: Int) -> [PriceExplanation] {
    var result: [PriceExplanation] = []
    for slot in grid.indices where calendar.slots.dayNumber[slot] == dayNumber {
      let found = explanation(ofSlot: slot)
      if var last = result.last, last.buy == found.buy, last.sell == found.sell,
        last.demand == found.demand
      {
        last.slots = last.slots.lowerBound..<slot + 1
        last.end = found.end
        result[result.count - 1] = last
      } else {
        result.append(found)
      }
    }
    return result
  }

  private func explanation(ofSlot slot: Int) -> PriceExplanation {
    let unit = units.isIdentity ? slot : units.interval(ofSlot: slot)
    let month = calendar.months.firstIndex { $0.slots.contains(slot) } ?? 0
    func parts(_ charges: [EnergyCells], _ prices: [UnitPrices]) -> [PriceExplanation.Part] {
      charges.indices.compactMap { index in
        let cell = Int(charges[index].ofUnit[unit])
        guard cell >= 0 else { return nil }
        let found = charges[index].cells[cell]
        return PriceExplanation.Part(
          charge: charges[index].charge.name,
          period: charges[index].charge.periods[found.period].name,
          pricePerKWh: found.price(spot: prices[index].spotPerKWh?[unit] ?? 0))
      }
    }
    let demands = demand.compactMap { cells -> PriceExplanation.Demand? in
      let map = maps[cells.map]
      let interval = map.isIdentity ? slot : map.interval(ofSlot: slot)
      let period = Int(cells.periodOfInterval[interval])
      guard period != Int(PeriodTable.none) else { return nil }
      return PriceExplanation.Demand(
        charge: cells.charge.name, period: cells.charge.periods[period].name,
        pricePerKW: cells.prices[month][period][0])
    }
    return PriceExplanation(
      slots: slot..<slot + 1, start: grid.instant(slot), end: grid.instant(slot + 1),
      dayType: dayType(slot), buy: parts(energy, energyPrices),
      sell: parts(export, exportPrices), demand: demands)
  }

  private func dayType(_ slot: Int) -> String {
    let kinds = calendar.kinds
    if !kinds.kinds.isEmpty, kinds.ofSlot[slot] != KindCalendar.none {
      return kinds.kinds[Int(kinds.ofSlot[slot])].name
    }
    return word(calendar.dayTypes[slot])
  }

  private func word(_ type: DayTypes) -> String {
    switch type {
    case .saturday: "saturday"
    case .sunday: "sunday"
    case .holiday: "holiday"
    default: "weekday"
    }
  }
}
