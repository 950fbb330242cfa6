/// What a battery does over the years of a project, before money is counted.
package struct ProjectFacts: Sendable, Hashable {
  /// Nominal energy. [kWh]
  package var energyKWh: Double
  /// Inverter power. [kW]
  package var powerKW: Double
  /// Price of everything bought, where it is not that of the size. [currency]
  package var price: Double?
  /// What is saved in each year at the prices of the replay. [currency, one per year]
  package var savings: [Double]
  /// Energy of the cells bought in each year after the first ones. [kWh, one per year]
  package var replacedKWh: [Double]
  /// Energy let out in each year. [kWh, one per year]
  package var dischargedKWh: [Double]
  /// What the energy for charging costs in each year, at the prices of the replay. [currency, one per year]
  package var chargingCosts: [Double]
  /// Share of the energy charged that comes from production on site; nothing for a battery never charged.
  package var solarShare: Double?

  /// Lists what a battery does; one value per year in each list.
  package init(
    energyKWh: Double, powerKW: Double, price: Double? = nil,
    savings: [Double], replacedKWh: [Double],
    dischargedKWh: [Double], chargingCosts: [Double], solarShare: Double? = nil
  ) {
    self.energyKWh = energyKWh
    self.powerKW = powerKW
    self.price = price
    self.savings = savings
    self.replacedKWh = replacedKWh
    self.dischargedKWh = dischargedKWh
    self.chargingCosts = chargingCosts
    self.solarShare = solarShare
  }
}
