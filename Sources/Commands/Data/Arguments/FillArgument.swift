import CommandLine
import Documents
import Telemetry
import TimeSeries

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
    case ("zero_at_night", _) where abs(number ?? 0) <= 90:
      rule = .zeroAtNight(maxElevationDeg: number ?? 0)
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
