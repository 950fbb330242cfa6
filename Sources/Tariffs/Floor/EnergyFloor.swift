import TimeSeries

/// The floor of a schedule's charges on energy, as it is put together.
///
/// Prices are kept by what they count: each unit's import and export after netting within it, and import as
/// metered.
struct EnergyFloor {
  private let schedule: BillingSchedule
  private let reference: FloorReference
  private let reach: MeterReach
  /// Prices of what a unit imports and exports, netted within it where the tariff does. [currency/kWh]
  private var buy: [Double]
  private var sell: [Double]
  private(set) var blocks: [ImportBlock] = []
  /// What each month comes to beside its prices. [currency]
  private(set) var monthly: [Double]

  private var units: IntervalMap { schedule.units }
  private var tariff: Tariff { schedule.tariff }
  /// Import and export cancel within units of several slots.
  private var netsUnits: Bool {
    !units.isIdentity && tariff.settlement?.netsImportAndExport == true
  }

  /// Months that tiers of a charge count together.
  private func spans(of charge: EnergyCharge) -> [Range<Int>] {
    let months = schedule.calendar.months
    guard charge.isTiered, charge.tierBasis == .kWhPerYear else {
      return months.indices.map { $0..<$0 + 1 }
    }
    return months.indices.filter { $0 == 0 || months[$0 - 1].year != months[$0].year }.map {
      first in
      first..<(months.lastIndex { $0.year == months[first].year } ?? first) + 1
    }
  }

  init(
    _ schedule: BillingSchedule, at reference: FloorReference, reach: MeterReach,
    splitsMonths: Bool
  ) {
    self.schedule = schedule
    self.reference = reference
    self.reach = reach
    buy = [Double](repeating: 0, count: schedule.units.count)
    sell = buy
    monthly = schedule.calendar.months.map { _ in 0 }
    for (charge, cells) in schedule.energy.enumerated() {
      if schedule.tariff.isNetMetering, cells.charge.isNetted { continue }
      for months in spans(of: cells.charge) {
        addImport(charge, months: months, isWhole: !splitsMonths || months.count == 1)
      }
    }
    if schedule.tariff.isNetMetering {
      let floor = NetMeteringFloor(schedule, at: reference)
      for unit in buy.indices {
        buy[unit] += floor.buy[unit]
        sell[unit] += floor.sell[unit]
      }
    } else {
      addExport()
    }
  }

  /// Charges the import of months; blocks by their energy, offset from the first.
  ///
  /// Blocks of months that are planned apart are not whole: the lowest price counts.
  private mutating func addImport(_ charge: Int, months: Range<Int>, isWhole: Bool) {
    let cells = schedule.energy[charge]
    let spot = schedule.energyPrices[charge].spotPerKWh
    var offsets: [Int: [Double]] = [:]
    var unitsOf: [Int: [Int]] = [:]
    for unit in months.flatMap({ units.ofMonth[$0] }) {
      let index = Int(cells.ofUnit[unit])
      if index < 0 { continue }
      let cell = cells.cells[index]
      let first = cell.price(spot: spot?[unit] ?? 0)
      buy[unit] += first
      guard cells.isTiered else { continue }
      unitsOf[cell.period, default: []].append(unit)
      let rises = cell.prices.indices.map { cell.price(tier: $0, spot: spot?[unit] ?? 0) - first }
      offsets[cell.period] =
        offsets[cell.period].map { zip($0, rises).map { min($0, $1) } } ?? rises
    }
    guard cells.isTiered else { return }
    let periods = offsets.keys.sorted()
    guard let first = periods.first, let prices = offsets[first] else { return }
    let rules = cells.charge.periods
    func limits(_ period: Int) -> [Double] {
      rules[period].tiers.dropLast().map { $0.upTo ?? .infinity }
    }
    let isCommon =
      cells.charge.tierConvention != .perPeriod
      && periods.allSatisfy { limits($0) == limits(first) && isNear(offsets[$0] ?? [], prices) }
    if isCommon || periods.count == 1 {
      addBlocks(
        charge, months: months, isWhole: isWhole, limits: limits(first), prices: prices,
        units: periods.flatMap { unitsOf[$0] ?? [] }.sorted(), name: rules[first].name)
      return
    }
    for period in periods {
      let prices = offsets[period] ?? []
      let rises = zip(prices, prices.dropFirst()).allSatisfy { $0 <= $1 }
      if cells.charge.tierConvention == .perPeriod || rises {
        // With one counter for all periods, one of them reaches a block no later than with its own.
        addBlocks(
          charge, months: months, isWhole: isWhole, limits: limits(period), prices: prices,
          units: unitsOf[period] ?? [], name: rules[period].name)
      } else {
        for unit in unitsOf[period] ?? [] { buy[unit] += prices.min() ?? 0 }
      }
    }
  }

  private func isNear(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-12 }
  }

  /// Adds blocks that count the energy of some units, at offsets from the price of the first.
  private mutating func addBlocks(
    _ charge: Int, months: Range<Int>, isWhole: Bool, limits: [Double], prices: [Double],
    units counted: [Int], name: String
  ) {
    let month = months.lowerBound
    if netsUnits || !isWhole {
      // What is netted is less than what is imported, so nobody knows which block it reaches.
      for unit in counted { buy[unit] += prices.min() ?? 0 }
      return
    }
    let monthSlots = months.map { schedule.calendar.months[$0].slots }
    let slots = monthSlots[0].lowerBound..<monthSlots[monthSlots.count - 1].upperBound
    var applies = [Bool](repeating: false, count: schedule.grid.count)
    for unit in counted {
      for t in units.bounds[unit]..<units.bounds[unit + 1] { applies[t] = true }
    }
    let hours = schedule.grid.stepHours
    let most = slots.reduce(0) { $0 + (applies[$1] ? reach.mostKW[$1] * hours : 0) }
    let factors = limitFactors(charge, month: month, prices: prices)
    // Rising prices begin at the highest limits that a month may have, falling ones at the lowest.
    var bends: [(from: Double, slope: Double)] = []
    for (k, limit) in limits.enumerated() {
      let slope = prices[k + 1] - prices[k]
      let from = slope > 0 ? limit * factors.most : limit * factors.least
      if slope != 0, from.isFinite { bends.append((from, slope)) }
    }
    func cost(_ energy: Double) -> Double {
      bends.reduce(0) { $0 + $1.slope * max(0, energy - $1.from) }
    }
    let breaks = bends.map(\.from).sorted()
    var floor = ConvexFloor(breaks: breaks, over: 0...max(0, most), cost)
    if !floor.isExact {
      let least = monthSlots.reduce(0) { $0 + reach.leastKWh($1, Array(applies[$1])) }
      floor = ConvexFloor(breaks: breaks, over: min(least, most)...max(least, most), cost)
    }
    monthly[month] += floor.base
    guard let first = floor.bends.first else { return }
    monthly[month] -= first.slope * first.from
    for unit in counted { buy[unit] += first.slope }
    for (k, bend) in floor.bends.dropFirst().enumerated() {
      blocks.append(
        ImportBlock(
          label: "\(schedule.energy[charge].charge.name): \(name)"
            + " \(schedule.calendar.months[month].label), part \(k + 2)",
          limitKWh: bend.from, surchargePerKWh: bend.slope, applies: applies))
    }
  }

  /// Factors on the limits of blocks: the least and the most that they can be.
  private func limitFactors(
    _ charge: Int, month: Int, prices: [Double]
  ) -> (least: Double, most: Double) {
    let rule = schedule.energy[charge].charge
    func factor(_ peakKW: Double) -> Double {
      schedule.limitFactor(rule, month: month, peakKW: peakKW)
    }
    switch rule.tierBasis {
    case .kWhPerMonth, .kWhPerDay, .kWhPerYear: return (factor(0), factor(0))
    case .kWhPerKW, .kWhPerKWDay:
      let slots = schedule.calendar.months[month].slots
      let falls = zip(prices, prices.dropFirst()).contains { $0 > $1 }
      let metering = max(1, schedule.maps[0].seconds / schedule.grid.stepSeconds)
      let applies = schedule.plannedSlots(
        of: schedule.maps[0].ofMonth[month], map: 0, splitsMonths: true)
      let least =
        falls ? reach.leastKW(slots, Array(applies[slots]), meteringSlots: metering) : 0
      return (factor(least), factor(slots.map { reach.mostKW[$0] }.max() ?? 0))
    }
  }

  /// Credits export at its price; where credit is carried, at no less than nothing and no more than it pays for.
  private mutating func addExport() {
    for (charge, cells) in schedule.export.enumerated() {
      let spot = schedule.exportPrices[charge].spotPerKWh
      for unit in sell.indices where cells.ofUnit[unit] >= 0 {
        let cell = cells.cells[Int(cells.ofUnit[unit])]
        sell[unit] +=
          cell.prices.indices.map { cell.price(tier: $0, spot: spot?[unit] ?? 0) }.max() ?? 0
      }
    }
    guard case .netBillingCarryOver(let sameMonthFirst) = tariff.export.arrangement else { return }
    for month in schedule.calendar.months.indices {
      let pays = sameMonthFirst || schedule.mayPayCredit(of: month)
      for unit in units.ofMonth[month] { sell[unit] = pays ? max(0, sell[unit]) : 0 }
    }
  }

  /// Prices of every slot's import and export.
  ///
  /// A unit that nets import against export costs its buying price above zero and its selling price below. Both
  /// are a line that lies between them where buying costs more, and no less than both apart where it costs less.
  func prices() -> (buyPerKWh: [Double], sellPerKWh: [Double]) {
    var result = (
      buyPerKWh: [Double](repeating: 0, count: schedule.grid.count),
      sellPerKWh: [Double](repeating: 0, count: schedule.grid.count)
    )
    for unit in 0..<units.count {
      let slots = units.bounds[unit]..<units.bounds[unit + 1]
      var (buy, sell) = (buy[unit], sell[unit])
      if netsUnits, slots.count > 1, buy > sell {
        let net = slots.reduce(0) { $0 + reference.importKW[$1] - reference.exportKW[$1] }
        let worth = slots.reduce(0) { $0 + reference.worthPerKWh[$1] } / Double(slots.count)
        let price = net > 1e-6 ? buy : net < -1e-6 ? sell : min(max(worth, sell), buy)
        (buy, sell) = (price, price)
      }
      for t in slots { (result.buyPerKWh[t], result.sellPerKWh[t]) = (buy, sell) }
    }
    return result
  }
}
