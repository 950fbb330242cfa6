package import Diagnostics

/// How exported energy is set against imported energy.
package enum MeteringArrangement: Sendable, Hashable {
  /// Every settlement interval: import at its price, export at its own; nothing is carried.
  case netBilling
  /// As net billing, but a month's credit reduces the *next* months' energy charges, or its own
  /// month's first.
  case netBillingCarryOver(sameMonthFirst: Bool)
  /// Kilowatt-hours are netted over the month in each period; a surplus is carried in kilowatt-hours.
  case netMeteringEnergy
  /// Kilowatt-hours are netted over the month in each period; a surplus is valued at the export
  /// price and carried in money.
  case netMeteringMoney
  /// Load and generation are metered apart: everything is bought and everything is sold.
  case buyAllSellAll
}

/// What exported energy earns.
package struct ExportRule: Sendable, Hashable {
  /// Priced components of export, paid to the customer; together with none, export earns nothing.
  package var charges: [EnergyCharge]
  /// How export is set against import.
  package var arrangement: MeteringArrangement
  /// Calendar month at whose end a carried credit is settled; nothing for never.
  package var trueUpMonth: Int?
  /// Price of a kilowatt-hour left at the true-up; nothing for the export price. [currency/kWh]
  package var trueUpPerKWh: DatedValue?
  /// True when what is left at the true-up is lost instead of paid.
  package var creditExpires: Bool
  /// Kilowatt-hours of import that an exported one is set against under net metering; 1 for one.
  package var nettingRatio: Double
  /// Months after the one that earned a credit through whose end it may be used; nothing for ever.
  package var creditMonths: Int?
  /// Share of what a month's export earned that is paid at most when what is left of it expires.
  package var refundFraction: Double
  /// True when VAT is paid on export as well.
  package var paysVAT: Bool
  /// Where the rule was written.
  package var position: SourcePosition?

  /// Creates a rule for export.
  package init(
    charges: [EnergyCharge] = [], arrangement: MeteringArrangement = .netBilling,
    trueUpMonth: Int? = nil, trueUpPerKWh: DatedValue? = nil, creditExpires: Bool = false,
    nettingRatio: Double = 1, creditMonths: Int? = nil, refundFraction: Double = 0,
    paysVAT: Bool = false, position: SourcePosition? = nil
  ) {
    self.charges = charges
    self.arrangement = arrangement
    self.trueUpMonth = trueUpMonth
    self.trueUpPerKWh = trueUpPerKWh
    self.creditExpires = creditExpires
    self.nettingRatio = nettingRatio
    self.creditMonths = creditMonths
    self.refundFraction = refundFraction
    self.paysVAT = paysVAT
    self.position = position
  }

  /// Export earns nothing.
  package static let nothing = ExportRule()

  /// Export earns one price at all times. [currency/kWh]
  package static func fixed(pricePerKWh: DatedValue) -> ExportRule {
    ExportRule(charges: [.flat("export", pricePerKWh: pricePerKWh)])
  }

  /// Export earns the spot price less a fee. [currency/kWh]
  package static func spot(minusPerKWh fee: Double = 0) -> ExportRule {
    ExportRule(charges: [.spot("export", adderPerKWh: DatedValue(-fee))])
  }
}
