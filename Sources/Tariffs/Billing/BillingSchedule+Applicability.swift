package import Diagnostics
import TimeSeries

extension BillingSchedule {
  /// Warns where a billed site lies outside of the dates or the class that the tariff applies to.
  ///
  /// Peaks and imports are compared by month; a month that the grid covers in part counts towards the
  /// upper limits only.
  package func applicabilityWarnings(of bill: Bill) -> [Diagnostic] {
    let limits = tariff.applicability
    var findings = Findings()
    guard let first = calendar.slots.dayNumber.first, let last = calendar.slots.dayNumber.last
    else { return [] }
    let span = "the data run from \(dateText(first)) to \(dateText(last))"
    if let from = limits.fromDay, first < from {
      findings.warning("\(span), but '\(tariff.name)' holds from \(dateText(from))")
    }
    if let through = limits.throughDay, last > through {
      findings.warning("\(span), but '\(tariff.name)' holds until \(dateText(through))")
    }
    func compare(
      _ what: String, _ unit: String, least: Double?, highest: Double?,
      _ value: KeyPath<MonthBill, Double>
    ) {
      let above = bill.months.filter { month in highest.map { month[keyPath: value] > $0 } ?? false
      }
      if let worst = above.max(by: { $0[keyPath: value] < $1[keyPath: value] }), let highest {
        findings.warning(
          "'\(tariff.name)' applies up to a \(what) of \(highest) \(unit) a month; \(above.count) of"
            + " \(bill.months.count) months lie above, \(worst.month) with"
            + " \(rounded(worst[keyPath: value])) \(unit)")
      }
      let whole = bill.months.filter { $0.coveredFraction == 1 }
      guard let least, let top = whole.max(by: { $0[keyPath: value] < $1[keyPath: value] }),
        top[keyPath: value] < least
      else { return }
      findings.warning(
        "'\(tariff.name)' applies from a \(what) of \(least) \(unit) a month; the highest is"
          + " \(rounded(top[keyPath: value])) \(unit) in \(top.month)")
    }
    compare(
      "peak", "kW", least: limits.leastPeakKW, highest: limits.highestPeakKW, \.peakKW)
    compare(
      "consumption", "kWh", least: limits.leastMonthKWh, highest: limits.highestMonthKWh,
      \.importKWh)
    return findings.all
  }

  private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
