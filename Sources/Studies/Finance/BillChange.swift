package import Replay
import Tariffs

/// One part of the bill before and after a battery, scaled to a year.
package struct BillChange: Sendable, Hashable {
  /// Name of the charge or the month.
  package let name: String
  /// Without the battery. [currency/year]
  package let before: Double
  /// With it. [currency/year]
  package let after: Double

  /// Compares two bills charge by charge, in the order in which the charges first stand in either.
  ///
  /// - Parameters:
  ///   - battery: The site with the battery.
  ///   - none: The same site without.
  ///   - yearFactor: Factor by which the period's money is scaled to a year.
  /// - Returns: One entry per charge, and one for what no charge has.
  package static func byRule(
    _ battery: ReplayOutcome, without none: ReplayOutcome, yearFactor: Double
  ) -> [BillChange] {
    var names: [String] = []
    var sums: [String: (before: Double, after: Double)] = [:]
    for (outcome, isAfter) in [(none, false), (battery, true)] {
      for line in outcome.bill.months.flatMap(\.lines) {
        if sums[line.rule] == nil { names.append(line.rule) }
        var sum = sums[line.rule] ?? (0, 0)
        if isAfter { sum.after += line.amount } else { sum.before += line.amount }
        sums[line.rule] = sum
      }
    }
    var changes = names.compactMap { name in
      sums[name].map {
        BillChange(name: name, before: $0.before * yearFactor, after: $0.after * yearFactor)
      }
    }
    // What whole bills add to their lines, such as minimums that no line has.
    let total = BillChange(
      name: "other", before: none.bill.total * yearFactor, after: battery.bill.total * yearFactor)
    let before = total.before - changes.reduce(0) { $0 + $1.before }
    let after = total.after - changes.reduce(0) { $0 + $1.after }
    if abs(before) > 0.005 || abs(after) > 0.005 {
      changes.append(BillChange(name: total.name, before: before, after: after))
    }
    return changes
  }

  /// Compares two bills month by month, as they were replayed.
  package static func byMonth(
    _ battery: ReplayOutcome, without none: ReplayOutcome
  ) -> [BillChange] {
    zip(none.bill.months, battery.bill.months).map {
      BillChange(name: $0.month, before: $0.total, after: $1.total)
    }
  }
}
