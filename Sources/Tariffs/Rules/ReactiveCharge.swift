package import Diagnostics

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

  /// Creates a reactive charge.
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
