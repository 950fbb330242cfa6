package import Diagnostics

/// A power subscribed to in advance, with a fee for drawing more.
package struct ContractedPower: Sendable, Hashable {
  /// Shown on bills; unique within the tariff.
  package var name: String
  /// Power subscribed to. [kW]
  package var contractedKW: Double
  /// Price of a subscribed kilowatt for the unit of time. [currency/kW]
  package var pricePerKW: DatedValue
  /// Price of a kilowatt by which the month's peak passes the subscription. [currency/kW]
  package var overdrawPricePerKW: DatedValue
  /// The unit of time of the subscription price; the overdraw fee is per month.
  package var unit: DemandUnit
  /// Length of the interval over which power is averaged. [s]
  package var meteringSeconds: Int
  /// True when the prices are written with VAT.
  package var includesVAT: Bool
  /// Where the charge was written.
  package var position: SourcePosition?

  /// Creates a subscription.
  package init(
    _ name: String, contractedKW: Double, pricePerKW: DatedValue,
    overdrawPricePerKW: DatedValue, unit: DemandUnit = .month, meteringSeconds: Int = 900,
    includesVAT: Bool = false, position: SourcePosition? = nil
  ) {
    self.name = name
    self.contractedKW = contractedKW
    self.pricePerKW = pricePerKW
    self.overdrawPricePerKW = overdrawPricePerKW
    self.unit = unit
    self.meteringSeconds = meteringSeconds
    self.includesVAT = includesVAT
    self.position = position
  }
}
