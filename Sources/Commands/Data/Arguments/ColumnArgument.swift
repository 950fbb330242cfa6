import CommandLine
import Documents
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
      guard let value = NumberScanner().number(rest[rest.index(after: star)...]),
        (1e-12...1e12).contains(abs(value))
      else { return nil }
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
