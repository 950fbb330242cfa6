package import Tariffs
package import TimeSeries

/// Decides at the meter how much production is thrown away, for every run of a case alike.
///
/// The inverter sees the prices of the interval and what the site and the battery leave of the production.
/// Plans reckon with this, but none of them switches production off itself: a battery is not paid for what
/// the site can do without it.
package struct CurtailmentRule: Sendable {
  private let setting: Curtailment
  private let buyPerKWh: [Double]
  private let sellPerKWh: [Double]
  private let exportLimitKW: PowerLimit
  /// Import up to which production makes way for import that earns money. [kW]
  private let mostImportKW: PowerLimit
  private let steps: CurtailmentSteps
  private let peakKW: Double

  /// Sets up the rule of a site.
  ///
  /// - Parameters:
  ///   - setting: When production may be thrown away.
  ///   - prices: Prices of every interval.
  ///   - importLimitKW: Highest import in each interval. [kW]
  ///   - exportLimitKW: Highest export in each interval. [kW]
  ///   - steps: Shares of the peak power that production can be held to; any where there are none.
  ///   - peakKW: Peak power of the plant. [kW]
  package init(
    _ setting: Curtailment, prices: PlanningPrices, importLimitKW: PowerLimit,
    exportLimitKW: PowerLimit, steps: CurtailmentSteps = CurtailmentSteps(), peakKW: Double = 0
  ) {
    self.setting = setting
    self.steps = steps
    self.peakKW = peakKW
    buyPerKWh = prices.buyPerKWh
    sellPerKWh = prices.sellPerKWh
    self.exportLimitKW = exportLimitKW
    // A peak that is billed may cost more than the import earns.
    mostImportKW = prices.demands.isEmpty ? importLimitKW : 0
  }

  /// Works out what the export limit demands to be thrown away.
  ///
  /// - Parameters:
  ///   - slot: Position in the period.
  ///   - gridKW: Power at the meter with all production, positive when importing. [kW]
  ///   - pvKW: Production. [kW]
  /// - Returns: Power to throw away. [kW]
  func forcedKW(slot: Int, gridKW: Double, pvKW: Double) -> Double {
    setting == .none ? 0 : max(0, min(pvKW, -exportLimitKW[slot] - gridKW))
  }

  /// Works out what is thrown away: the least of what makes the interval cheapest.
  ///
  /// - Parameters:
  ///   - slot: Position in the period.
  ///   - gridKW: Power at the meter with all production, positive when importing. [kW]
  ///   - pvKW: Production. [kW]
  /// - Returns: Power to throw away. [kW]
  package func curtailedKW(slot: Int, gridKW: Double, pvKW: Double) -> Double {
    steps.isFree || setting == .none
      ? throttledKW(slot: slot, gridKW: gridKW, pvKW: pvKW)
      : steppedKW(slot: slot, gridKW: gridKW, pvKW: pvKW)
  }

  /// How far steps are from what would be thrown away if production could be throttled freely. [kW]
  ///
  /// - Parameters:
  ///   - slot: Position in the period.
  ///   - gridKW: Power at the meter with all production, positive when importing. [kW]
  ///   - pvKW: Production. [kW]
  ///   - curtailedKW: What is thrown away. [kW]
  /// - Returns: The difference. [kW]
  func coarseKW(slot: Int, gridKW: Double, pvKW: Double, curtailedKW: Double) -> Double {
    guard !steps.isFree, setting != .none else { return 0 }
    return abs(curtailedKW - throttledKW(slot: slot, gridKW: gridKW, pvKW: pvKW))
  }

  /// The step that makes the interval cheapest among those that keep the export limit; of equal costs the least is
  /// thrown away, and where none keeps the limit, the most.
  private func steppedKW(slot: Int, gridKW: Double, pvKW: Double) -> Double {
    let forced = forcedKW(slot: slot, gridKW: gridKW, pvKW: pvKW)
    let amounts = steps.amountsKW(pvKW: pvKW, peakKW: peakKW)
    guard let first = amounts.firstIndex(where: { $0 >= forced - 1e-9 }) else {
      return amounts[amounts.count - 1]
    }
    var best = amounts[first]
    guard setting == .free, buyPerKWh[slot] < 0 || sellPerKWh[slot] < 0 else { return best }
    var leastCost = cost(slot, gridKW: gridKW + best)
    let most = max(mostImportKW[slot], gridKW + best)
    for amount in amounts[(first + 1)...] where gridKW + amount <= most + 1e-9 {
      let cost = cost(slot, gridKW: gridKW + amount)
      if cost < leastCost { (best, leastCost) = (amount, cost) }
    }
    return best
  }

  /// What is thrown away where production can be throttled freely.
  private func throttledKW(slot: Int, gridKW: Double, pvKW: Double) -> Double {
    var best = forcedKW(slot: slot, gridKW: gridKW, pvKW: pvKW)
    guard setting == .free, buyPerKWh[slot] < 0 || sellPerKWh[slot] < 0 else { return best }
    var leastCost = cost(slot, gridKW: gridKW + best)
    // The cost bends at no power and ends at the most import, so one of them is the cheapest.
    for level in [0, mostImportKW[slot]] {
      let curtailed = min(pvKW, level - gridKW)
      guard curtailed > best else { continue }
      let cost = cost(slot, gridKW: gridKW + curtailed)
      if cost < leastCost { (best, leastCost) = (curtailed, cost) }
    }
    return best
  }

  /// Cost of an hour at a power. [currency/h]
  private func cost(_ slot: Int, gridKW: Double) -> Double {
    gridKW * (gridKW > 0 ? buyPerKWh[slot] : sellPerKWh[slot])
  }
}
