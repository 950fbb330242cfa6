/// Unit of a measure, as documents and headings write it.
package enum MeasureUnit: String, Sendable, CaseIterable {
  /// Counts of what the measure's own name tells, and ratios.
  case none = ""
  /// No number but words.
  case words = "text"
  /// Yes or no.
  case flag = "true or false"
  /// An instant of the time axis, in UTC.
  case instant
  case currency
  case currencyPerYear = "currency/year"
  case currencyPerDay = "currency/day"
  case currencyPerKWh = "currency/kWh"
  case currencyPerKW = "currency/kW"
  case kWh
  case kW
  case kg
  case seconds = "s"
  case minutes = "min"
  case hours = "h"
  case years
  case celsius = "°C"
  case kelvin = "K"
  case perHour = "1/h"
  case ampere = "A"
  case ampereHours = "Ah"
  case volt = "V"
  /// A share, 0…1 in documents and percent in tables.
  case fraction
  /// That of the quantity that is forecast.
  case quantity = "unit of the quantity"
  case slots
  case plans
  /// An object whose keys have tables of their own.
  case object
  /// A list.
  case list

  /// Returns the unit as headings write it, with a currency in its place.
  func text(currency: String) -> String {
    switch self {
    case .words, .flag, .instant, .fraction, .quantity, .object, .list: ""
    case .currency, .currencyPerYear, .currencyPerDay, .currencyPerKWh, .currencyPerKW:
      currency + rawValue.dropFirst("currency".count)
    default: rawValue
    }
  }
}
