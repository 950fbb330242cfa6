import CommandLine
import Documents
import Foundation
import TimeSeries

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
