/// What a column of a history or a forecast measures.
package enum Quantity: String, Sendable, Hashable, CaseIterable, Codable {
  /// Consumption of the site without battery; negative only where a signed meter is all there is. [kW]
  case load
  /// Production of the photovoltaic plant, not negative. [kW]
  case pv
  /// Air temperature outside. [°C]
  case ambient
  /// Wholesale price before adders and tax. [currency/kWh]
  case price
  /// Global horizontal irradiance. [W/m²]
  case irradiance
  /// Share of the sky that is covered, 0…1.
  case cloudCover = "cloud_cover"
  /// Wind speed. [m/s]
  case windSpeed = "wind_speed"
  /// Measured battery power, positive when discharging. [kW]
  case batteryPower = "battery_power"
  /// Measured state of charge of the battery, 0…1.
  case stateOfCharge = "soc"
  /// Power at the meter, positive when importing. [kW]
  case net
  /// Highest import that the connection allows for a time. [kW]
  case importLimit = "import_limit"
  /// Highest export that the connection allows for a time. [kW]
  case exportLimit = "export_limit"

  /// Unit in which values are kept.
  package var unit: String {
    switch self {
    case .load, .pv, .batteryPower, .net, .importLimit, .exportLimit: "kW"
    case .ambient: "°C"
    case .price: "currency/kWh"
    case .irradiance: "W/m²"
    case .cloudCover, .stateOfCharge: "1"
    case .windSpeed: "m/s"
    }
  }

  /// What can be on any site, in the unit of the quantity; a value outside is a mistake of whoever says it.
  package var possible: ClosedRange<Double> {
    switch self {
    case .load, .pv, .batteryPower, .net: -1e7...1e7
    case .importLimit, .exportLimit: 0...1e7
    case .ambient: -100...100
    case .price: -10_000...10_000
    case .irradiance: -100...3000
    case .cloudCover, .stateOfCharge: -0.01...1.01
    case .windSpeed: -1...150
    }
  }
}
