/// Carbon dioxide of imported energy: a second score beside the bill, which plans do not see.
package struct CarbonFactor: Sendable, Hashable {
  /// Carbon dioxide of a kilowatt-hour, as prices of periods that take every time once. [kg/kWh]
  package var factors: EnergyCharge
  /// True when an exported kilowatt-hour takes off what an imported one would add.
  package var creditsExport: Bool

  /// Creates a factor.
  package init(factors: EnergyCharge, creditsExport: Bool = false) {
    self.factors = factors
    self.creditsExport = creditsExport
  }
}
