/// What a run took of its yearly budget of energy let out.
package struct BudgetUse: Sendable, Hashable, Codable {
  /// Energy that the period may let out. [kWh]
  package var allowedKWh: Double
  /// Energy let out. [kWh]
  package var usedKWh = 0.0
  /// Intervals in which the budget was used up, so that the battery let nothing out.
  package var restedSlots = 0
  /// Sum of the prices of the days, and their number.
  var priceSum = 0.0
  var days = 0

  /// Mean price of a kWh that the budget asked for on top of wear: what a kWh more would have been worth.
  /// [currency/kWh]
  package var pricePerKWh: Double { days > 0 ? priceSum / Double(days) : 0 }
}
