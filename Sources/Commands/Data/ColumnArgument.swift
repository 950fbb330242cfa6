import CommandLine
import Documents
import Foundation
import Telemetry
import TimeSeries

/// `COLUMN=QUANTITY[:UNIT][*FACTOR]` on the command line.
struct ColumnArgument: ArgumentValue, Sendable {
  var column: String
  var quantity: Quantity
  var unit: String?
  var factor: Double

  init?(argument: String) {
    // The last equals sign counts, because headers may hold one.
    guard let equals = argument.lastIndex(of: "=") else { return nil }
    column = String(argument[..<equals])
    var rest = String(argument[argument.index(after: equals)...])
    factor = 1
    if let star = rest.lastIndex(of: "*") {
      guard let value = Double(rest[rest.index(after: star)...]), value.isFinite, value != 0 else {
        return nil
      }
      factor = value
      rest = String(rest[..<star])
    }
    if let colon = rest.firstIndex(of: ":") {
      unit = String(rest[rest.index(after: colon)...])
      rest = String(rest[..<colon])
    }
    guard let quantity = Quantity(rawValue: rest), !column.isEmpty else { return nil }
    self.quantity = quantity
  }

  static var phrase: String {
    "COLUMN=QUANTITY[:UNIT][*FACTOR], with a quantity of "
      + Quantity.allCases.map(\.rawValue).joined(separator: ", ")
  }

  func mapping(reading: Reading = .value) -> ColumnMapping {
    ColumnMapping(
      column: column, quantity: quantity, unit: unit, factor: factor, reading: reading)
  }
}

/// `QUANTITY=RULE[:HOURS]` on the command line.
struct FillArgument: ArgumentValue, Sendable {
  var quantity: Quantity
  var rule: FillRule

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let quantity = Quantity(rawValue: String(parts[0])) else { return nil }
    self.quantity = quantity
    let words = parts[1].split(separator: ":", omittingEmptySubsequences: false)
    let number = words.count == 2 ? NumberScanner().number(words[1]) : nil
    guard words.count == 1 || (words.count == 2 && number != nil) else { return nil }
    switch (words[0], number) {
    case ("zero", nil): rule = .zero
    case ("zero_at_night", _): rule = .zeroAtNight(maxElevationDeg: number ?? 0)
    case ("hold", let hours?) where hours > 0 && hours <= FillArgument.mostHours:
      rule = .hold(maxAgeSeconds: Int(hours * 3600))
    case ("interpolate", let hours?) where hours > 0 && hours <= FillArgument.mostHours:
      rule = .interpolate(maxGapSeconds: Int(hours * 3600))
    default: return nil
    }
  }

  /// A hundred years.
  private static let mostHours = 876_600.0

  static var phrase: String {
    "QUANTITY=zero, QUANTITY=zero_at_night[:DEGREES], QUANTITY=hold:HOURS or "
      + "QUANTITY=interpolate:HOURS"
  }
}

/// `QUANTITY=LOW..HIGH` on the command line.
struct RangeArgument: ArgumentValue, Sendable {
  var quantity: Quantity
  var minimum: Double
  var maximum: Double

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let quantity = Quantity(rawValue: String(parts[0])),
      let dots = parts[1].range(of: ".."),
      let low = NumberScanner().number(parts[1][..<dots.lowerBound]),
      let high = NumberScanner().number(parts[1][dots.upperBound...]), low < high
    else { return nil }
    self.quantity = quantity
    minimum = low
    maximum = high
  }

  static var phrase: String { "QUANTITY=LOW..HIGH in the unit of the quantity" }
}

/// `LATITUDE,LONGITUDE` on the command line.
struct PlaceArgument: ArgumentValue, Sendable {
  var place: GeographicPosition

  init?(argument: String) {
    guard let numbers = NumberScanner().numbers(argument), numbers.count == 2,
      abs(numbers[0]) <= 90, abs(numbers[1]) <= 180
    else { return nil }
    place = GeographicPosition(latitudeDeg: numbers[0], longitudeDeg: numbers[1])
  }

  static var phrase: String { "LATITUDE,LONGITUDE in degrees" }
}

/// A zone of the IANA database on the command line.
struct ZoneArgument: ArgumentValue, Sendable {
  var zone: Zone

  init?(argument: String) {
    guard let zone = try? Zone(argument) else { return nil }
    self.zone = zone
  }

  static var phrase: String { "a zone of the IANA database such as Europe/Berlin" }
}

/// A date on the command line.
struct DateArgument: ArgumentValue, Sendable {
  var dayNumber: Int
  var year: Int

  init?(argument: String) {
    guard case .time(let day) = CivilText.date(argument) else { return nil }
    year = day.year
    dayNumber = day.dayNumber
  }

  static var phrase: String { "a date such as 2024-03-31" }
}

extension Quantity: ArgumentChoice {}
extension LogFormat: ArgumentChoice {}
extension SlotLabel: ArgumentChoice {}
extension StampFormat: ArgumentChoice {}
