import Documents
import Tariffs
import TimeSeries

extension MappingReader {
  /// Reads `tariff`: the path of a tariff document, or the document itself as a section.
  func tariff(_ key: String) -> Tariff? {
    // A file that is not there is a mistake of the line that names it.
    if has(key), let node = node(key), node.scalar != nil, existingPath(key).isEmpty { return nil }
    return TariffDocument.tariff(key: key, in: self)
  }

  /// Reads who may take a tariff, and when it holds.
  func applicability() -> Applicability {
    let limits = Applicability(
      fromDay: optionalDate("from")?.dayNumber, throughDay: optionalDate("through")?.dayNumber,
      leastPeakKW: optionalNumber("peak_kw_min", .zeroOrMore),
      highestPeakKW: optionalNumber("peak_kw_max", .zeroOrMore),
      leastMonthKWh: optionalNumber("month_kwh_min", .zeroOrMore),
      highestMonthKWh: optionalNumber("month_kwh_max", .zeroOrMore))
    func ordered<Value: Comparable>(_ low: Value?, _ high: Value?, _ key: String, _ other: String) {
      guard let low, let high, low > high else { return }
      error(key, "'\(key)' must not lie below '\(other)'")
    }
    ordered(limits.fromDay, limits.throughDay, "through", "from")
    ordered(limits.leastPeakKW, limits.highestPeakKW, "peak_kw_max", "peak_kw_min")
    ordered(limits.leastMonthKWh, limits.highestMonthKWh, "month_kwh_max", "month_kwh_min")
    return limits
  }
}
