package import Twin

/// Which batteries a sizing study tries and how it counts money.
package struct SizingSettings: Sendable {
  /// Nominal energies to try, between empty and full. [kWh]
  package var energiesKWh: [Double]
  /// Inverter powers to try. [kW]
  package var powersKW: [Double]
  /// Price of the system per kWh. [currency/kWh]
  package var capitalPerKWh: Double
  /// Price of the system per kW. [currency/kW]
  package var capitalPerKW: Double
  /// Price of the system whatever its size. [currency]
  package var capitalFixed: Double
  /// Yearly operation and maintenance as a share of the capital, 0…1.
  package var operationShare: Double
  /// Years over which money is counted.
  package var lifetimeYears: Int
  /// Yearly discount rate, nominal, as a fraction.
  package var discountRate: Double
  /// Yearly growth of savings from the second year on, as a fraction.
  package var escalationRate: Double
  /// Price of replacing the cells, per kWh. [currency/kWh]
  package var replacementPerKWh: Double
  /// Whether each candidate is also replayed with the oracle.
  package var withOracle: Bool

  /// Sets up a sizing study.
  package init(
    energiesKWh: [Double], powersKW: [Double], capitalPerKWh: Double, capitalPerKW: Double,
    capitalFixed: Double = 0, operationShare: Double = 0.015, lifetimeYears: Int = 15,
    discountRate: Double = 0.05, escalationRate: Double = 0, replacementPerKWh: Double? = nil,
    withOracle: Bool = true
  ) {
    self.energiesKWh = energiesKWh
    self.powersKW = powersKW
    self.capitalPerKWh = capitalPerKWh
    self.capitalPerKW = capitalPerKW
    self.capitalFixed = capitalFixed
    self.operationShare = operationShare
    self.lifetimeYears = lifetimeYears
    self.discountRate = discountRate
    self.escalationRate = escalationRate
    self.replacementPerKWh = replacementPerKWh ?? capitalPerKWh
    self.withOracle = withOracle
  }

  /// Returns the price of a system. [currency]
  package func capital(energyKWh: Double, powerKW: Double) -> Double {
    capitalFixed + capitalPerKWh * energyKWh + capitalPerKW * powerKW
  }
}

/// Builds the battery system of a candidate size.
package typealias TwinOfSize =
  @Sendable (_ energyKWh: Double, _ powerKW: Double) throws -> TwinSpecification
