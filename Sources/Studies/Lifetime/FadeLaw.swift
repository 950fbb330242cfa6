package import Twin

/// The course over time in which cells lose capacity and gain resistance under the same use.
package struct FadeLaw: Sendable {
  /// Shares of capacity lost and of resistance gained after years.
  private let losses: @Sendable (_ years: Double) -> (capacity: Double, resistance: Double)

  /// States a course.
  package init(
    _ losses: @escaping @Sendable (_ years: Double) -> (capacity: Double, resistance: Double)
  ) {
    self.losses = losses
  }

  /// The course of an ageing model at the cycles and the temperature of a replayed year.
  package init(_ model: AgeingModel, fullCyclesPerYear: Double, temperatureC: Double) {
    // What the model is fed with is kept where it can be used.
    let temperature = min(60, max(-20, temperatureC))
    self.init {
      model.losses(
        years: $0, fullCyclesPerYear: fullCyclesPerYear, temperatureC: temperature)
    }
  }

  /// Returns what is lost from one age to another.
  func losses(from: Double, to: Double) -> (capacity: Double, resistance: Double) {
    let (before, after) = (losses(from), losses(to))
    return (after.capacity - before.capacity, after.resistance - before.resistance)
  }

  /// Returns the age at which a share of the capacity is lost; at most 50 years.
  func age(capacityLost: Double) -> Double {
    guard capacityLost > 0 else { return 0 }
    var (low, high) = (0.0, 50.0)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if losses(middle).capacity < capacityLost { low = middle } else { high = middle }
    }
    return high
  }
}
