import TimeSeries

/// What each slot of a metered series adds to the energy and the export of its bill.
///
/// The slots of a month sum to what its charges on energy come to, and to what its export earns. Demand, fixed
/// amounts, minimums, true-ups and credits that are carried from month to month belong to no slot.
package struct SlotBill: Sendable {
  /// Imported energy that is billed, after netting within a settlement interval. [kWh, one per slot]
  package let importKWh: [Double]
  /// Exported energy that is billed, after netting within a settlement interval. [kWh, one per slot]
  package let exportKWh: [Double]
  /// Amount per imported kilowatt-hour; where nothing is imported, the price of one more in the first block.
  /// [currency/kWh, one per slot]
  package let buyPerKWh: [Double]
  /// What an exported kilowatt-hour earns; where nothing is exported, what one would by the export prices.
  /// [currency/kWh, one per slot]
  package let sellPerKWh: [Double]
  /// What the slot adds to the energy lines; negative where netting takes export off them. [currency, one per slot]
  package let energyAmount: [Double]
  /// What the slot adds to the export lines, negative for a credit. [currency, one per slot]
  ///
  /// With a credit that is carried over, what is earned, not what is used.
  package let exportAmount: [Double]
  /// Billing month of each slot, for example `2024-01`. [one per slot]
  package let months: [String]
}

extension BillingSchedule {
  /// Bills a metered series slot by slot.
  ///
  /// A block that several slots share is shared by their energy, with blocks that count in the order of time by
  /// that order. Slots without a value are billed as zero.
  ///
  /// - Parameters:
  ///   - importKW: Mean import of every slot, at least zero. [kW]
  ///   - exportKW: Mean export of every slot, at least zero. [kW]
  /// - Returns: Energy, prices and amounts of every slot.
  package func slotBill(importKW: [Double], exportKW: [Double]) -> SlotBill {
    func filled(_ values: [Double]) -> [Double] { values.map { $0.isFinite ? $0 : 0 } }
    let metered = MeteredEnergy(
      importKW: filled(importKW), exportKW: filled(exportKW), schedule: self)
    var ledger = UnitLedger(metered, of: self)
    var months = calendar.months.map { MonthBill(month: $0.label) }
    for index in months.indices {
      months[index].peakKW = metered.sitePeakKW(month: index, schedule: self)
    }
    addEnergy(metered, to: &months) { ledger.book($0) }
    return ledger.slotBill
  }
}

/// Amounts by settlement unit while charges are booked.
private struct UnitLedger {
  private let metered: MeteredEnergy
  private let schedule: BillingSchedule
  /// What is booked on imported energy, on exported energy under netting, and on export. [currency]
  private var imported: [Double]
  private var netted: [Double]
  private var exported: [Double]

  init(_ metered: MeteredEnergy, of schedule: BillingSchedule) {
    self.metered = metered
    self.schedule = schedule
    imported = [Double](repeating: 0, count: schedule.units.count)
    netted = imported
    exported = imported
  }

  mutating func book(_ priced: PricedMonth) {
    let isExport = priced.flow == .exported
    let cells = isExport ? schedule.export[priced.charge] : schedule.energy[priced.charge]
    let prices =
      isExport ? schedule.exportPrices[priced.charge] : schedule.energyPrices[priced.charge]
    let range = schedule.units.ofMonth[priced.month]
    if priced.flow != .netted, cells.isTiered, cells.charge.tierConvention == .chronological {
      let energy = isExport ? metered.exportKWh : metered.importKWh
      cells.countChronologically(
        energy, range: range, spot: prices, limitFactor: priced.limitFactor,
        countedKWh: priced.countedKWh
      ) { add($0.amount, to: $0.unit, isExport) }
      return
    }
    if priced.flow != .netted, !cells.isTiered, let spot = prices.firstTierPerKWh {
      for unit in range where cells.ofUnit[unit] >= 0 {
        let energy = isExport ? metered.exportKWh[unit] : metered.importKWh[unit]
        add(energy * spot[unit], to: unit, isExport)
      }
      return
    }
    bookMeans(priced, cells, range)
  }

  private mutating func add(_ amount: Double, to unit: Int, _ isExport: Bool) {
    if isExport { exported[unit] -= amount } else { imported[unit] += amount }
  }

  /// Books the mean price of each cell on the energy that it counts.
  private mutating func bookMeans(_ priced: PricedMonth, _ cells: EnergyCells, _ range: Range<Int>)
  {
    let first = cells.ofMonth[priced.month].lowerBound
    func energy(_ unit: Int) -> Double {
      switch priced.flow {
      case .imported: metered.importKWh[unit]
      case .exported: metered.exportKWh[unit]
      case .netted:
        metered.importKWh[unit] - schedule.tariff.export.nettingRatio * metered.exportKWh[unit]
      }
    }
    var counted = [Double](repeating: 0, count: priced.parts.count)
    for unit in range where cells.ofUnit[unit] >= 0 {
      counted[Int(cells.ofUnit[unit]) - first] += energy(unit)
    }
    let means = zip(priced.parts, counted).map { $1 == 0 ? 0 : $0.amount.reduce(0, +) / $1 }
    for unit in range where cells.ofUnit[unit] >= 0 {
      let mean = means[Int(cells.ofUnit[unit]) - first]
      switch priced.flow {
      case .imported: imported[unit] += metered.importKWh[unit] * mean
      case .exported: exported[unit] -= metered.exportKWh[unit] * mean
      case .netted:
        imported[unit] += metered.importKWh[unit] * mean
        netted[unit] -= schedule.tariff.export.nettingRatio * metered.exportKWh[unit] * mean
      }
    }
  }

  /// The units' amounts shared over their slots by energy.
  var slotBill: SlotBill {
    let units = schedule.units
    let hours = schedule.grid.stepHours
    let empty = [Double](repeating: 0, count: schedule.grid.count)
    var (importKWh, exportKWh, energyAmount, exportAmount) = (empty, empty, empty, empty)
    var (buyPerKWh, sellPerKWh) = (schedule.buyPerKWh, schedule.sellPerKWh)
    for unit in 0..<units.count {
      let slots = units.bounds[unit]..<units.bounds[unit + 1]
      let rawImport = slots.reduce(0) { $0 + metered.importKW[$1] } * hours
      let rawExport = slots.reduce(0) { $0 + metered.exportKW[$1] } * hours
      for slot in slots {
        let importShare = rawImport == 0 ? 0 : metered.importKW[slot] * hours / rawImport
        let exportShare = rawExport == 0 ? 0 : metered.exportKW[slot] * hours / rawExport
        importKWh[slot] = metered.importKWh[unit] * importShare
        exportKWh[slot] = metered.exportKWh[unit] * exportShare
        let bought = imported[unit] * importShare
        energyAmount[slot] = bought + netted[unit] * exportShare
        exportAmount[slot] = exported[unit] * exportShare
        if importKWh[slot] > 0 { buyPerKWh[slot] = bought / importKWh[slot] }
        if exportKWh[slot] > 0 {
          sellPerKWh[slot] = -(netted[unit] * exportShare + exportAmount[slot]) / exportKWh[slot]
        }
      }
    }
    var months = [String](repeating: "", count: schedule.grid.count)
    for month in schedule.calendar.months {
      for slot in month.slots { months[slot] = month.label }
    }
    return SlotBill(
      importKWh: importKWh, exportKWh: exportKWh, buyPerKWh: buyPerKWh, sellPerKWh: sellPerKWh,
      energyAmount: energyAmount, exportAmount: exportAmount, months: months)
  }
}
