/// Rules, learned models and the twin, scored side by side on rows that none was fitted on.
package struct WarningStudy: Sendable {
  /// The rows.
  package let data: WarningData
  /// How they were divided.
  package let split: WarningSplit
  /// Scores in the order of the kinds.
  package let scores: [WarningScore]
  /// Kinds that could not be fitted in some fold, and why.
  package let remarks: [String]
  /// Importances of the learned kinds, meaned over the folds.
  package let importances: [(kind: WarningModel.Kind, shares: [(key: String, share: Double)])]
  /// Rows recomputed from a history that ended at them.
  package let auditedRows: Int
  /// Predictions of each kind, one per scored row.
  package let predictions: [WarningModel.Kind: [WarningModel.Prediction]]
  /// Scored rows, in order.
  package let scoredRows: [Int]
  /// The twin of the fold with most rows to fit on.
  package let twin: OneNodeTwin?

  /// Why a study is refused.
  package struct Refusal: Error, CustomStringConvertible {
    /// The reason.
    package let description: String
  }

  /// Fits and scores.
  ///
  /// - Parameters:
  ///   - data: The rows.
  ///   - split: Which rows are fitted on and which are scored.
  ///   - kinds: What takes part; the trivial rules always do.
  ///   - falseShare: Share of the quiet time that alarms may stand in.
  ///   - seed: Seed of trees.
  /// - Throws: `Refusal` without rows or for a column that needs the future; `TreeTrainingFailure`.
  package init(
    _ data: WarningData, split: WarningSplit, kinds: [WarningModel.Kind],
    falseShare: Double, seed: UInt64
  ) throws {
    guard data.count >= 50 else {
      throw Refusal(
        description: "only \(data.count) steps have a whole past and a measured lead; "
          + "50 are needed")
    }
    if let finding = ForesightGuard(data).finding { throw Refusal(description: finding) }
    auditedRows = try Self.audit(data)
    let taking = WarningModel.Kind.allCases.filter { $0.isTrivial || kinds.contains($0) }
    var predictions: [WarningModel.Kind: [WarningModel.Prediction]] = [:]
    var remarks: [String] = []
    var sums: [WarningModel.Kind: [Double]] = [:]
    var fits: [WarningModel.Kind: Int] = [:]
    var scored: [Int] = []
    var widest: (twin: OneNodeTwin, rows: Int)?
    for (number, fold) in split.folds.enumerated() {
      scored += fold.test
      let twin = OneNodeTwin.fit(
        data.frames, labels: data.twinLabels, rows: data.steps(fold.training))
      if let twin, fold.training.count > widest?.rows ?? 0 { widest = (twin, fold.training.count) }
      let values = data.values(twin: twin)
      let events = fold.training.count { data.willBeHot[$0] == 1 }
      for kind in taking {
        let model = try WarningModel.fit(
          kind, data, rows: fold.training, features: values, twin: twin, seed: seed)
        if let model {
          predictions[kind, default: []] += model.predictions(
            data, rows: fold.test, features: values)
          let shares = model.importances.map(\.share)
          sums[kind] = sums[kind].map { zip($0, shares).map(+) } ?? shares
          fits[kind, default: 0] += 1
        } else {
          // A kind that cannot tell says the share of the rows it was to be fitted on.
          let share = Double(events) / Double(max(1, fold.training.count))
          predictions[kind, default: []] += fold.test.map { _ in
            WarningModel.Prediction(changeK: kind == .logistic ? .nan : 0, probability: share)
          }
          remarks.append(
            "\(kind.rawValue) could not be fitted for part \(number + 1) and says no change and the "
              + "share of \(events) of \(fold.training.count) rows there")
        }
      }
    }
    self.data = data
    self.split = split
    self.remarks = remarks
    self.predictions = predictions
    scoredRows = scored
    twin = widest?.twin
    scores = taking.map {
      WarningScore(
        $0, data, rows: scored, predictions: predictions[$0] ?? [], falseShare: falseShare)
    }
    importances = taking.compactMap { kind in
      guard let sum = sums[kind], !sum.isEmpty, let count = fits[kind] else { return nil }
      let shares = zip(data.features.map(\.key), sum).map { ($0, $1 / Double(count)) }
      return (kind, shares.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.map { (key: $0.0, share: $0.1) })
    }
  }

  /// Computes some rows again from frames that end at them, and compares.
  ///
  /// - Returns: How many were compared.
  /// - Throws: `Refusal` that names a column whose value changes.
  private static func audit(_ data: WarningData) throws -> Int {
    let wanted = 12
    let every = max(1, data.count / wanted)
    let whole = data.values(twin: nil)
    var count = 0
    for row in stride(from: every / 2, to: data.count, by: every) {
      let cut = data.frames[data.frame[row]].cut(through: data.step[row])
      let table = FeatureTable(cut, features: data.features, task: data.task)
      let again = Array(table.row(data.step[row]))
      for (column, feature) in data.features.enumerated()
      where !feature.isPlanned && feature.source != .twinExcess {
        let before = whole[row * data.features.count + column]
        guard again[column] == before else {
          throw Refusal(
            description: "'\(feature.key)' changes when the history ends at the time of issue")
        }
      }
      count += 1
    }
    return count
  }
}
