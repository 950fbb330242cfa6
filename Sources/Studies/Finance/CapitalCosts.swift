/// What a battery system costs to buy and install.
package struct CapitalCosts: Sendable, Hashable {
  /// An amount that is due once the battery is larger than a limit, such as a second crew or a larger cabinet.
  package struct Step: Sendable, Hashable {
    /// Energy above which the amount is due. [kWh]
    package var aboveKWh: Double
    /// The amount. [currency]
    package var amount: Double

    /// Creates a step.
    package init(aboveKWh: Double, amount: Double) {
      self.aboveKWh = aboveKWh
      self.amount = amount
    }
  }

  /// Price per kWh. [currency/kWh]
  package var perKWh: Double
  /// Price per kW of the inverter. [currency/kW]
  package var perKW: Double
  /// Price whatever the size. [currency]
  package var fixed: Double
  /// Amounts that larger systems owe as well.
  package var steps: [Step]

  /// Lists the prices.
  package init(perKWh: Double, perKW: Double = 0, fixed: Double = 0, steps: [Step] = []) {
    self.perKWh = perKWh
    self.perKW = perKW
    self.fixed = fixed
    self.steps = steps
  }

  /// Returns the price of a system. [currency]
  package func price(energyKWh: Double, powerKW: Double) -> Double {
    fixed + perKWh * energyKWh + perKW * powerKW
      + steps.reduce(0) { $0 + (energyKWh > $1.aboveKWh ? $1.amount : 0) }
  }
}
