/// What a battery system costs every year, at the prices of the first one.
package struct OperationCosts: Sendable, Hashable {
  /// Share of the capital, 0…1.
  package var capitalShare: Double
  /// Price per kWh and year. [currency/kWh]
  package var perKWh: Double
  /// Price per kW and year. [currency/kW]
  package var perKW: Double
  /// Price per year whatever the size. [currency]
  package var perYear: Double

  /// Lists the prices; 1.5 % of the capital a year without others.
  package init(
    capitalShare: Double = 0.015, perKWh: Double = 0, perKW: Double = 0, perYear: Double = 0
  ) {
    self.capitalShare = capitalShare
    self.perKWh = perKWh
    self.perKW = perKW
    self.perYear = perYear
  }

  /// Returns the costs times a factor.
  func scaled(by factor: Double) -> OperationCosts {
    OperationCosts(
      capitalShare: capitalShare * factor, perKWh: perKWh * factor, perKW: perKW * factor,
      perYear: perYear * factor)
  }

  /// Returns the cost of a year. [currency]
  package func cost(capital: Double, energyKWh: Double, powerKW: Double) -> Double {
    capitalShare * capital + perKWh * energyKWh + perKW * powerKW + perYear
  }
}
