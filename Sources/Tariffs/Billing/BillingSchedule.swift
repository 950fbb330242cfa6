package import Diagnostics
package import TimeSeries

/// A tariff laid over a grid: everything calendar-like is looked up once, bills cost only sums.
///
/// One schedule bills any number of metered series on its grid, in parallel if wanted.
package struct BillingSchedule: Sendable {
  /// The tariff.
  package let tariff: Tariff
  /// The grid that metered series are on.
  package let grid: TimeGrid
  /// The site's zone.
  package let zone: Zone
  /// What is worth knowing about billing this tariff on this grid, such as a data step longer
  /// than a metering interval.
  package let notes: [Diagnostic]
  /// Price of one more imported kilowatt-hour in the first block of every slot, all components and
  /// VAT added. [currency/kWh]
  package let buyPerKWh: [Double]
  /// What one more exported kilowatt-hour earns in every slot by the export prices.
  /// [currency/kWh]
  package let sellPerKWh: [Double]

  /// Spot price of every slot before adders and VAT, where the tariff follows the market.
  /// [currency/kWh]
  package let spotPerKWh: [Double]?

  let calendar: SlotCalendar
  /// Energy is counted in these units.
  let units: IntervalMap
  let energy: [EnergyCells]
  let export: [EnergyCells]
  let demand: [DemandCells]
  /// Distinct metering intervals, shortest first.
  let maps: [IntervalMap]
  let contracted: [ContractedCells]
  let reactiveMap: [Int]
  let hoursOfUse: [HoursOfUseCells]
  /// Carbon dioxide of energy, in place of prices.
  let carbon: EnergyCells?
  /// Spot-dependent prices of each energy charge and each export charge.
  let energyPrices: [UnitPrices]
  let exportPrices: [UnitPrices]

  /// Lays a tariff over a grid.
  ///
  /// - Parameters:
  ///   - tariff: The tariff.
  ///   - grid: The grid of the metered series.
  ///   - zone: The site's zone.
  ///   - spotPerKWh: Spot price of every slot before adders and VAT, needed when the tariff
  ///     follows the spot market. [currency/kWh]
  /// - Throws: `InputError` when a price is missing on some day, when spot prices are needed and
  ///   missing, or when metering intervals are not whole steps.
  package init(_ tariff: Tariff, grid: TimeGrid, zone: Zone, spotPerKWh: [Double]?) throws {
    var findings = Findings()
    if tariff.usesSpot {
      if let spotPerKWh {
        if spotPerKWh.count != grid.count {
          findings.error(
            "there must be one spot price per step, found '\(spotPerKWh.count)' for"
              + " '\(grid.count)' steps")
        }
        let missing = spotPerKWh.count { !$0.isFinite }
        if missing > 0 {
          let first = spotPerKWh.firstIndex { !$0.isFinite } ?? 0
          findings.error(
            "'\(tariff.name)' needs a spot price in every step; \(missing) are missing, the first"
              + " at \(Instant.localText(grid.instant(first), zone: zone))")
        }
      } else {
        findings.error("'\(tariff.name)' follows the spot market and needs spot prices")
      }
    }
    for (name, seconds) in BillingSchedule.intervals(of: tariff)
    where seconds > grid.stepSeconds && seconds % grid.stepSeconds != 0 {
      findings.error(
        "the interval of '\(name)', \(seconds) s, must be a multiple of the data step,"
          + " \(grid.stepSeconds) s")
    }
    try findings.throwIfErrors()
    try self.init(
      tariff, grid: grid, zone: zone, spotPerKWh: spotPerKWh, strict: true, findings: findings)
  }

  /// Lays a tariff over a planning grid, where rounding is allowed and spot prices come later.
  init(planning tariff: Tariff, grid: TimeGrid, zone: Zone) {
    do {
      try self.init(
        tariff, grid: grid, zone: zone, spotPerKWh: nil, strict: false, findings: Findings())
    } catch {
      preconditionFailure("laying a tariff over a planning grid finds no errors")
    }
  }

  private init(
    _ tariff: Tariff, grid: TimeGrid, zone: Zone, spotPerKWh: [Double]?, strict: Bool,
    findings: Findings
  ) throws(InputError) {
    var findings = findings
    self.tariff = tariff
    self.grid = grid
    self.zone = zone
    self.spotPerKWh = tariff.usesSpot ? spotPerKWh : nil
    let calendar = SlotCalendar(
      grid: grid, zone: zone, holidays: tariff.holidays, kinds: tariff.dayKinds)
    self.calendar = calendar
    if strict { calendar.kinds.reportAbsent(into: &findings) }
    func map(_ seconds: Int) -> IntervalMap {
      let rounded =
        seconds % grid.stepSeconds == 0 ? seconds : seconds / grid.stepSeconds * grid.stepSeconds
      return IntervalMap(
        seconds: rounded, slots: calendar.slots, zone: zone, months: calendar.months)
    }
    units = map(tariff.settlement?.seconds ?? grid.stepSeconds)
    let unitMap = units
    let vat = tariff.vatFraction
    energy = tariff.energy.map {
      EnergyCells(
        $0, calendar: calendar, units: unitMap, vatFraction: vat, appliesVAT: true,
        strict: strict, findings: &findings)
    }
    export = tariff.export.charges.map {
      EnergyCells(
        $0, calendar: calendar, units: unitMap, vatFraction: vat,
        appliesVAT: tariff.export.paysVAT, strict: strict, findings: &findings)
    }
    // Factors are for whoever asks for a bill; a factor that does not hold on some day holds as the nearest.
    var none = Findings()
    carbon = tariff.carbon.map {
      EnergyCells(
        $0.factors, calendar: calendar, units: unitMap, vatFraction: 0, appliesVAT: false,
        strict: false, findings: &none)
    }
    let effective = { (seconds: Int) in max(seconds, grid.stepSeconds) }
    let needed =
      tariff.demand.map { effective($0.meteringSeconds) }
      + tariff.contracted.map { effective($0.meteringSeconds) }
      + tariff.reactive.map { effective($0.meteringSeconds) }
      + tariff.hoursOfUse.map { effective($0.meteringSeconds) }
    let lengths = Set(needed.isEmpty ? [grid.stepSeconds] : needed).sorted()
    let maps = lengths.map(map)
    self.maps = maps
    func mapIndex(_ seconds: Int) -> Int { lengths.firstIndex(of: effective(seconds)) ?? 0 }
    demand = tariff.demand.map { charge in
      let index = mapIndex(charge.meteringSeconds)
      return DemandCells(
        charge, calendar: calendar, map: index, intervals: maps[index], vatFraction: vat,
        strict: strict, findings: &findings)
    }
    contracted = tariff.contracted.map {
      let index = mapIndex($0.meteringSeconds)
      return ContractedCells(
        $0, calendar: calendar, map: index, intervals: maps[index], vatFraction: vat,
        strict: strict, findings: &findings)
    }
    reactiveMap = tariff.reactive.map { mapIndex($0.meteringSeconds) }
    hoursOfUse = tariff.hoursOfUse.map {
      HoursOfUseCells(
        $0, calendar: calendar, map: mapIndex($0.meteringSeconds), vatFraction: vat,
        strict: strict, findings: &findings)
    }
    let spotOfUnit = spotPerKWh.map { unitMap.means(of: $0) }
    let unitPrices = { (cells: EnergyCells) in
      UnitPrices(
        spotPerKWh: spotOfUnit,
        firstTierPerKWh: cells.usesSpot ? cells.firstTierPrices(spotPerKWh: spotOfUnit) : nil)
    }
    energyPrices = energy.map(unitPrices)
    exportPrices = export.map(unitPrices)
    buyPerKWh = BillingSchedule.slotPrices(energy, units: unitMap, spot: spotOfUnit)
    sellPerKWh = BillingSchedule.slotPrices(export, units: unitMap, spot: spotOfUnit)
    try findings.throwIfErrors()
    notes = findings.all
  }

  private static func intervals(of tariff: Tariff) -> [(String, Int)] {
    tariff.demand.map { ($0.name, $0.meteringSeconds) }
      + tariff.contracted.map { ($0.name, $0.meteringSeconds) }
      + tariff.reactive.map { ($0.name, $0.meteringSeconds) }
      + tariff.hoursOfUse.map { ($0.name, $0.meteringSeconds) }
      + (tariff.settlement.map { [("settlement", $0.seconds)] } ?? [])
  }

  private static func slotPrices(
    _ charges: [EnergyCells], units: IntervalMap, spot: [Double]?
  ) -> [Double] {
    var result = [Double](repeating: 0, count: units.bounds[units.count])
    for cells in charges {
      let prices = cells.firstTierPrices(spotPerKWh: spot)
      for unit in 0..<units.count {
        for slot in units.bounds[unit]..<units.bounds[unit + 1] { result[slot] += prices[unit] }
      }
    }
    return result
  }

  /// Slots of each billing month, in order.
  package var monthSlots: [Range<Int>] { calendar.months.map(\.slots) }

  /// Labels of the billing months, for example `2024-01`.
  package var monthLabels: [String] { calendar.months.map(\.label) }
}
