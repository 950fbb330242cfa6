/// What telemetry that lacks something costs, measured by thinning it and scoring again on the same rows.
///
/// What comes true is always taken from the whole telemetry, for fitting and for scoring; columns are computed
/// from what is left.
package struct TelemetryAdvice: Sendable {
  /// One thinning.
  package struct Row: Sendable {
    /// What is lacking.
    package let thinning: Thinning
    /// The score of the model with it.
    package let score: WarningScore
    /// By how much more it errs than with the whole telemetry; nothing for a model that says no change.
    package let cost: PairedErrors?
    /// Why a part could not be fitted.
    package let remarks: [String]
  }

  /// The study of the whole telemetry, on the rows that every thinning has.
  package let study: WarningStudy
  /// The score of the model that is asked each time: the one that errs least.
  package let whole: WarningScore
  /// One per thinning, in their order.
  package let rows: [Row]
  /// Rows that some thinning does not have.
  package let rowsLeftOut: Int

  /// Thins and scores.
  ///
  /// - Parameters:
  ///   - data: The rows of the whole telemetry.
  ///   - thinnings: What to try.
  ///   - rule: How rows are divided, as in a study.
  ///   - kinds: Models that may be asked.
  ///   - falseShare: Share of the quiet time that alarms may stand in.
  ///   - seed: Seed of trees.
  /// - Throws: `WarningStudy.Refusal` where no model says a change; `TreeTrainingFailure`.
  package init(
    _ data: WarningData, thinnings: [Thinning], rule: WarningSplit.Rule,
    kinds: [WarningModel.Kind], falseShare: Double, seed: UInt64
  ) throws {
    let thinned = thinnings.map { data.thinned($0) }
    var places = Set(data.places)
    for other in thinned { places.formIntersection(other.places) }
    let common = data.limited(to: places)
    rowsLeftOut = data.count - common.count
    let study = try WarningStudy(
      common, split: WarningSplit(common, rule: rule), kinds: kinds, falseShare: falseShare,
      seed: seed)
    let models = study.scores.filter { !$0.kind.isTrivial && $0.meanAbsoluteErrorK.isFinite }
    guard
      let whole = models.min(by: { $0.meanAbsoluteErrorK < $1.meanAbsoluteErrorK })
    else {
      throw WarningStudy.Refusal(
        description: "no model says a change; advice needs ridge, boosting or the twin")
    }
    var rows: [Row] = []
    for (thinning, other) in zip(thinnings, thinned) {
      let part = other.limited(to: places)
      let study = try WarningStudy(
        part, split: WarningSplit(part, rule: rule), kinds: [whole.kind], falseShare: falseShare,
        seed: seed)
      guard let score = study.scores.first(where: { $0.kind == whole.kind }) else { continue }
      rows.append(
        Row(
          thinning: thinning, score: score,
          cost: PairedErrors(whole, against: score, in: study),
          remarks: study.remarks.filter { $0.hasPrefix("\(whole.kind.rawValue) ") }))
    }
    self.study = study
    self.whole = whole
    self.rows = rows
  }
}

extension WarningData {
  /// Where the rows stand: frame and step as one number.
  var places: [Int] { (0..<count).map { frame[$0] << 40 + step[$0] } }

  /// The same steps with less telemetry; what comes true stays as it was measured.
  func thinned(_ thinning: Thinning) -> WarningData {
    let task = task.thinned(thinning)
    let less = frames.map { $0.thinned(thinning, task: task) }
    func seen(_ labels: [WarningLabels]) -> [WarningLabels] {
      labels.indices.map { k in
        labels[k].seen(from: less[k].temperatureC, measured: frames[k].temperatureC)
      }
    }
    let kept = features.map(\.key)
    let data = WarningData(
      less, task: task,
      without: Set(
        less.first.map { WarningFeature.all($0, task: task).map(\.key) } ?? []
      ).subtracting(kept), labels: seen(labels), twinLabels: seen(twinLabels))
    guard thinning.silentSeconds > 0 else { return data }
    return data.limited { row in
      let frame = data.frames[data.frame[row]]
      let stretch = frame.stretches.last { $0.lowerBound <= data.step[row] }
      return stretch.map {
        data.instant(row) - frame.instants[$0.lowerBound] >= thinning.silentSeconds
      } ?? false
    }
  }

  /// The rows that stand at some places.
  func limited(to places: Set<Int>) -> WarningData {
    let own = self.places
    return limited { places.contains(own[$0]) }
  }

  private func limited(_ isKept: (Int) -> Bool) -> WarningData {
    let rows = (0..<count).filter(isKept)
    var data = self
    data.frame = rows.map { frame[$0] }
    data.step = rows.map { step[$0] }
    data.run = rows.map { run[$0] }
    data.stretch = rows.map { stretch[$0] }
    data.temperatureC = rows.map { temperatureC[$0] }
    data.changeK = rows.map { changeK[$0] }
    data.willBeHot = rows.map { willBeHot[$0] }
    data.trendK = rows.map { trendK[$0] }
    return data
  }
}
