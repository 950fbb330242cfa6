/// Whether the version that plans should be another one, by what a shadow found.
package struct ShadowVerdict: Sendable {
  /// The version that plans.
  package let active: String
  /// The version that should plan.
  package let recommended: String
  /// The active version against each other one.
  package let pairs: [PairedInterval]

  /// Judges a ledger.
  ///
  /// A change is due where a version is cheaper beyond luck, corrected for how many there are; of several the one
  /// that saves most a day. No version that was told what nobody could know is ever due.
  ///
  /// - Parameters:
  ///   - ledger: What the versions would have cost.
  ///   - active: The version that plans.
  ///   - labelled: Versions that were told what nobody could know.
  ///   - count: How many of the newest months count.
  package init(
    _ ledger: ShadowLedger, active: String, labelled: Set<String>, newest count: Int
  ) {
    self.active = active
    pairs = ledger.pairs(active: active, newest: count)
    let due = pairs.filter { $0.verdict == .moreExpensive && !labelled.contains($0.b) }
    recommended = due.max { $0.savedPerDay < $1.savedPerDay }?.b ?? active
  }

  /// Whether the active version should change.
  package var isChangeDue: Bool { recommended != active }

  /// The comparison with the version that should plan or, where none is due, with the cheapest other one.
  package var decisive: PairedInterval? {
    pairs.first { $0.b == recommended } ?? pairs.max { $0.savedPerDay < $1.savedPerDay }
  }
}

extension PairedInterval {
  /// What the second version saves a day. [currency/day]
  package var savedPerDay: Double { days > 0 ? total.difference / Double(days) : 0 }
}
