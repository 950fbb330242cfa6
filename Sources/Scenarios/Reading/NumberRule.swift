import Diagnostics

/// What a number in a document has to be, with the phrase that says so.
package struct NumberRule: Sendable {
  /// Ends the sentence "'power_kw' must be …".
  package var phrase: String
  /// A value that follows the rule, used to go on reading after a mistake.
  package var standIn: Double
  /// True when a finite number follows the rule.
  package var accepts: @Sendable (Double) -> Bool

  /// Creates a rule.
  package init(phrase: String, standIn: Double, accepts: @escaping @Sendable (Double) -> Bool) {
    self.phrase = phrase
    self.standIn = standIn
    self.accepts = accepts
  }

  /// Any finite number.
  package static let finite = NumberRule(phrase: "a number", standIn: 0) { _ in true }
  /// Greater than zero.
  package static let positive = NumberRule(phrase: "positive", standIn: 1) { $0 > 0 }
  /// Zero or greater.
  package static let zeroOrMore = NumberRule(phrase: "zero or more", standIn: 0) { $0 >= 0 }
  /// From 0 to 1.
  package static let fraction = NumberRule(phrase: "a fraction from 0 to 1", standIn: 0.5) {
    (0...1).contains($0)
  }
  /// Above 0, up to 1: an efficiency.
  package static let efficiency = NumberRule(phrase: "a fraction above 0, up to 1", standIn: 1) {
    $0 > 0 && $0 <= 1
  }

  /// What warms: a litre of air takes 1.2 J/K, and less would follow its surroundings within no time. [J/K]
  package static let heatCapacity = NumberRule.within(1...1e12)

  /// Both ends included.
  package static func within(_ range: ClosedRange<Double>) -> NumberRule {
    NumberRule(
      phrase: "from \(plain(range.lowerBound)) to \(plain(range.upperBound))",
      standIn: range.lowerBound
    ) { range.contains($0) }
  }

  /// At least as large as the given number.
  package static func atLeast(_ lowest: Double) -> NumberRule {
    NumberRule(phrase: "\(plain(lowest)) or more", standIn: lowest) { $0 >= lowest }
  }
}
