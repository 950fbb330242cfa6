/// What one charge on energy made of one month.
struct PricedMonth {
  /// The energy that a charge counts.
  enum Flow {
    case imported, exported
    /// Import less export, over the month.
    case netted
  }

  let flow: Flow
  /// Position among the tariff's energy or export charges.
  let charge: Int
  let month: Int
  /// Converts the charge's tier basis into kilowatt-hours of the month.
  let limitFactor: Double
  /// Energy that tiers have counted before the month. [kWh]
  var countedKWh = 0.0
  /// Energy and amount of every cell of the month.
  let parts: [CellEnergy]
}
