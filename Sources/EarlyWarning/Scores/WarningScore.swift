import Numerics

/// How a rule or a model did on rows that it was not fitted on.
package struct WarningScore: Sendable {
  /// What it is.
  package let kind: WarningModel.Kind
  /// Rows scored, and rows that are not hot.
  package let rows: Int
  package let onsetRows: Int
  /// Share of the rows that are not hot in which the limit is reached within the lead.
  package let baseRate: Double
  /// Mean absolute and root mean square error of the change; NaN for a kind that says none. [K]
  package let meanAbsoluteErrorK: Double
  package let rootMeanSquareErrorK: Double
  /// On rows that are not hot: area under the curve, average precision and mean squared error of the chance.
  package let areaUnderCurve: Double
  package let averagePrecision: Double
  package let brier: Double
  /// On all rows at a chance of a half: harmonic mean of precision and recall, as usually published.
  package let f1: Double
  /// Alarms at the best threshold within the budget.
  package let alarms: AlarmScore
  /// Absolute errors of the change, one per row; empty for a kind that says none. [K]
  let absoluteErrors: [Double]

  /// Scores predictions.
  ///
  /// - Parameters:
  ///   - kind: What made them.
  ///   - data: The rows.
  ///   - rows: Positions of the rows, in order.
  ///   - predictions: One per row.
  ///   - falseShare: Share of the quiet time that alarms may stand in.
  init(
    _ kind: WarningModel.Kind, _ data: WarningData, rows: [Int],
    predictions: [WarningModel.Prediction], falseShare: Double
  ) {
    self.kind = kind
    self.rows = rows.count
    let errors = zip(rows, predictions).map { $1.changeK - data.changeK[$0] }
    let isScored = !errors.isEmpty && errors.allSatisfy(\.isFinite)
    absoluteErrors = isScored ? errors.map { abs($0) } : []
    meanAbsoluteErrorK = isScored ? Statistics.mean(absoluteErrors) : .nan
    rootMeanSquareErrorK =
      isScored ? Statistics.mean(errors.map { $0 * $0 }).squareRoot() : .nan
    let cold = rows.indices.filter { !data.isHot(rows[$0]) }
    onsetRows = cold.count
    let chances = cold.map { predictions[$0].probability }
    let events = cold.map { data.willBeHot[rows[$0]] == 1 }
    baseRate = Double(events.count { $0 }) / Double(cold.count)
    let hasChances = chances.allSatisfy(\.isFinite)
    areaUnderCurve = hasChances ? RankScores.areaUnderCurve(chances, events) : .nan
    averagePrecision = hasChances ? RankScores.averagePrecision(chances, events) : .nan
    brier = Statistics.mean(zip(chances, events).map { ($0 - ($1 ? 1 : 0)) * ($0 - ($1 ? 1 : 0)) })
    var (hits, alarms, hot) = (0.0, 0.0, 0.0)
    for (i, row) in rows.enumerated() {
      let says = predictions[i].probability >= 0.5
      let came = data.willBeHot[row] == 1
      hits += says && came ? 1 : 0
      alarms += says ? 1 : 0
      hot += came ? 1 : 0
    }
    f1 = alarms + hot > 0 ? 2 * hits / (alarms + hot) : .nan
    let watch = Self.watch(data, rows: cold.map { rows[$0] }, chances: chances, events: events)
    self.alarms = AlarmScore.best(watch, falseShare: falseShare)
  }

  /// What alarms need to know of rows that are not hot.
  private static func watch(
    _ data: WarningData, rows: [Int], chances: [Double], events: [Bool]
  ) -> AlarmScore.Watch {
    var watch = AlarmScore.Watch()
    watch.chance = chances
    watch.instant = rows.map { data.instant($0) }
    watch.willBeHot = events
    watch.stepSeconds = data.typicalSeconds
    var places: [Int: Int] = [:]
    for (k, row) in rows.enumerated() {
      let labels = data.labels[data.frame[row]]
      // A few steps whose lead was not measured do not end an alarm; a hot one does.
      let isNext =
        k > 0 && data.stretch[row] == data.stretch[rows[k - 1]]
        && watch.instant[k] - watch.instant[k - 1] <= max(5, 3 * data.typicalSeconds)
        && !labels.isHot[data.step[rows[k - 1]]...data.step[row]].contains(true)
      watch.followsOn.append(isNext)
      let frame = data.frames[data.frame[row]]
      let next = labels.onset(after: data.step[row])
      guard let next, frame.instants[next] - watch.instant[k] <= data.task.leadSeconds, events[k]
      else {
        watch.onset.append(-1)
        continue
      }
      let key = data.frame[row] << 40 + next
      let place = places[key] ?? watch.onsetInstant.count
      if places[key] == nil {
        places[key] = place
        watch.onsetInstant.append(frame.instants[next])
      }
      watch.onset.append(place)
    }
    return watch
  }
}

extension WarningLabels {
  /// The first onset after a step.
  func onset(after step: Int) -> Int? {
    var low = 0
    var high = onsets.count
    while low < high {
      let middle = (low + high) / 2
      if onsets[middle] <= step { low = middle + 1 } else { high = middle }
    }
    return low < onsets.count ? onsets[low] : nil
  }
}
