package import TimeSeries

/// A tariff as convex prices for plans, laid once over a planning grid.
///
/// Prices are derived from the same tables as bills. What they leave out — blocks of falling price,
/// minimums, caps of months that are not said to reach them, credits carried between months, the effect of a peak on later months' ratchets —
/// shows as the gap between a plan's cost and its bill, see `SurrogateGap`.
package struct PlanningTariff: Sendable {
  /// The tariff.
  package var tariff: Tariff { schedule.tariff }
  /// The planning grid.
  package var grid: TimeGrid { schedule.grid }

  let schedule: BillingSchedule
  /// Prices that need neither spot prices nor the meter, summed. [currency/kWh]
  private let fixedBuyPerKWh: [Double]
  private let fixedSellPerKWh: [Double]
  /// Highest import that the site has shown before the plans begin; nothing where that is not known. [kW]
  ///
  /// A charge that a high import relieves counts on that only where the site has shown as much.
  package var shownKW: Double?
  /// The tariff with none but ordinary days, where plans do not know all others in advance.
  private let ordinary: [PlanningTariff]

  /// Lays a tariff over a planning grid that spans a whole replay and its last horizon.
  ///
  /// A metering interval that is no multiple of the planning step is rounded down to one.
  ///
  /// - Parameters:
  ///   - tariff: The tariff.
  ///   - grid: Planning slots.
  ///   - zone: The site's zone.
  package init(_ tariff: Tariff, grid: TimeGrid, zone: Zone) {
    schedule = BillingSchedule(planning: tariff, grid: grid, zone: zone)
    ordinary =
      tariff.dayKinds.contains { $0.knownMinute != nil }
      ? [PlanningTariff(tariff.withOrdinaryDays, grid: grid, zone: zone)] : []
    let units = schedule.units
    func sum(_ charges: [EnergyCells]) -> [Double] {
      var result = [Double](repeating: 0, count: grid.count)
      for cells in charges where !cells.usesSpot && !cells.isTiered {
        let prices = cells.firstTierPrices(spotPerKWh: nil)
        for unit in 0..<units.count {
          for slot in units.bounds[unit]..<units.bounds[unit + 1] { result[slot] += prices[unit] }
        }
      }
      return result
    }
    fixedBuyPerKWh = sum(schedule.energy)
    fixedSellPerKWh = sum(PlanningTariff.sellingCharges(schedule))
  }

  /// Charges that give one more exported kilowatt-hour its value.
  ///
  /// Under net metering an exported kilowatt-hour saves an imported one of its period.
  private static func sellingCharges(_ schedule: BillingSchedule) -> [EnergyCells] {
    schedule.tariff.isNetMetering
      ? schedule.energy.filter { $0.charge.isNetted } : schedule.export
  }

  /// Returns prices over a horizon.
  ///
  /// - Parameters:
  ///   - range: Slots of the horizon on the planning grid.
  ///   - spotPerKWh: Spot price of every slot of the horizon before adders and VAT, as known or
  ///     forecast, needed when the tariff follows the spot market. [currency/kWh]
  ///   - meter: State of the current billing month; nothing for a month in which nothing happened.
  ///   - peakPricing: How a horizon shorter than a month prices the month's peak.
  ///   - targetsKW: Peak up to which import is free of demand charges by row label, for
  ///     `PeakPricing.monthlyTarget`; a row of a single day may take the target of its label
  ///     without the day. For `PeakPricing.trailingTarget` by label without the month. [kW]
  ///   - cappedMonths: Labels of months in which demand charges lie at their caps per imported energy:
  ///     the cap is part of the price of energy, and the month's own peak is free.
  ///   - laterImportKWh: Import expected in the meter's month after the horizon: blocks are those that
  ///     the month comes to, not those it has reached. [kWh]
  /// - Returns: Prices with one value per slot of the horizon.
  package func prices(
    over range: Range<Int>, spotPerKWh: ArraySlice<Double>?, meter: BillingMeter?,
    peakPricing: PeakPricing, targetsKW: [String: Double] = [:],
    cappedMonths: Set<String> = [], laterImportKWh: Double = 0
  ) -> PlanningPrices {
    precondition(range.lowerBound >= 0 && range.upperBound <= grid.count, "slots of the grid")
    precondition(spotPerKWh.map { $0.count == range.count } ?? true, "one spot price per slot")
    let spot = spotPerKWh.map { averaged(Array($0), over: range) }
    var buy = Array(fixedBuyPerKWh[range])
    var sell = Array(fixedSellPerKWh[range])
    var blocks: [ImportBlock] = []
    for (charge, cells) in schedule.energy.enumerated() where cells.usesSpot || cells.isTiered {
      let tiers =
        cells.isTiered
        ? tiersInForce(charge, range: range, meter: meter, laterImportKWh: laterImportKWh) : nil
      addPrices(cells, range: range, spot: spot, tiers: tiers, to: &buy)
      if cells.isTiered {
        // Without a meter the whole period is known, and every month has blocks of its own.
        for month in meter == nil ? schedule.blockSlots(of: cells.charge, in: range) : [range]
        where !month.isEmpty {
          blocks += risingBlocks(
            charge, range: month, meter: meter, laterImportKWh: laterImportKWh
          ).map { $0.within(range, from: month) }
        }
      }
    }
    for cells in PlanningTariff.sellingCharges(schedule) where cells.usesSpot || cells.isTiered {
      addPrices(cells, range: range, spot: spot, tiers: nil, to: &sell)
    }
    schedule.addHoursOfUse(over: range, meter: meter, to: &buy)
    let ratio = schedule.tariff.export.nettingRatio
    if ratio != 1 { for position in sell.indices { sell[position] *= ratio } }
    let demands = demandPrices(
      over: range, meter: meter, peakPricing: peakPricing, targetsKW: targetsKW,
      cappedMonths: cappedMonths)
    schedule.addCaps(
      of: cappedMonths, charges: Array(schedule.demand.indices), over: range, to: &buy)
    if let meter, let ordinary = ordinary.first {
      let unknown = range.filter {
        !schedule.calendar.kinds.isKnown(
          slot: $0, at: grid.instant(range.lowerBound), zone: schedule.zone)
      }
      if !unknown.isEmpty {
        let told = ordinary.prices(
          over: range, spotPerKWh: spotPerKWh, meter: meter, peakPricing: peakPricing,
          cappedMonths: cappedMonths, laterImportKWh: laterImportKWh)
        for slot in unknown {
          buy[slot - range.lowerBound] = told.buyPerKWh[slot - range.lowerBound]
          sell[slot - range.lowerBound] = told.sellPerKWh[slot - range.lowerBound]
        }
      }
    }
    return PlanningPrices(
      buyPerKWh: buy, sellPerKWh: sell, demands: demands, importBlocks: blocks)
  }

  /// A demand charge is limited to a price of the month's import.
  package var hasCaps: Bool { schedule.demand.contains { $0.charge.capPerKWh != nil } }

  /// The least that each month comes to, where plans can reckon with it; else empty. [currency]
  package var plannableMinimums: [Double] { schedule.plannableMinimums() ?? [] }

  /// Prices of energy depend on the energy of the month.
  package var isTiered: Bool { schedule.energy.contains { $0.charge.isTiered } }

  private func addPrices(
    _ cells: EnergyCells, range: Range<Int>, spot: [Double]?, tiers: [Int]?,
    to prices: inout [Double]
  ) {
    let units = schedule.units
    var unit = units.isIdentity ? range.lowerBound : units.interval(ofSlot: range.lowerBound)
    for slot in range {
      while slot >= units.bounds[unit + 1] { unit += 1 }
      let cell = Int(cells.ofUnit[unit])
      if cell < 0 { continue }
      let position = slot - range.lowerBound
      prices[position] += cells.cells[cell].price(
        tier: tiers.map { $0[cells.cells[cell].period] } ?? 0, spot: spot?[position] ?? 0)
    }
  }

  /// Averages spot prices over settlement intervals, as far as the horizon covers them.
  private func averaged(_ spot: [Double], over range: Range<Int>) -> [Double] {
    let units = schedule.units
    if units.isIdentity { return spot }
    var result = spot
    var unit = range.isEmpty ? 0 : units.interval(ofSlot: range.lowerBound)
    while unit < units.count, units.bounds[unit] < range.upperBound {
      let slots = (units.bounds[unit]..<units.bounds[unit + 1]).clamped(to: range)
      let mean =
        slots.reduce(0) { $0 + spot[$1 - range.lowerBound] } / Double(max(1, slots.count))
      for slot in slots { result[slot - range.lowerBound] = mean }
      unit += 1
    }
    return result
  }
}

extension BillingSchedule {
  /// Slots over which tiers of a charge count: of each month, or of each calendar year.
  func blockSlots(of charge: EnergyCharge, in range: Range<Int>) -> [Range<Int>] {
    guard charge.tierBasis == .kWhPerYear else {
      return monthSlots.map { $0.clamped(to: range) }
    }
    return calendar.months.indices.compactMap { yearSlots(month: $0, range: range) }
  }

  /// Adds the caps of demand charges to the price of import in months that end at them.
  func addCaps(
    of months: Set<String>, charges: [Int], over range: Range<Int>, to buy: inout [Double]
  ) {
    guard !months.isEmpty else { return }
    for (index, month) in calendar.months.enumerated() where months.contains(month.label) {
      for cells in charges.map({ demand[$0] }) {
        guard let cap = cells.charge.capPerKWh else { continue }
        for slot in month.slots.clamped(to: range) {
          buy[slot - range.lowerBound] += cap * cells.taxFactor[index]
        }
      }
    }
  }
}
