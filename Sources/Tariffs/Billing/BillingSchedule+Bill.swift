import TimeSeries

extension BillingSchedule {
  /// Bills a metered series exactly.
  ///
  /// Slots without a value are billed as zero and counted.
  ///
  /// - Parameters:
  ///   - importKW: Mean import of every slot, at least zero. [kW]
  ///   - exportKW: Mean export of every slot, at least zero. [kW]
  /// - Returns: The bill by months and lines.
  package func bill(importKW: [Double], exportKW: [Double]) -> Bill {
    bill(importKW: importKW, exportKW: exportKW, appliesCaps: true)
  }

  /// Bills a metered series with or without the caps of demand charges per imported energy.
  package func bill(importKW: [Double], exportKW: [Double], appliesCaps: Bool) -> Bill {
    precondition(
      importKW.count == grid.count && exportKW.count == grid.count, "one value per slot")
    let missing = importKW.indices.filter { !(importKW[$0] + exportKW[$0]).isFinite }
    let metered = MeteredEnergy(
      importKW: missing.isEmpty ? importKW : importKW.map { $0.isFinite ? $0 : 0 },
      exportKW: missing.isEmpty ? exportKW : exportKW.map { $0.isFinite ? $0 : 0 },
      schedule: self)
    var months = calendar.months.map { MonthBill(month: $0.label) }
    for index in months.indices {
      countEnergy(metered, month: index, into: &months[index])
    }
    for slot in missing {
      if let index = calendar.months.firstIndex(where: { $0.slots.contains(slot) }) {
        months[index].missingSlots += 1
      }
    }
    addEnergy(metered, to: &months)
    addDemand(metered, appliesCaps: appliesCaps, to: &months)
    addFixed(to: &months)
    settle(metered, &months)
    addCarbon(metered, to: &months)
    return Bill(months: months)
  }

  private func addCarbon(_ metered: MeteredEnergy, to months: inout [MonthBill]) {
    guard let carbon, let rule = tariff.carbon else { return }
    for index in months.indices {
      func kilograms(_ energyKWh: [Double]) -> Double {
        carbon.priced(
          energyKWh, range: units.ofMonth[index], month: index,
          spot: UnitPrices(spotPerKWh: nil, firstTierPerKWh: nil), limitFactor: 1
        ).reduce(0) { $0 + $1.amount.reduce(0, +) }
      }
      months[index].carbonKg =
        kilograms(metered.importKWh)
        - (rule.creditsExport ? kilograms(metered.exportKWh) : 0)
    }
  }

  /// Splits a site without a battery into the two meters of its tariff. [kW]
  ///
  /// Under buy-all/sell-all the whole load is import and the whole generation is export; under
  /// every other arrangement a slot's difference is one or the other.
  package func meters(
    loadKW: [Double], generationKW: [Double]
  ) -> (importKW: [Double], exportKW: [Double]) {
    if tariff.export.arrangement == .buyAllSellAll { return (loadKW, generationKW) }
    let net = zip(loadKW, generationKW).map { $0 - $1 }
    return (net.map { $0.isNaN ? $0 : max(0, $0) }, net.map { $0.isNaN ? $0 : max(0, -$0) })
  }

  private func countEnergy(
    _ metered: MeteredEnergy, month index: Int, into bill: inout MonthBill
  ) {
    let month = calendar.months[index]
    let hours = grid.stepHours
    let importLimit = tariff.importLimitKW ?? .infinity
    let exportLimit = tariff.exportLimitKW ?? .infinity
    var imported = 0.0
    var exported = 0.0
    var overImport = 0.0
    var overExport = 0.0
    for slot in month.slots {
      imported += metered.importKW[slot]
      exported += metered.exportKW[slot]
      overImport += max(0, metered.importKW[slot] - importLimit)
      overExport += max(0, metered.exportKW[slot] - exportLimit)
    }
    bill.coveredFraction = month.coveredFraction
    bill.importKWh = imported * hours
    bill.exportKWh = exported * hours
    bill.overImportLimitKWh = overImport * hours
    bill.overExportLimitKWh = overExport * hours
    bill.peakKW = metered.sitePeakKW(month: index, schedule: self)
  }

  func addFixed(to months: inout [MonthBill]) {
    for (index, month) in calendar.months.enumerated() {
      for charge in tariff.fixed {
        let day = month.firstBilledDay
        let tax = charge.includesVAT ? 0 : tariff.vatFraction.nearestValue(onDay: day)
        let price = charge.amount.nearestValue(onDay: day) * (1 + tax)
        let quantity: Double =
          switch charge.unit {
          case .day: Double(month.days) * month.coveredFraction
          case .month: month.coveredFraction
          case .year: month.coveredFraction / 12
          }
        months[index].fixed += price * quantity
        months[index].lines.append(
          BillLine(
            .fixed, rule: charge.name, quantity: quantity, unit: charge.unit.rawValue, price: price,
            amount: price * quantity))
      }
    }
  }
}

/// A metered series in the units that rules ask for.
struct MeteredEnergy {
  let importKW: [Double]
  let exportKW: [Double]
  /// Energy of each settlement unit after netting within it. [kWh]
  let importKWh: [Double]
  let exportKWh: [Double]
  /// Mean import over each distinct metering interval. [kW]
  let meansKW: [[Double]]

  init(importKW: [Double], exportKW: [Double], schedule: BillingSchedule) {
    self.importKW = importKW
    self.exportKW = exportKW
    let hours = schedule.grid.stepHours
    let units = schedule.units
    if units.isIdentity {
      importKWh = importKW.map { $0 * hours }
      exportKWh = exportKW.map { $0 * hours }
    } else {
      var imported = [Double](repeating: 0, count: units.count)
      var exported = imported
      for unit in 0..<units.count {
        for slot in units.bounds[unit]..<units.bounds[unit + 1] {
          imported[unit] += importKW[slot] * hours
          exported[unit] += exportKW[slot] * hours
        }
        if schedule.tariff.settlement?.netsImportAndExport == true {
          let net = imported[unit] - exported[unit]
          imported[unit] = max(0, net)
          exported[unit] = max(0, -net)
        }
      }
      importKWh = imported
      exportKWh = exported
    }
    meansKW = schedule.maps.map { $0.means(of: importKW) }
  }

  /// Returns the highest import over the shortest metering interval in a month. [kW]
  func sitePeakKW(month: Int, schedule: BillingSchedule) -> Double {
    var peak = 0.0
    for interval in schedule.maps[0].ofMonth[month] where meansKW[0][interval] > peak {
      peak = meansKW[0][interval]
    }
    return peak
  }
}
