/// Money that somebody else pays towards a battery.
package struct Grant: Sendable, Hashable {
  /// Name in results.
  package var name: String
  /// Amount whatever the size. [currency]
  package var amount: Double
  /// Amount per kWh. [currency/kWh]
  package var perKWh: Double
  /// Amount per kW. [currency/kW]
  package var perKW: Double
  /// Share of the capital, 0…1.
  package var capitalShare: Double
  /// Highest amount. [currency]
  package var most: Double
  /// Year in which it is paid; 0 is the time of the investment.
  package var year: Int
  /// Whether it is income that is taxed.
  package var isTaxable: Bool
  /// Whether it lowers what is depreciated and what an investment credit is reckoned on.
  package var reducesBasis: Bool

  /// Creates a grant.
  package init(
    name: String = "grant", amount: Double = 0, perKWh: Double = 0, perKW: Double = 0,
    capitalShare: Double = 0, most: Double = .infinity, year: Int = 0, isTaxable: Bool = false,
    reducesBasis: Bool = true
  ) {
    self.name = name
    self.amount = amount
    self.perKWh = perKWh
    self.perKW = perKW
    self.capitalShare = capitalShare
    self.most = most
    self.year = year
    self.isTaxable = isTaxable
    self.reducesBasis = reducesBasis
  }

  /// Returns what is paid for a system, never more than the system costs. [currency]
  package func payment(capital: Double, energyKWh: Double, powerKW: Double) -> Double {
    min(
      capital, most,
      amount + perKWh * energyKWh + perKW * powerKW + capitalShare * capital)
  }
}
