/// The circular moving-block bootstrap of a mean of dependent values.
///
/// Blocks keep neighbouring days together, because a day that ends with a fuller battery is
/// repaid by the next one. Source: D. N. Politis, J. P. Romano, "A circular block-resampling
/// procedure for stationary data", 1992, in Exploring the Limits of Bootstrap, pp. 263–270.
///
/// A percentile interval of few blocks is too narrow; its tail probability is the one of a normal
/// value at Student's quantile for as many values as there are blocks, the *expanded percentile
/// interval* of T. C. Hesterberg, DOI 10.1080/00031305.2015.1089789. Where dependence dies within
/// a block, a nominal 95 % then covers 93 to 97 %.
package struct BlockBootstrap: Sendable {
  /// Length of a block in values.
  package var blockLength: Int
  /// Number of resamples.
  package var draws: Int
  /// Seed of the resampling.
  package var seed: UInt64

  /// Sets up the resampling.
  package init(blockLength: Int = 7, draws: Int = 2000, seed: UInt64 = 1) {
    precondition(blockLength > 0 && draws > 0, "a resampling plan has blocks and draws")
    self.blockLength = blockLength
    self.draws = draws
    self.seed = seed
  }

  /// Returns the mean and its percentile interval.
  ///
  /// - Parameters:
  ///   - values: One value per day in order of time, all finite.
  ///   - level: Coverage of the interval, 0…1.
  /// - Returns: Mean, lower and upper end; an interval of no width for fewer than two values.
  package func meanInterval(
    _ values: [Double], level: Double = 0.95
  ) -> (mean: Double, low: Double, high: Double) {
    let mean = Statistics.mean(values)
    guard values.count > 1 else { return (mean, mean, mean) }
    let length = min(blockLength, values.count)
    var generator = SeededGenerator(seed: seed, label: "block bootstrap")
    var means: [Double] = []
    means.reserveCapacity(draws)
    for _ in 0..<draws {
      var sum = 0.0
      var taken = 0
      while taken < values.count {
        var place = generator.index(below: values.count)
        for _ in 0..<min(length, values.count - taken) {
          sum += values[place]
          place = place + 1 == values.count ? 0 : place + 1
          taken += 1
        }
      }
      means.append(sum / Double(values.count))
    }
    means.sort()
    let tail = expandedTail((1 - level) / 2, blocks: max(2, values.count / length))
    return (
      mean, Statistics.quantile(sorted: means, probability: tail),
      Statistics.quantile(sorted: means, probability: 1 - tail)
    )
  }

  private func expandedTail(_ tail: Double, blocks: Int) -> Double {
    let count = Double(blocks)
    let t = StudentT(degreesOfFreedom: blocks - 1).quantile(1 - tail)
    return 0.5 * complementaryError(t * (count / (count - 1)).squareRoot() / 2.0.squareRoot())
  }
}
