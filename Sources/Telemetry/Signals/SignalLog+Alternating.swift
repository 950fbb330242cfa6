extension SignalLog.Signal {
  /// Whether the samples of a step take both signs, in most of the steps that have several: a current or a voltage
  /// of an alternating side, of which the mean says nothing.
  package var alternates: Bool {
    var several = 0
    var both = 0
    for k in count.indices where count[k] > 1 {
      several += 1
      if minimum[k] < 0, maximum[k] > 0 { both += 1 }
    }
    return several > 0 && 2 * both > several
  }

  /// Root of the mean square of all samples; nothing without samples.
  package var totalRMS: Double? {
    weighted { rms[$0] * rms[$0] }.map { $0.squareRoot() }
  }

  /// Mean magnitude of all samples; nothing without samples.
  package var totalAbsoluteMean: Double? { weighted { absoluteMean[$0] } }

  /// Mean of a figure over all samples.
  private func weighted(_ value: (Int) -> Double) -> Double? {
    var sum = 0.0
    var samples = 0
    for k in count.indices where count[k] > 0 {
      sum += value(k) * Double(count[k])
      samples += count[k]
    }
    return samples > 0 ? sum / Double(samples) : nil
  }
}
