/// Holm's correction of the probabilities of several tests, after which at most the stated share of all
/// families of tests holds a false finding.
///
/// Source: S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal
/// of Statistics 6 (1979) 65–70.
package enum HolmCorrection {
  /// Returns corrected probabilities in the order given, each at least as large as it was.
  package static func adjusted(_ probabilities: [Double]) -> [Double] {
    let order = probabilities.indices.sorted { (probabilities[$0], $0) < (probabilities[$1], $1) }
    var result = probabilities
    var least = 0.0
    for (rank, index) in order.enumerated() {
      least = max(least, min(1, probabilities[index] * Double(order.count - rank)))
      result[index] = least
    }
    return result
  }

  /// Returns the level of the step at which each test is decided, in the order given.
  ///
  /// A test that holds is decided at the share of its step, all others at that of the step at which the
  /// procedure stops. An interval at this level leaves zero out exactly where the test holds.
  ///
  /// - Parameters:
  ///   - probabilities: Probabilities before correction.
  ///   - level: Coverage of a single interval, 0…1.
  /// - Returns: Coverage of each interval after correction, 0…1.
  package static func levels(_ probabilities: [Double], level: Double) -> [Double] {
    let order = probabilities.indices.sorted { (probabilities[$0], $0) < (probabilities[$1], $1) }
    var result = [Double](repeating: level, count: probabilities.count)
    var remaining = order.count
    var isStopped = false
    for index in order {
      result[index] = 1 - (1 - level) / Double(remaining)
      isStopped = isStopped || probabilities[index] > 1 - result[index]
      if !isStopped { remaining -= 1 }
    }
    return result
  }
}
