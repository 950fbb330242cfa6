/// One count of forecast slots, with the key and the words under which it is shown.
package struct ForecastCounter: Sendable {
  /// Results that show a count.
  package struct Places: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    /// A single forecast, by `forecast predict` and `train`.
    package static let issue = Places(rawValue: 1)
    /// A replay's result.
    package static let replay = Places(rawValue: 2)
    /// The scores of a backtest.
    package static let backtest = Places(rawValue: 4)
    /// The object `guards` in the scores of a backtest.
    package static let guards = Places(rawValue: 8)
    /// The sentences below a comparison.
    package static let sentences = Places(rawValue: 16)
    /// The columns of leaderboard.csv.
    package static let leaderboard = Places(rawValue: 64)
    /// The sentences below a backtest, whose table has columns of its own for the most usual counts.
    package static let backtestSentences = Places(rawValue: 32)
  }

  /// Key in documents.
  package let key: String
  /// Heading in tables; nothing for a count without a column.
  package let header: String?
  /// What is counted, to be read after the number.
  package let words: String
  /// Results that show it.
  package let places: Places
  /// What is counted; a count of several parts is their sum.
  let parts: [any WritableKeyPath<ForecastCounts, Int> & Sendable]

  init(
    _ key: String, _ parts: [any WritableKeyPath<ForecastCounts, Int> & Sendable],
    header: String? = nil, _ words: String, in places: Places
  ) {
    self.key = key
    self.parts = parts
    self.header = header
    self.words = words
    self.places = places
  }

  /// Returns the number of slots. [slots]
  package func count(_ counts: ForecastCounts) -> Int {
    parts.reduce(0) { $0 + counts[keyPath: $1] }
  }
}
