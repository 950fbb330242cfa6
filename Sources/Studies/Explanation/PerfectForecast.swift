/// What a perfect forecast of one quantity alone would bring to a version.
package struct PerfectForecast: Sendable {
  /// The quantity.
  package let cause: ForecastCause
  /// The version as it is against the same version told the truth of the quantity.
  package let pair: PairedInterval

  /// Cost of the version less its cost with the perfect forecast. [currency]
  package var saving: Double { pair.difference }

  /// What takes an amount over the period to a year; nothing for less than twelve whole months.
  package var perYear: Double? {
    guard pair.wholeMonths >= 12 else { return nil }
    return pair.wholeMonths == pair.months && pair.leftOut.isEmpty
      ? 12 / Double(pair.months) : pair.days > 0 ? 365.25 / Double(pair.days) : nil
  }
}
