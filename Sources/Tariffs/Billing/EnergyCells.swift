import Diagnostics
import TimeSeries

/// A period of an energy charge within one month and under one set of prices.
struct EnergyCell {
  let month: Int
  let period: Int
  /// Shown on bills.
  let label: String
  /// Upper ends of all blocks but the last, in the charge's tier basis.
  let limits: [Double]
  /// Price of each block without spot part and VAT. [currency/kWh]
  let prices: [Double]
  let spotMultiplier: Double
  let floor: Double
  let cap: Double
  /// Spot price below which another price holds, and that price without VAT. [currency/kWh]
  let belowSpot: Double
  let priceBelowSpot: Double
  /// 1 + VAT.
  let taxFactor: Double

  /// Returns the price of the first block with everything added. [currency/kWh]
  func price(spot: Double) -> Double { price(tier: 0, spot: spot) }

  /// Returns the price of a block with everything added. [currency/kWh]
  func price(tier: Int, spot: Double) -> Double {
    if spot < belowSpot { return priceBelowSpot * taxFactor }
    if spotMultiplier == 0 { return prices[tier] * taxFactor }
    return min(cap, max(floor, spotMultiplier * spot + prices[tier])) * taxFactor
  }
}

extension EnergyCell {
  /// Whether another cell of the same period has the same prices.
  fileprivate func pricesLike(_ other: EnergyCell) -> Bool {
    prices == other.prices && taxFactor == other.taxFactor && floor == other.floor
      && cap == other.cap && belowSpot == other.belowSpot && priceBelowSpot == other.priceBelowSpot
  }
}

extension EnergyPeriod {
  /// Whether anything but the price itself changes on a date.
  fileprivate var hasDatedBounds: Bool {
    [floorPerKWh, capPerKWh].contains { $0?.isDated == true }
      || whenSpotBelow.map { $0.fromDay != nil || $0.pricePerKWh.isDated } ?? false
  }
}

/// An energy charge laid over a grid: everything calendar-like is looked up here, once.
struct EnergyCells {
  let charge: EnergyCharge
  /// Cell of each unit (slot or settlement interval).
  let ofUnit: [Int32]
  let cells: [EnergyCell]
  /// Cells of each month.
  let ofMonth: [Range<Int>]
  let isTiered: Bool
  let usesSpot: Bool

  /// Lays a charge over the units of a grid.
  ///
  /// Units that no period takes get cell −1 (export charges only; energy charges always cover).
  init(
    _ charge: EnergyCharge, calendar: SlotCalendar, units: IntervalMap,
    vatFraction: DatedValue, appliesVAT: Bool, strict: Bool, findings: inout Findings
  ) {
    self.charge = charge
    isTiered = charge.isTiered
    usesSpot = charge.usesSpot
    var table = PeriodTable(charge.periods.map(\.windows))
    let minutes = calendar.slots.grid.stepSeconds / 60
    if minutes > 0, table.cutsSlots(ofMinutes: minutes) {
      findings.warning(
        "a period of '\(charge.name)' begins inside a data step of \(minutes) min; each step is"
          + " priced by its first minute", at: charge.position)
    }
    let periods = table.periods(of: calendar)
    let appliesTax = appliesVAT && !charge.includesVAT
    let changes =
      vatFraction.steps.count > 1
      || charge.periods.contains { period in
        period.tiers.contains { $0.pricePerKWh.steps.count > 1 } || period.hasDatedBounds
      }
    var ofUnit = [Int32](repeating: -1, count: units.count)
    var cells: [EnergyCell] = []
    var ofMonth: [Range<Int>] = []
    var missing = false
    for (month, range) in units.ofMonth.enumerated() {
      let first = cells.count
      var current = [Int](repeating: -1, count: charge.periods.count)
      var currentDay = [Int](repeating: .min, count: charge.periods.count)
      for unit in range {
        let slot = units.bounds[unit]
        let index = Int(periods[slot])
        if index == Int(PeriodTable.none) { continue }
        let day = calendar.slots.dayNumber[slot]
        if current[index] < 0 || (changes && currentDay[index] != day) {
          currentDay[index] = day
          let period = charge.periods[index]
          let tax = appliesTax ? vatFraction : 0
          if strict, !missing {
            var values = period.tiers.map { $0.pricePerKWh.value(onDay: day) }
            if let condition = period.whenSpotBelow, condition.holds(onDay: day) {
              values.append(condition.pricePerKWh.value(onDay: day))
            }
            if values.contains(nil) || tax.value(onDay: day) == nil {
              missing = true
              findings.error(
                "'\(charge.name)' '\(period.name)' has no price on \(dateText(day))",
                at: period.position ?? charge.position)
            }
          }
          let prices = period.tiers.map { $0.pricePerKWh.nearestValue(onDay: day) }
          let condition = period.whenSpotBelow.flatMap { $0.holds(onDay: day) ? $0 : nil }
          let cell = EnergyCell(
            month: month, period: index,
            label: charge.periods.count == 1 ? charge.name : "\(charge.name): \(period.name)",
            limits: period.tiers.dropLast().map { $0.upTo ?? .infinity }, prices: prices,
            spotMultiplier: period.spotMultiplier,
            floor: period.floorPerKWh?.value(onDay: day) ?? -.infinity,
            cap: period.capPerKWh?.value(onDay: day) ?? .infinity,
            belowSpot: condition?.belowPerKWh ?? -.infinity,
            priceBelowSpot: condition?.pricePerKWh.nearestValue(onDay: day) ?? 0,
            taxFactor: 1 + tax.nearestValue(onDay: day))
          if current[index] < 0 || !cells[current[index]].pricesLike(cell) {
            current[index] = cells.count
            cells.append(cell)
          }
        }
        ofUnit[unit] = Int32(current[index])
      }
      ofMonth.append(first..<cells.count)
    }
    self.ofUnit = ofUnit
    self.cells = cells
    self.ofMonth = ofMonth
  }

  /// Returns the price of the first block in every unit, 0 where no period applies.
  /// [currency/kWh]
  func firstTierPrices(spotPerKWh: [Double]?) -> [Double] {
    ofUnit.indices.map { unit in
      let cell = Int(ofUnit[unit])
      return cell < 0 ? 0 : cells[cell].price(spot: spotPerKWh?[unit] ?? 0)
    }
  }
}
