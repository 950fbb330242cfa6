package import Replay
import Tariffs
import TimeSeries

/// Where the saving of a battery comes from.
///
/// Energy let out is taken to be a mixture of what was charged over the whole period: its share from production on
/// site is that of the charge. Charging goes first to what would have been thrown away, then to what would have been
/// sold, then to the grid. The parts add up to the saving.
package struct BenefitSplit: Sendable, Hashable, Codable {
  /// Energy from the grid used later, at the price of then less the price of now. [currency/year]
  package private(set) var arbitrage = 0.0
  /// Production used later instead of sold. [currency/year]
  package private(set) var selfConsumption = 0.0
  /// Production used later instead of thrown away. [currency/year]
  package private(set) var curtailmentAvoided = 0.0
  /// Energy that the battery sold. [currency/year]
  package private(set) var export = 0.0
  /// What peaks decide, over months as well. [currency/year]
  package private(set) var demandCharge = 0.0
  /// What the battery's own draw costs, negative. [currency/year]
  package private(set) var ownDraw = 0.0
  /// Tiers, credits and minimums of whole months and the energy left at the end. [currency/year]
  package private(set) var rest = 0.0
  /// Share of the energy charged that comes from production on site; nothing for a battery never charged.
  package private(set) var solarShare: Double?
  /// What the energy for charging costs: bought, or not sold. [currency/year]
  package private(set) var chargingCost = 0.0

  /// A battery that does nothing.
  package static let none = BenefitSplit()

  private init() {}

  /// Splits the saving of a battery.
  ///
  /// - Parameters:
  ///   - battery: The site with the battery.
  ///   - none: The same site without.
  ///   - yearFactor: Factor by which the period's money is scaled to a year.
  package init(_ battery: ReplayOutcome, without none: ReplayOutcome, yearFactor: Double) {
    let hours = battery.trace.grid.stepHours * yearFactor
    var used = 0.0
    var bought = 0.0
    var unsold = 0.0
    var energy = (sun: 0.0, grid: 0.0, free: 0.0)
    let trace = battery.trace
    for i in trace.grid.indices where trace.gridKW[i].isFinite && none.trace.gridKW[i].isFinite {
      let buy = battery.buyPerKWh[i]
      let sell = battery.sellPerKWh[i]
      let own = trace.auxiliaryKW[i]
      let net = trace.loadKW[i] + own - trace.pvKW[i]
      ownDraw -= own * hours * (net > 0 ? buy : sell)
      let power = trace.batteryKW[i]
      if power > 0 {
        let toLoad = min(power, max(0, net))
        used += toLoad * hours * buy
        export += (power - toLoad) * hours * sell
      } else if power < 0 {
        let sun = min(-power, max(0, -net))
        let free = min(sun, max(0, none.trace.curtailedKW[i] - trace.curtailedKW[i]))
        energy.sun += sun
        energy.free += free
        energy.grid += -power - sun
        bought += (-power - sun) * hours * buy
        unsold += (sun - free) * hours * sell
      }
    }
    let charged = energy.sun + energy.grid
    let solar = charged > 0 ? energy.sun / charged : 0
    let rescued = energy.sun > 0 ? energy.free / energy.sun : 0
    solarShare = charged > 0 ? solar : nil
    chargingCost = bought + unsold
    arbitrage = (1 - solar) * used - bought
    selfConsumption = solar * (1 - rescued) * used - unsold
    curtailmentAvoided = solar * rescued * used
    let peaks = { (outcome: ReplayOutcome) in
      outcome.bill.months.reduce(0) { $0 + $1.monthlyDemand + $1.overMonths }
    }
    demandCharge = (peaks(none) - peaks(battery)) * yearFactor
    let saving = (none.cost - (battery.cost - battery.wearCost)) * yearFactor
    let named = arbitrage + selfConsumption + curtailmentAvoided + export
    rest = saving - named - demandCharge - ownDraw
  }
}
