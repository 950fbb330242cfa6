package import Diagnostics

/// Two pairs of prices for the year's energy and its highest power, of which the hours of use choose one.
///
/// The hours of use are the year's energy by the year's highest power. German grid companies bill a site
/// below 2,500 hours by one pair and from there on by the other.
package struct HoursOfUseCharge: Sendable, Hashable {
  /// A price of the year's highest power and one of energy.
  package struct Prices: Sendable, Hashable {
    /// Price of a kilowatt of the year's highest power for the year. [currency/kW]
    package var pricePerKW: DatedValue
    /// Price of a kilowatt-hour. [currency/kWh]
    package var pricePerKWh: DatedValue

    /// Pairs prices.
    package init(pricePerKW: DatedValue, pricePerKWh: DatedValue) {
      self.pricePerKW = pricePerKW
      self.pricePerKWh = pricePerKWh
    }
  }

  /// Shown on bills; unique within the tariff.
  package var name: String
  /// Hours of use of a year from which on the second pair is billed. [h]
  package var switchHours: Double
  /// Prices of fewer hours of use.
  package var below: Prices
  /// Prices from the switch on.
  package var above: Prices
  /// Hours of use that plans expect before a year's first day is metered; the switch if nothing. [h]
  package var plannedHours: Double?
  /// Length of the interval over which power is averaged. [s]
  package var meteringSeconds: Int
  /// True when the prices are written with VAT.
  package var includesVAT: Bool
  /// Where the charge was written.
  package var position: SourcePosition?

  /// Creates a charge.
  package init(
    _ name: String, switchHours: Double = 2500, below: Prices, above: Prices,
    plannedHours: Double? = nil, meteringSeconds: Int = 900, includesVAT: Bool = false,
    position: SourcePosition? = nil
  ) {
    self.name = name
    self.switchHours = switchHours
    self.below = below
    self.above = above
    self.plannedHours = plannedHours
    self.meteringSeconds = meteringSeconds
    self.includesVAT = includesVAT
    self.position = position
  }
}
