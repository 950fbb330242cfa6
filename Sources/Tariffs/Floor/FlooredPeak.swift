/// A peak that a floor charges: the highest of some metering intervals.
struct FlooredPeak {
  /// Month in which the intervals lie, the first one of several.
  let month: Int
  /// Name of the price row.
  var label: String
  /// Metering intervals that count.
  var intervals: [Int]
  /// Billed kW per metered kW: the period's weight and the power factor.
  let coefficient: Double
  /// The peak of the series that the floor is laid at, as billed. [kW]
  let referenceKW: Double
}
