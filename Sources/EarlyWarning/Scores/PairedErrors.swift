import Numerics

/// How much less a model errs than a rule, with an interval that knows that neighbouring rows err alike.
package struct PairedErrors: Sendable, Equatable {
  /// Mean absolute error of the rule minus that of the model. [K]
  package let gainK: Double
  /// Half of the 95 % interval; NaN for fewer than five blocks. [K]
  package let halfWidthK: Double
  /// Blocks that were compared: whole runs, or stretches of ten leads.
  package let blocks: Int

  /// Compares two scores of the same rows; nothing where either says no change.
  package init?(_ model: WarningScore, against rule: WarningScore, in study: WarningStudy) {
    let rows = study.scoredRows
    guard model.absoluteErrors.count == rows.count, rule.absoluteErrors.count == rows.count,
      !rows.isEmpty
    else { return nil }
    let data = study.data
    let hasRuns = Set(rows.map { data.run[$0] }).count >= 5
    let length = max(1, 10 * data.task.leadSeconds)
    var blocks: [(sum: Double, count: Double)] = []
    var last: (Int, Int)?
    for (k, row) in rows.enumerated() {
      let key =
        hasRuns
        ? (data.run[row], 0) : (data.frame[row], floorDivided(data.instant(row), length))
      if last.map({ $0 != key }) ?? true { blocks.append((0, 0)) }
      last = key
      blocks[blocks.count - 1].sum += rule.absoluteErrors[k] - model.absoluteErrors[k]
      blocks[blocks.count - 1].count += 1
    }
    let count = blocks.reduce(0) { $0 + $1.count }
    let gain = blocks.reduce(0) { $0 + $1.sum } / count
    self.blocks = blocks.count
    gainK = gain
    if blocks.count >= 5 {
      // A ratio of two sums over blocks, linearised: W. G. Cochran, Sampling Techniques (1977), section 6.3.
      let rest = blocks.map { $0.sum - gain * $0.count }
      let scale = Statistics.standardDeviation(rest) * Double(blocks.count).squareRoot() / count
      halfWidthK = StudentSpread(scale: scale, degreesOfFreedom: blocks.count - 1)
        .halfWidth(level: 0.95)
    } else {
      halfWidthK = .nan
    }
  }

  /// Whether the model errs less beyond chance.
  package var isBetter: Bool { gainK - halfWidthK > 0 }
}

private func floorDivided(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : (a - b + 1) / b }
