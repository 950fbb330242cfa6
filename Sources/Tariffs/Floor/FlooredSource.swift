/// A peak that may decide what a month is billed for.
struct FlooredSource {
  let peak: FlooredPeak
  /// Billed demand per kW of the peak as billed in its own month.
  let share: Double
  /// The most that it may come to. [kW]
  let mostKW: Double

  /// What it comes to in the series that the floor is laid at. [kW]
  var referenceKW: Double { share * peak.referenceKW }
}
