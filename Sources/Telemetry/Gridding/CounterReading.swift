/// One reading of a counter.
struct CounterReading {
  /// When it was read. [ms since 1970-01-01 UTC]
  var time: Int
  /// The total. [kWh]
  var totalKWh: Double
}
