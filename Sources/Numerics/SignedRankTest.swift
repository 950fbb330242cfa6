/// Wilcoxon's signed-rank test of paired differences, exact.
///
/// Equal differences share their mean rank. Differences of nothing have the lowest ranks, half of which count to
/// either side; one of an odd number of them is left out. The distribution is that of all choices of signs of the
/// ranks.
///
/// Sources: F. Wilcoxon, "Individual Comparisons by Ranking Methods", Biometrics Bulletin 1 (1945) 80–83,
/// doi:10.2307/3001968; zeros after J. Demšar, "Statistical Comparisons of Classifiers over Multiple Data Sets",
/// Journal of Machine Learning Research 7 (2006) 1–30, section 3.1.3.
package enum SignedRankTest {
  /// Returns the probability of ranks as one-sided as these if either sign were as likely.
  ///
  /// - Parameters:
  ///   - differences: One per pair, all finite.
  ///   - tolerance: A difference of at most this is none.
  /// - Returns: Two-sided probability; 1 without a difference.
  package static func probability(_ differences: [Double], tolerance: Double = 0) -> Double {
    var kept = differences
    let zeros = kept.indices.filter { abs(kept[$0]) <= tolerance }
    if zeros.count % 2 == 1, let last = zeros.last { kept.remove(at: last) }
    let ranks = Statistics.ranks(kept.map { abs($0) <= tolerance ? 0 : abs($0) })
    // Twice the ranks, so that shared ones are whole numbers as well.
    let doubled = ranks.map { Int((2 * $0).rounded()) }
    let total = doubled.reduce(0, +)
    var positive = 0.0
    for (difference, rank) in zip(kept, doubled) {
      positive +=
        abs(difference) <= tolerance ? Double(rank) / 2 : difference > 0 ? Double(rank) : 0
    }
    let lesser = min(positive, Double(total) - positive)
    guard total > 0, lesser < Double(total) / 2 else { return 1 }
    var ways = [Double](repeating: 0, count: total + 1)
    ways[0] = 1
    for rank in doubled {
      for sum in stride(from: total, through: rank, by: -1) { ways[sum] += ways[sum - rank] }
    }
    let asFar = ways[...Int(lesser.rounded(.down))].reduce(0, +)
    return min(1, 2 * asFar / ways.reduce(0, +))
  }
}
