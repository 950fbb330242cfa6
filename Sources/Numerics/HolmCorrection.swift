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
}
