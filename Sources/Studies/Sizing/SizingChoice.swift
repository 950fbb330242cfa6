package import Replay
package import Twin

/// A battery that may be bought.
package struct BatteryChoice: Sendable {
  /// Name where it is a product; nothing for a size of the scenario's battery.
  package var name: String?
  /// Nominal energy. [kWh]
  package var energyKWh: Double
  /// Inverter power. [kW]
  package var powerKW: Double
  /// Price, where it is not that of its size. [currency]
  package var price: Double?
  /// The battery system.
  package var twin: TwinSpecification

  /// States a battery.
  package init(
    name: String? = nil, energyKWh: Double, powerKW: Double, price: Double? = nil,
    twin: TwinSpecification
  ) {
    self.name = name
    self.energyKWh = energyKWh
    self.powerKW = powerKW
    self.price = price
    self.twin = twin
  }
}

/// The site as it may become besides a battery: as it is, with more production, or with another tariff.
package struct SizingSite: Sendable {
  /// The site.
  package var replay: ReplayCase
  /// Production added. [kWp]
  package var addedPVKWp: Double
  /// Name of the tariff where it is another one.
  package var tariff: String?
  /// Price of what is added. [currency]
  package var price: Double

  /// States what becomes of a site.
  package init(
    _ replay: ReplayCase, addedPVKWp: Double = 0, tariff: String? = nil, price: Double = 0
  ) {
    self.replay = replay
    self.addedPVKWp = addedPVKWp
    self.tariff = tariff
    self.price = price
  }
}
