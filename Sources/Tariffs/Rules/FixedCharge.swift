package import Diagnostics

/// The unit of time that an amount is stated for.
package enum ChargeUnit: String, Sendable, Hashable, CaseIterable {
  /// Per day.
  case day
  /// Per calendar month, by the share of the month that is billed.
  case month
  /// Per year; a twelfth is billed each month.
  case year
}

/// An amount that does not depend on use.
package struct FixedCharge: Sendable, Hashable {
  /// Shown on bills; unique within the tariff.
  package var name: String
  /// Amount per unit of time. [currency]
  package var amount: DatedValue
  /// The unit of time.
  package var unit: ChargeUnit
  /// True when the amount is written with VAT.
  package var includesVAT: Bool
  /// Currency as written, when the document repeats it.
  package var currency: String?
  /// Where the charge was written.
  package var position: SourcePosition?

  /// Creates a fixed charge.
  package init(
    _ name: String, amount: DatedValue, unit: ChargeUnit = .month, includesVAT: Bool = false,
    currency: String? = nil, position: SourcePosition? = nil
  ) {
    self.name = name
    self.amount = amount
    self.unit = unit
    self.includesVAT = includesVAT
    self.currency = currency
    self.position = position
  }
}
