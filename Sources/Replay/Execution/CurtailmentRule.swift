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

  /// Sets up the rule of a site.
  ///
  /// - Parameters:
  ///   - setting: When production may be thrown away.
  ///   - prices: Prices of every interval.
  ///   - importLimitKW: Highest import in each interval. [kW]
  ///   - exportLimitKW: Highest export in each interval. [kW]
  package init(
    _ setting: Curtailment, prices: PlanningPrices, importLimitKW: PowerLimit,
    exportLimitKW: PowerLimit
  ) {
    self.setting = setting
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
