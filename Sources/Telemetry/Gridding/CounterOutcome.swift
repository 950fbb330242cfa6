/// What became of the readings of a counter.
struct CounterOutcome {
  var accumulator: SlotAccumulator
  /// Positions of readings that started the counter again.
  var resets: [Int] = []
  /// Positions of first readings of another meter.
  var exchanges: [Int] = []
  /// Positions of readings that left the line of the counter, which came back to it.
  var blips: [Int] = []
  /// Positions of readings that would need more power than possible.
  var spikes: [Int] = []
  /// What was taken for possible, in words.
  var limitText = "its largest power"
  /// All energy put into slots or lying outside them. [kWh]
  var energyKWh = 0.0
}
