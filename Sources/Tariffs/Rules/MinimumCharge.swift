package import Diagnostics

/// The least that a bill comes to.
package struct MinimumCharge: Sendable, Hashable {
  /// Shown on bills; unique within the tariff.
  package var name: String
  /// Least amount per unit of time. [currency]
  package var amount: DatedValue
  /// The unit of time; a yearly minimum is compared with the year's bills once.
  package var unit: ChargeUnit
  /// True when the amount is written with VAT.
  package var includesVAT: Bool
  /// Where the minimum was written.
  package var position: SourcePosition?

  /// Creates a minimum.
  package init(
    _ name: String, amount: DatedValue, unit: ChargeUnit, includesVAT: Bool = false,
    position: SourcePosition? = nil
  ) {
    self.name = name
    self.amount = amount
    self.unit = unit
    self.includesVAT = includesVAT
    self.position = position
  }
}
