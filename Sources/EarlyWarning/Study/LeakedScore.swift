import Forecasting
import Numerics

/// What a mistake that lets the future slip in makes of a score, beside the honest one.
///
/// Three mistakes that published figures for temperatures come from: the change one step ago among the columns,
/// which ends after the time of issue; the present second as what is to be forecast; and rows drawn at random.
package struct LeakedScore: Sendable, Equatable {
  /// The mistake, in words.
  package let words: String
  /// `mae_k` or `f1`.
  package let measure: String
  /// The score with the mistake.
  package let leaked: Double
  /// The score of the same model without it.
  package let honest: Double

  /// Makes the mistakes on purpose.
  ///
  /// - Parameters:
  ///   - study: The honest study, with boosting.
  ///   - seed: Seed of trees and of the draw of rows.
  /// - Returns: The scores.
  /// - Throws: `TreeTrainingFailure`.
  package static func all(_ study: WarningStudy, seed: UInt64) throws -> [LeakedScore] {
    let data = study.data
    let honest = study.scores.first { $0.kind == .boosting }
    let values = data.values(twin: nil)
    let width = data.features.count
    // The change one step ago ends one step before the end of the lead.
    let previous = (0..<data.count).map { row -> Double in
      let step = data.step[row]
      return step > 0 ? data.labels[data.frame[row]].changeK[step - 1] : .nan
    }
    func widened(_ column: [Double]) -> [Float] {
      var table: [Float] = []
      table.reserveCapacity(data.count * (width + 1))
      for row in 0..<data.count {
        for value in values[row * width..<(row + 1) * width] { table.append(Float(value)) }
        table.append(Float(column[row]))
      }
      return table
    }
    let seconds = data.typicalSeconds
    let hotNow = (0..<data.count).map { data.isHot($0) ? 1.0 : 0 }
    let before = (0..<data.count).map { row -> Double in
      let step = data.step[row]
      return step > 0 && data.labels[data.frame[row]].isHot[step - 1] ? 1 : 0
    }
    let withTarget = widened(previous)
    let shuffled = WarningSplit(data, rule: .shuffled(5, seed: seed))
    let plain = widened([Double](repeating: 0, count: data.count))
    return [
      LeakedScore(
        words: "the change \(seconds) s ago as a column: it ends "
          + "\(data.task.leadSeconds - seconds) s from now",
        measure: "mae_k", leaked: try error(data, study.split, withTarget, seed),
        honest: honest?.meanAbsoluteErrorK ?? .nan),
      LeakedScore(
        words: "rows drawn at random: neighbours of a row scored are fitted on", measure: "mae_k",
        leaked: try error(data, shuffled, plain, seed),
        honest: honest?.meanAbsoluteErrorK ?? .nan),
      LeakedScore(
        words: "'hot now' scored on this second in place of the lead, from the second before",
        measure: "f1", leaked: f1(before, hotNow),
        honest: study.scores.first { $0.kind == .hotNow }?.f1 ?? .nan),
    ]
  }

  private static func error(
    _ data: WarningData, _ split: WarningSplit, _ table: [Float], _ seed: UInt64
  ) throws -> Double {
    let width = data.features.count + 1
    func rows(_ positions: [Int]) -> [Float] {
      positions.flatMap { table[$0 * width..<($0 + 1) * width] }
    }
    var (sum, count) = (0.0, 0)
    for fold in split.folds where !fold.training.isEmpty {
      let trees = try BoostedTrees.fitSquaredError(
        rows: rows(fold.training), width: width,
        targets: fold.training.map { Float(data.changeK[$0]) },
        settings: WarningModel.changeSettings, seed: seed)
      for (row, value) in zip(fold.test, trees.values(rows: rows(fold.test), width: width)) {
        sum += abs(Double(value) - data.changeK[row])
        count += 1
      }
    }
    return sum / Double(count)
  }

  private static func f1(_ says: [Double], _ came: [Double]) -> Double {
    let hits = zip(says, came).reduce(0) { $0 + $1.0 * $1.1 }
    return 2 * hits / (says.reduce(0, +) + came.reduce(0, +))
  }
}
