/// What the numbers of a column are.
package enum Reading: Sendable, Hashable {
  /// A mean power, a price, a temperature, or an energy per interval.
  case value
  /// A total that grows; energy is the difference of readings.
  case counter(CounterRule)
}
