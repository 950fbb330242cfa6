/// What became of the readings of a counter.
struct CounterOutcome {
  var accumulator: SlotAccumulator
  /// Positions of readings that started the counter again.
  var resets: [Int] = []
  /// Positions of readings that would need more power than possible.
  var spikes: [Int] = []
  /// All energy put into slots or lying outside them. [kWh]
  var energyKWh = 0.0
}
