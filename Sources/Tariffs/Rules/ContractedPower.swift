package import Diagnostics

/// A part of the calendar with a subscribed power of its own.
package struct ContractedPeriod: Sendable, Hashable {
  /// Shown on bills; unique within the charge.
  package var name: String
  /// When the period applies: in any of these windows.
  package var windows: [CalendarWindow]
  /// Power subscribed to. [kW, or kVA where a power factor is assumed]
  package var contractedKW: Double
  /// Price of a subscribed kilowatt for the unit of time. [currency/kW]
  package var pricePerKW: DatedValue
  /// Price of a kilowatt of excess. [currency/kW]
  package var overdrawPricePerKW: DatedValue
  /// Where the period was written.
  package var position: SourcePosition?

  /// Creates a period.
  package init(
    _ name: String, windows: [CalendarWindow] = [.always], contractedKW: Double,
    pricePerKW: DatedValue, overdrawPricePerKW: DatedValue = 0, position: SourcePosition? = nil
  ) {
    self.name = name
    self.windows = windows
    self.contractedKW = contractedKW
    self.pricePerKW = pricePerKW
    self.overdrawPricePerKW = overdrawPricePerKW
    self.position = position
  }
}

/// How power above a subscription becomes the excess of a month.
package enum ContractedExcess: String, Sendable, Hashable, CaseIterable {
  /// The highest interval less the subscription.
  case highest
  /// The square root of the sum over all intervals of their squared excess, as in Spain.
  ///
  /// Source: Comisión Nacional de los Mercados y la Competencia, Circular 3/2020, article 9.4.
  case rootOfSquares = "root_of_squares"
}

/// A power subscribed to in advance, with a fee for drawing more.
package struct ContractedPower: Sendable, Hashable {
  /// Shown on bills; unique within the tariff.
  package var name: String
  /// Parts of the calendar with their subscriptions; times in none of them are free.
  package var periods: [ContractedPeriod]
  /// The unit of time of the subscription price.
  package var unit: DemandUnit
  /// The unit of time of the overdraw fee; by day it is billed for every day of the month.
  package var overdrawUnit: DemandUnit
  /// How power above the subscription is counted.
  package var excess: ContractedExcess
  /// True when a peak above the subscription is subscribed to for what is left of the calendar year.
  package var holdsForYear: Bool
  /// Power factor of a site that is billed by kVA; 1 for kW.
  package var assumedPowerFactor: Double
  /// Length of the interval over which power is averaged. [s]
  package var meteringSeconds: Int
  /// True when the prices are written with VAT.
  package var includesVAT: Bool
  /// Where the charge was written.
  package var position: SourcePosition?

  /// Creates subscriptions.
  package init(
    _ name: String, periods: [ContractedPeriod], unit: DemandUnit = .month,
    overdrawUnit: DemandUnit = .month, excess: ContractedExcess = .highest,
    holdsForYear: Bool = false, assumedPowerFactor: Double = 1, meteringSeconds: Int = 900,
    includesVAT: Bool = false, position: SourcePosition? = nil
  ) {
    self.name = name
    self.periods = periods
    self.unit = unit
    self.overdrawUnit = overdrawUnit
    self.excess = excess
    self.holdsForYear = holdsForYear
    self.assumedPowerFactor = assumedPowerFactor
    self.meteringSeconds = meteringSeconds
    self.includesVAT = includesVAT
    self.position = position
  }

  /// Creates a subscription for all times.
  package init(
    _ name: String, contractedKW: Double, pricePerKW: DatedValue,
    overdrawPricePerKW: DatedValue, unit: DemandUnit = .month, meteringSeconds: Int = 900,
    includesVAT: Bool = false, position: SourcePosition? = nil
  ) {
    self.init(
      name,
      periods: [
        ContractedPeriod(
          "all", contractedKW: contractedKW, pricePerKW: pricePerKW,
          overdrawPricePerKW: overdrawPricePerKW)
      ], unit: unit, meteringSeconds: meteringSeconds, includesVAT: includesVAT,
      position: position)
  }

  /// Unit of what is billed.
  var unitName: String { assumedPowerFactor == 1 ? "kW" : "kVA" }
}
