/// How far assumptions of a project may be off, besides the luck of the years.
///
/// Each is a factor whose departure from one is drawn evenly up to the stated share, either way; nothing that is not
/// stated moves the range.
package struct Uncertainty: Sendable, Hashable {
  /// Share by which the capital may be off.
  package var capital: Double
  /// Share by which the prices that savings are made of may be off in the last year; earlier years in proportion.
  package var prices: Double
  /// Share by which the fade of the cells may be off.
  package var fade: Double

  /// States ranges; none without.
  package init(capital: Double = 0, prices: Double = 0, fade: Double = 0) {
    self.capital = capital
    self.prices = prices
    self.fade = fade
  }

  /// True where nothing is stated.
  package var isNone: Bool { capital == 0 && prices == 0 && fade == 0 }
}
