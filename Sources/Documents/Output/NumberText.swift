import Diagnostics

/// Numbers as text: as people read them, where a dash stands for a value that does not exist, and in short.
package enum NumberText {
  /// Returns a number with a fixed count of decimals and thin groups of three digits.
  package static func fixed(_ value: Double?, decimals: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    guard scaled < 9e15 else { return "\(value)" }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let whole = String(padded.dropLast(decimals))
    let fraction = decimals > 0 ? "." + padded.suffix(decimals) : ""
    let sign = value < 0 && scaled != 0 ? "-" : ""
    return sign + grouped(whole) + fraction
  }

  /// Returns the shortest text that reads back as the same number; whole numbers have no decimals.
  package static func shortest(_ value: Double) -> String { plain(value) }

  /// Returns a number rounded to some decimals, without zeros at their end.
  package static func rounded(_ value: Double, decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value * scale).rounded()
    return shortest(scaled.magnitude < 9e15 ? scaled / scale : value)
  }

  private static func grouped(_ digits: String) -> String {
    guard digits.count > 4 else { return digits }
    var groups: [Substring] = []
    var rest = digits[...]
    while rest.count > 3 {
      groups.insert(rest.suffix(3), at: 0)
      rest = rest.dropLast(3)
    }
    return ([rest] + groups).joined(separator: " ")
  }

  /// Returns a fraction as percent with a count of decimals.
  package static func percent(_ fraction: Double?, decimals: Int = 1) -> String {
    guard let fraction, fraction.isFinite else { return "–" }
    return fixed(fraction * 100, decimals: decimals) + " %"
  }
}
