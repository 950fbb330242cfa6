import Documents
import TimeSeries

/// A unit as loggers write it, with the way to the unit in which this project keeps the value.
///
/// Kept units: kW, kWh, °C, W/m², Wh/m², fraction, m/s, currency per kWh, V, A, Ah, Hz, rpm.
package struct MeasurementUnit: Sendable, Hashable {
  /// What a unit measures.
  package enum Dimension: String, Sendable, Hashable, CaseIterable {
    /// Kept in kW.
    case power
    /// Kept in kWh.
    case energy
    /// Power or energy per rated power, kept in kW or kWh per kW.
    case powerPerRatedPower = "power per rated power"
    /// Kept in °C.
    case temperature
    /// Kept in W/m².
    case irradiance
    /// Irradiance times time, kept in Wh/m².
    case irradiation
    /// Kept as 0…1.
    case fraction
    /// Kept in m/s.
    case speed
    /// Kept in currency per kWh.
    case energyPrice = "price of energy"
    /// Kept in V.
    case voltage
    /// Kept in A.
    case current
    /// Kept in Ah.
    case charge
    /// Kept in Hz.
    case frequency
    /// Kept in rpm.
    case rotation
  }

  /// The unit as written.
  package let symbol: String
  /// What it measures.
  package let dimension: Dimension
  /// Kept value = written value × factor + offset.
  package let factor: Double
  /// Kept value = written value × factor + offset.
  package let offset: Double

  private init(_ symbol: String, _ dimension: Dimension, _ factor: Double, _ offset: Double = 0) {
    self.symbol = symbol
    self.dimension = dimension
    self.factor = factor
    self.offset = offset
  }

  /// Reads a unit, or returns nothing for one that is not known.
  ///
  /// - Parameter symbol: For example `kW`, `Wh`, `°C`, `EUR/MWh`, `W/m²`, `Volts`.
  package init?(_ symbol: String) {
    let trimmed = trimmedText(symbol)
    if let known = MeasurementUnit.exact[trimmed] {
      self.init(trimmed, known.0, known.1, known.2)
      return
    }
    if let known = MeasurementUnit.words[trimmed.lowercased()] {
      self.init(trimmed, known.0, known.1, known.2)
      return
    }
    guard let price = MeasurementUnit.energyPrice(trimmed) else { return nil }
    self.init(trimmed, .energyPrice, price)
  }

  /// Names to suggest from when a unit is not known.
  static let knownSymbols: [String] =
    (exact.keys.sorted() + ["EUR/kWh", "EUR/MWh", "ct/kWh"])

  /// `EUR/MWh`, `$/kWh`, `ct/kWh`, `öre/kWh`: money over energy.
  private static func energyPrice(_ text: String) -> Double? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let energy = exact[trimmedText(String(parts[1]))],
      energy.0 == .energy
    else { return nil }
    let money = trimmedText(String(parts[0]))
    let cents = ["ct", "c", "cent", "cents", "p", "öre", "øre", "ore", "¢", "gr"]
    if cents.contains(money.lowercased()) { return 0.01 / energy.1 }
    let symbols = ["currency", "€", "$", "£", "kr", "CHF", "Fr", "zł", "A$", "US$"]
    let isCode = money.utf8.count == 3 && money.allSatisfy { $0.isASCII && $0.isUppercase }
    guard isCode || symbols.contains(money) else { return nil }
    return 1 / energy.1
  }

  /// Spellings where case matters (mW is not MW).
  private static let exact: [String: (Dimension, Double, Double)] = [
    "mW": (.power, 1e-6, 0), "W": (.power, 1e-3, 0), "kW": (.power, 1, 0),
    "MW": (.power, 1e3, 0), "GW": (.power, 1e6, 0), "kWh/h": (.power, 1, 0),
    "Wh/h": (.power, 1e-3, 0), "VA": (.power, 1e-3, 0), "kVA": (.power, 1, 0),
    "Wh": (.energy, 1e-3, 0), "kWh": (.energy, 1, 0), "MWh": (.energy, 1e3, 0),
    "GWh": (.energy, 1e6, 0), "kJ": (.energy, 1 / 3600, 0), "MJ": (.energy, 1 / 3.6, 0),
    "W/kW": (.powerPerRatedPower, 1e-3, 0), "kW/kW": (.powerPerRatedPower, 1, 0),
    "W/kWp": (.powerPerRatedPower, 1e-3, 0), "kW/kWp": (.powerPerRatedPower, 1, 0),
    "°C": (.temperature, 1, 0), "C": (.temperature, 1, 0), "degC": (.temperature, 1, 0),
    "ºC": (.temperature, 1, 0), "K": (.temperature, 1, -273.15),
    "°F": (.temperature, 5 / 9, -160 / 9), "F": (.temperature, 5 / 9, -160 / 9),
    "degF": (.temperature, 5 / 9, -160 / 9),
    "W/m²": (.irradiance, 1, 0), "W/m2": (.irradiance, 1, 0), "W/m^2": (.irradiance, 1, 0),
    "kW/m²": (.irradiance, 1e3, 0), "kW/m2": (.irradiance, 1e3, 0),
    "Wh/m²": (.irradiation, 1, 0), "Wh/m2": (.irradiation, 1, 0),
    "kWh/m²": (.irradiation, 1e3, 0), "kWh/m2": (.irradiation, 1e3, 0),
    "J/cm²": (.irradiation, 1e4 / 3600, 0), "J/cm2": (.irradiation, 1e4 / 3600, 0),
    "%": (.fraction, 0.01, 0), "1": (.fraction, 1, 0), "okta": (.fraction, 0.125, 0),
    "m/s": (.speed, 1, 0), "km/h": (.speed, 1 / 3.6, 0), "mph": (.speed, 0.44704, 0),
    "kn": (.speed, 1852.0 / 3600, 0),
    "mV": (.voltage, 1e-3, 0), "V": (.voltage, 1, 0), "kV": (.voltage, 1e3, 0),
    "mA": (.current, 1e-3, 0), "A": (.current, 1, 0), "kA": (.current, 1e3, 0),
    "mAh": (.charge, 1e-3, 0), "Ah": (.charge, 1, 0),
    "Hz": (.frequency, 1, 0), "rpm": (.rotation, 1, 0), "1/min": (.rotation, 1, 0),
  ]

  /// Words, in lower case.
  private static let words: [String: (Dimension, Double, Double)] = [
    "watt": (.power, 1e-3, 0), "watts": (.power, 1e-3, 0), "kilowatt": (.power, 1, 0),
    "kilowatts": (.power, 1, 0), "volt": (.voltage, 1, 0), "volts": (.voltage, 1, 0),
    "amp": (.current, 1, 0), "amps": (.current, 1, 0), "ampere": (.current, 1, 0),
    "amperes": (.current, 1, 0), "celsius": (.temperature, 1, 0),
    "fahrenheit": (.temperature, 5 / 9, -160 / 9), "kelvin": (.temperature, 1, -273.15),
    "kwh": (.energy, 1, 0), "wh": (.energy, 1e-3, 0), "percent": (.fraction, 0.01, 0),
    "fraction": (.fraction, 1, 0), "hertz": (.frequency, 1, 0),
  ]
}

extension Quantity {
  /// What a column of this quantity may measure.
  var acceptedDimensions: [MeasurementUnit.Dimension] {
    switch self {
    case .load, .pv, .batteryPower, .net, .importLimit, .exportLimit:
      [.power, .energy, .powerPerRatedPower]
    case .ambient: [.temperature]
    case .price: [.energyPrice]
    case .irradiance: [.irradiance, .irradiation]
    case .cloudCover, .stateOfCharge: [.fraction]
    case .windSpeed: [.speed]
    }
  }

  /// Units to name when another one was given.
  var unitExamples: String {
    switch self {
    case .load, .pv, .batteryPower, .net, .importLimit, .exportLimit: "kW, W, kWh or Wh"
    case .ambient: "°C, K or °F"
    case .price: "money per kWh or MWh, for example EUR/MWh"
    case .irradiance: "W/m² or Wh/m²"
    case .cloudCover, .stateOfCharge: "1 or %"
    case .windSpeed: "m/s or km/h"
    }
  }
}

/// The way from written values to kept ones.
struct UnitScale {
  private let scale: Double
  private let divisor: Double
  private let shift: Double

  /// - Parameters:
  ///   - unit: Unit of the written values; kept values when absent.
  ///   - factor: Multiplies the kept value.
  init(_ unit: MeasurementUnit?, factor: Double) {
    let size = unit?.factor ?? 1
    let inverse = (1 / size).rounded()
    // Dividing by 1000 gives the nearest number, multiplying by 0.001 does not always.
    let divides = size < 1 && abs(inverse * size - 1) < 1e-15
    scale = divides ? factor : size * factor
    divisor = divides ? inverse : 1
    shift = (unit?.offset ?? 0) * factor
  }

  func kept(_ written: Double) -> Double { written * scale / divisor + shift }
}
