/// Another price in intervals whose spot price lies below a limit.
///
/// Support for feeding in ends, or falls, where the market pays to be rid of energy, as of § 51 EEG. The price stands in
/// place of everything else of its period: no factor, floor or cap acts on it.
package struct SpotCondition: Sendable, Hashable {
  /// Spot price below which the other price holds; one that equals it is not below. [currency/kWh]
  package var belowPerKWh: Double
  /// The price then, for every block. [currency/kWh]
  package var pricePerKWh: DatedValue
  /// First local day on which the condition holds, in days since 1970-01-01; nothing for always.
  package var fromDay: Int?

  /// States a condition; without numbers energy is worth nothing where the spot price is negative.
  package init(belowPerKWh: Double = 0, pricePerKWh: DatedValue = 0, fromDay: Int? = nil) {
    self.belowPerKWh = belowPerKWh
    self.pricePerKWh = pricePerKWh
    self.fromDay = fromDay
  }

  /// Whether the condition holds on a local day, whatever the spot price is.
  func holds(onDay day: Int) -> Bool { fromDay.map { $0 <= day } ?? true }
}
