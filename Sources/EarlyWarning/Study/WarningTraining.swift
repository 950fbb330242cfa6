/// A model fitted on all rows, chosen by scores on rows that none was fitted on.
package struct WarningTraining: Sendable {
  /// The study that chose it.
  package let study: WarningStudy
  /// The model.
  package let model: WarningModel
  /// Its score in the study.
  package let score: WarningScore

  /// Fits the kind that did best, or the one that is wanted.
  ///
  /// Best is the highest average precision where there are onsets, the smallest error of the change otherwise; it may
  /// be a rule.
  ///
  /// - Parameters:
  ///   - study: The study.
  ///   - kind: The kind; the best one when absent.
  ///   - seed: Seed of trees.
  /// - Throws: `WarningStudy.Refusal` where the rows do not tell; `TreeTrainingFailure`.
  package init(_ study: WarningStudy, kind: WarningModel.Kind? = nil, seed: UInt64) throws {
    let data = study.data
    let ranked = study.scores.filter { $0.averagePrecision.isFinite && $0.alarms.onsets > 0 }
      .max { $0.averagePrecision < $1.averagePrecision }
    let nearest = study.scores.filter { $0.meanAbsoluteErrorK.isFinite }
      .min { $0.meanAbsoluteErrorK < $1.meanAbsoluteErrorK }
    let chosen =
      kind.flatMap { kind in study.scores.first { $0.kind == kind } } ?? ranked ?? nearest
    guard let chosen else { throw WarningStudy.Refusal(description: "nothing could be scored") }
    let rows = Array(0..<data.count)
    let twin = OneNodeTwin.fit(
      data.frames, labels: data.twinLabels, rows: data.steps(rows))
    let model = try WarningModel.fit(
      chosen.kind, data, rows: rows, features: data.values(twin: twin), twin: twin, seed: seed)
    guard let model else {
      throw WarningStudy.Refusal(
        description: "'\(chosen.kind.rawValue)' cannot be fitted on these rows")
    }
    self.study = study
    self.model = model
    score = chosen
  }
}
