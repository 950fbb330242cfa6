import Planning
import Tariffs
import TimeSeries

/// Plans of single months of a known period, in each way a month may end.
struct MonthPlans {
  /// Whether the tariff has caps.
  let canCap: Bool
  /// Part that each later month pays of what later months pay for a month's peaks; empty for none.
  ///
  /// The parts of a month sum to one.
  private(set) var laterWeights: [[Double]] = []
  /// Whether later months pay for one row of a month at most, so that one share says how much.
  private(set) var sharesAgree = true
  private let request: PlanRequest
  private let slots: [Range<Int>]
  private let minimums: [Double]?
  /// Worth of a stored kWh at the beginning of each month. [currency/kWh]
  private let worth: [Double]
  /// What a month comes to that uses nothing, by whether it ends at its cap. [currency]
  private let idle: [[Double]]
  /// Prices by whether months end at their caps: of a month whose later months do not, and of one whose later
  /// months do.
  private var open: [[PlanningPrices]] = []
  private var closed: [[PlanningPrices]] = []

  /// Number of months.
  var count: Int { slots.count }

  init(
    _ request: PlanRequest, along plan: Plan, context: MeteringContext, minimums: [Double]?,
    canCap: Bool, floor: (Set<String>) -> BillFloor
  ) {
    self.request = request
    self.minimums = minimums
    self.canCap = canCap
    slots = context.schedule.monthSlots
    worth = slots.map { $0.lowerBound == 0 ? 0 : max(0, plan.energyValuePerKWh[$0.lowerBound - 1]) }
    let labels = context.schedule.monthLabels
    let open = floor([])
    let all = canCap ? floor(Set(labels)) : open
    idle = [open.monthly, all.monthly]
    enterPrices(labels, open.prices, all.prices) { floor($0).prices }
  }

  /// Sorts out which prices a month has by the way that it and later months end.
  private mutating func enterPrices(
    _ labels: [String], _ open: PlanningPrices, _ all: PlanningPrices,
    _ prices: (Set<String>) -> PlanningPrices
  ) {
    var untied = true
    for month in 0..<count {
      self.open.append([open.part(slots[month])])
      laterWeights.append([])
      guard canCap else { continue }
      let alone = count > 1 ? prices([labels[month]]) : all
      self.open[month].append(alone.part(slots[month]))
      // Months before this one whose peaks it pays for.
      for earlier in 0..<month {
        let less = alone.part(slots[earlier]).demands
        let paid = self.open[earlier][0].demands.map {
          $0.pricePerKW - Self.price(of: $0, in: less)
        }
        guard let highest = paid.max(), highest > 0 else { continue }
        if paid.count(where: { $0 > 0 }) > 1 { sharesAgree = false }
        untied = false
        if laterWeights[earlier].isEmpty {
          laterWeights[earlier] = [Double](repeating: 0, count: count)
        }
        laterWeights[earlier][month] = highest
      }
    }
    closed = self.open
    guard !untied else { return }
    for month in 0..<count where isTied(month) {
      let sum = laterWeights[month].reduce(0, +)
      laterWeights[month] = laterWeights[month].map { $0 / sum }
      let later = prices(Set(labels[(month + 1)...]))
      closed[month] = [later.part(slots[month]), all.part(slots[month])]
    }
  }

  /// Price of a row among others; nothing where it costs nothing there.
  private static func price(of row: DemandPrice, in rows: [DemandPrice]) -> Double {
    rows.first { $0.label == row.label && $0.incurredKW == row.incurredKW }?.pricePerKW ?? 0
  }

  /// Later months pay for a month's peaks.
  func isTied(_ month: Int) -> Bool { !laterWeights[month].isEmpty }

  /// Prices of a month, its peaks with a share of what later months pay for them.
  private func prices(_ month: Int, isCapped: Bool, later: Double) -> PlanningPrices {
    var prices = open[month][isCapped ? 1 : 0]
    if later == 1 { return prices }
    let least = closed[month][isCapped ? 1 : 0]
    for k in prices.demands.indices {
      let own = Self.price(of: prices.demands[k], in: least.demands)
      prices.demands[k].pricePerKW = own + later * (prices.demands[k].pricePerKW - own)
    }
    return prices
  }

  /// Returns what a month costs at least.
  ///
  /// Above its minimum a month costs what is billed, below it the minimum, whatever is billed; a bill below
  /// zero is topped up by the whole minimum. So the least is that of a month without a minimum, with the whole
  /// of it on top where the bill may end below zero, or else the highest of the bounds that pay for a share of
  /// the bill and for the rest of the minimum, which is the least itself where prices are convex.
  ///
  /// - Parameters:
  ///   - month: Position of the month.
  ///   - isCapped: Whether its demand charges lie at their caps.
  ///   - later: Share of what later months pay for its peaks.
  /// - Returns: The cost, and the share of its prices that the month pays. [currency]
  func least(_ month: Int, isCapped: Bool, later: Double) -> (cost: Double, share: Double) {
    let prices = prices(month, isCapped: isCapped, later: later)
    let idle = idle[isCapped ? 1 : 0][month]
    let whole = line(month, prices, share: 1, idle: idle, least: minimums?[month] ?? 0)
    guard let least = minimums?[month], least > 0, whole.slope < 0 else {
      return (whole.cost, 1)
    }
    let belowZero = whole.cost + least
    var high = whole
    var low = line(month, prices, share: 0, idle: idle, least: least)
    var best = low.cost > high.cost ? low : high
    if low.slope > 0 {
      for _ in 0..<30 {
        let crossing =
          (high.cost - low.cost + low.slope * low.share - high.slope * high.share)
          / (low.slope - high.slope)
        let bound = low.cost + low.slope * (crossing - low.share)
        if bound - best.cost <= 1e-9 * max(1, abs(best.cost)) { break }
        let trial = line(month, prices, share: crossing, idle: idle, least: least)
        if trial.cost > best.cost { best = trial }
        if trial.slope > 0 { low = trial } else { high = trial }
      }
    }
    return best.cost <= belowZero ? (best.cost, best.share) : (belowZero, 1)
  }

  /// A bound on a month's cost that pays for a share of its bill and the rest of its minimum.
  private struct Line {
    var share: Double
    var cost: Double
    /// What the bill is above the minimum: the slope of the bound over the share. [currency]
    var slope: Double
  }

  private func line(
    _ month: Int, _ prices: PlanningPrices, share: Double, idle: Double, least: Double
  ) -> Line {
    let (asked, lead, constant) = request(month, prices.scaled(by: share))
    let plan = foresightPlan(asked)
    let slots = lead..<asked.grid.count
    let billed =
      idle
      + prices.cost(
        importKW: Array(plan.importKW[slots]), exportKW: Array(plan.exportKW[slots]),
        stepHours: asked.grid.stepHours)
    let cost = (plan.lowerBound ?? plan.objective) + constant + share * idle + (1 - share) * least
    return Line(share: share, cost: cost, slope: billed - least)
  }

  /// Returns the request of a month, the slots before it in which it takes over energy, and the worth of the
  /// energy that its cost leaves out. [currency]
  ///
  /// A month after the first begins with the least energy and charges before it begins, at the worth of the
  /// energy between months.
  private func request(
    _ month: Int, _ prices: PlanningPrices
  ) -> (request: PlanRequest, lead: Int, constant: Double) {
    let slots = slots[month]
    let isLast = month == count - 1
    var part = request.part(slots, prices: prices)
    if !isLast { part.terminal = .perKWh(worth[month + 1]) }
    let endWorth: Double
    if isLast, case .perKWh(let value) = request.terminal { endWorth = value } else { endWorth = 0 }
    let constant = isLast ? endWorth * request.initialEnergyKWh : 0
    if month == 0 { return (part, 0, constant) }
    let lead = takeOver(&part, worth: worth[month])
    return (part, lead, constant + worth[month] * part.initialEnergyKWh)
  }

  /// Puts slots before a month in which nothing happens but that the battery is charged at a price.
  private func takeOver(_ part: inout PlanRequest, worth: Double) -> Int {
    let e = part.envelope
    let least = part.envelope.energyMinKWh[0]
    let room = max(0, (part.envelope.energyMaxKWh.max() ?? 0) - least)
    let metering = part.prices.demands.map(\.meteringSlots).max() ?? 1
    let hours = part.grid.stepHours
    let needed = 1.01 * room / (e.chargeEfficiency * hours)
    var lead = metering
    while lead < 24 * metering, needed / Double(lead) > part.importLimitKW.mostKW {
      lead += metering
    }
    let powerKW = needed / Double(lead)
    var kept = 1.0
    for _ in 0..<lead { kept *= e.retentionPerStep }
    func before(_ value: Double, _ values: [Double]) -> [Double] {
      [Double](repeating: value, count: lead) + values
    }
    let none = [Bool](repeating: false, count: lead)
    part.importLimitKW = part.importLimitKW.preceded(
      by: max(part.importLimitKW.mostKW, powerKW), slots: lead, of: part.grid.count)
    part.exportLimitKW = part.exportLimitKW.preceded(
      by: part.exportLimitKW.mostKW, slots: lead, of: part.grid.count)
    part.grid = TimeGrid(
      start: part.grid.start - lead * part.grid.stepSeconds, stepSeconds: part.grid.stepSeconds,
      count: part.grid.count + lead)
    part.loadKW = before(0, part.loadKW)
    part.pvKW = before(0, part.pvKW)
    if !part.losableKWh.isEmpty { part.losableKWh = before(0, part.losableKWh) }
    part.waitingLoads = part.waitingLoads.map { $0.beginning(after: lead) }
    let price = worth * e.chargeEfficiency * kept
    part.prices.buyPerKWh = before(price, part.prices.buyPerKWh)
    part.prices.sellPerKWh = before(price, part.prices.sellPerKWh)
    for k in part.prices.demands.indices {
      part.prices.demands[k].applies = none + part.prices.demands[k].applies
    }
    for k in part.prices.importBlocks.indices {
      part.prices.importBlocks[k].applies = none + part.prices.importBlocks[k].applies
    }
    part.envelope.chargeKW = before(powerKW, e.chargeKW)
    part.envelope.dischargeKW = before(0, e.dischargeKW)
    part.envelope.energyMinKWh = before(least * kept, e.energyMinKWh)
    part.envelope.energyMaxKWh = before(part.envelope.energyMaxKWh.max() ?? 0, e.energyMaxKWh)
    part.initialEnergyKWh = least
    return lead
  }
}
