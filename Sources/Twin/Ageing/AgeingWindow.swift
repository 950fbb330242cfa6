/// A stretch of time with the cycles that were closed in it, by which cells age at once.
struct AgeingWindow {
  /// Length. [s]
  let seconds: Double
  /// Range of the charge and number of each cycle.
  let cycles: [(range: Double, count: Double)]
  /// Mean rate. [1/h]
  let cRate: Double
  /// Full cycles.
  let throughput: Double

  init(seconds: Double, cycles: [(range: Double, count: Double)], cRate: Double) {
    self.seconds = seconds
    self.cycles = cycles
    self.cRate = cRate
    var throughput = 0.0
    for cycle in cycles { throughput += cycle.range * cycle.count }
    self.throughput = throughput
  }
}

extension AgeingState {
  /// Ages by a window.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - window: What happened.
  ///   - integral: The model's rates over the window. [s]
  ///   - depthFactor: Share of its charge that the cell moves over that of the mean cell.
  mutating func add(
    _ model: AgeingModel, _ window: AgeingWindow, integral: SIMD8<Double>, depthFactor: Double = 1
  ) {
    let days = window.seconds / 86400
    let averages = integral / window.seconds
    addTime(model, days: days, averages: averages, continuation: .exact)
    for cycle in window.cycles {
      let q = capacityFactor(model)
      addCycles(
        model,
        CycleStress(
          equivalentFullCycles: cycle.range * cycle.count * depthFactor * q,
          depth: min(1, cycle.range * depthFactor), cRate: window.cRate * depthFactor * q,
          perDay: window.throughput * depthFactor * q / days), averages: averages,
        continuation: .exact)
    }
  }
}
