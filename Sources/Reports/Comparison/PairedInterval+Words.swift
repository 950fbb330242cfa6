import Diagnostics
import Documents
package import Studies

extension PairedInterval.Part {
  /// The difference with half of its interval, for example `-12.00 ± 3.00`.
  package func text(decimals: Int) -> String {
    NumberText.fixed(difference, decimals: decimals)
      + (halfWidth.map { " ± \(NumberText.fixed($0, decimals: decimals))" } ?? "")
  }
}

extension PairedInterval {
  /// Words how much less or more the first version costs, and how sure that is.
  ///
  /// - Parameters:
  ///   - other: What the second version is called after *than* and *as*.
  ///   - currency: Code of the currency.
  ///   - tellsSureness: False where one reason holds for all pairs and stands elsewhere.
  /// - Returns: For example `12.00 EUR less than without a battery (95 % interval 9.00 to 15.00)`.
  func worded(against other: String, currency: String, tellsSureness: Bool) -> String {
    if abs(difference) < Self.cent { return "as much as \(other)" }
    let amount =
      "\(number(abs(difference))) \(currency) \(difference < 0 ? "less" : "more") than \(other)"
    return tellsSureness ? amount + " (\(sureness))" : amount
  }

  /// How sure the sign of the difference is, with the interval of its size.
  var sureness: String {
    let sign = difference < 0 ? -1.0 : 1
    let interval = total.halfWidth.map { half in
      let ends = [sign * total.difference - half, sign * total.difference + half]
      return "95 % interval \(number(ends[0])) to \(number(ends[1]))"
        + (abs(total.difference - difference) < Self.cent
          ? "" : " for the \(number(sign * total.difference)) without \(outside)")
    }
    switch verdict {
    case .cheaper, .moreExpensive: return interval ?? ""
    case .noDifference:
      return "may be luck, " + (interval ?? "")
        + (comparisons > 1 ? ", corrected for \(comparisons) comparisons" : "")
    case .undecided: return "not sure: " + (undecidedReason ?? "")
    }
  }

  /// What of the difference the interval does not hold.
  private var outside: String {
    let parts = [
      lookingBack == nil ? nil : "charges that look over months",
      leftOut.isEmpty ? nil : "months in part",
    ].compactMap(\.self)
    return parts.isEmpty ? "the rest" : listed(parts, "and")
  }

  /// Why nothing can be said about any of the differences, where it is the same for all.
  static func commonReason(_ pairs: [PairedInterval]) -> String? {
    guard let reason = pairs.first?.undecidedReason,
      pairs.allSatisfy({ $0.undecidedReason == reason })
    else { return nil }
    return reason
  }

  private func number(_ amount: Double) -> String { NumberText.fixed(amount, decimals: 2) }
}
