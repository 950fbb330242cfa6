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

  /// States a fixed charge.
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

  /// States a subscription.
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

/// A charge on reactive power above a share of the month's active peak.
///
/// Reactive power is not metered here: it follows from the peak and an assumed power factor.
package struct ReactiveCharge: Sendable, Hashable {
  /// Shown on bills; unique within the tariff.
  package var name: String
  /// Power factor assumed for the site, above 0 and at most 1.
  package var assumedPowerFactor: Double
  /// Reactive power that is free, as a share of active power.
  package var freeFraction: Double
  /// Price of a kilovolt-ampere reactive above the free share, per month. [currency/kVAr]
  package var pricePerKVAr: DatedValue
  /// Length of the interval over which power is averaged. [s]
  package var meteringSeconds: Int
  /// True when the price is written with VAT.
  package var includesVAT: Bool
  /// Where the charge was written.
  package var position: SourcePosition?

  /// States a reactive charge.
  package init(
    _ name: String, assumedPowerFactor: Double, freeFraction: Double = 0,
    pricePerKVAr: DatedValue, meteringSeconds: Int = 900, includesVAT: Bool = false,
    position: SourcePosition? = nil
  ) {
    self.name = name
    self.assumedPowerFactor = assumedPowerFactor
    self.freeFraction = freeFraction
    self.pricePerKVAr = pricePerKVAr
    self.meteringSeconds = meteringSeconds
    self.includesVAT = includesVAT
    self.position = position
  }

  /// Billed reactive power per kilowatt of peak. [kVAr/kW]
  var kVArPerKW: Double {
    let tangent = (1 / (assumedPowerFactor * assumedPowerFactor) - 1).squareRoot()
    return max(0, tangent - freeFraction)
  }
}

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

  /// States a minimum.
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
