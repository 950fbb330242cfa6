/// The rows of one or more frames that a model can learn from or be scored on.
package struct WarningData: Sendable {
  /// What is to be known ahead.
  package let task: WarningTask
  /// The frames.
  package let frames: [TelemetryFrame]
  /// What came true in each frame.
  package let labels: [WarningLabels]
  /// Changes that the twin is fitted to: over the longest stretch of the past, as short ones hide how it cools.
  let twinLabels: [WarningLabels]
  /// Columns to learn from.
  package let features: [WarningFeature]
  private let tables: [FeatureTable]
  /// Frame of each row, and its step in it.
  var frame: [Int]
  package internal(set) var step: [Int]
  /// Run of each row, counted over all frames.
  package internal(set) var run: [Int]
  /// Stretch of each row, counted over all frames.
  var stretch: [Int]
  /// Names of the runs, counted over all frames.
  package let runNames: [String]
  /// Temperature now, change over the lead and whether the limit is reached in it, one per row.
  var temperatureC: [Double]
  var changeK: [Double]
  var willBeHot: [Double]
  /// Change over the lead if the slope of the past goes on. [K]
  var trendK: [Double]
  /// Steps with a whole past but no whole lead, and steps with a whole lead but no whole past.
  package let stepsWithoutLead: Int
  package let stepsWithoutPast: Int

  /// Number of rows.
  package var count: Int { step.count }
  /// Length of a usual step. [s]
  package var typicalSeconds: Int { frames.first?.typicalSeconds ?? 1 }

  /// Gathers the rows of frames with the same signals.
  ///
  /// - Parameters:
  ///   - frames: At least one.
  ///   - task: What is to be known ahead.
  ///   - without: Keys of columns to leave out.
  ///   - allSteps: Whether steps count whose lead is not measured, as for predictions.
  ///   - first: First step of each frame that counts.
  package init(
    _ frames: [TelemetryFrame], task: WarningTask, without: Set<String> = [],
    allSteps: Bool = false, from first: Int = 0
  ) {
    var longer = task
    longer.leadSeconds = max(task.leadSeconds, task.windowSeconds)
    self.init(
      frames, task: task, without: without, allSteps: allSteps, from: first,
      labels: frames.map { WarningLabels($0, task: task) },
      twinLabels: frames.map { WarningLabels($0, task: longer) })
  }

  /// Gathers the rows of frames of which it is known what came true.
  init(
    _ frames: [TelemetryFrame], task: WarningTask, without: Set<String>, allSteps: Bool = false,
    from first: Int = 0, labels: [WarningLabels], twinLabels: [WarningLabels]
  ) {
    self.task = task
    self.frames = frames
    self.labels = labels
    self.twinLabels = twinLabels
    let features = (frames.first.map { WarningFeature.all($0, task: task) } ?? [])
      .filter { !without.contains($0.key) }
    self.features = features
    let tables = frames.map { FeatureTable($0, features: features, task: task, from: first) }
    self.tables = tables
    let trend = task.trendWindow(typicalSeconds: frames.first?.typicalSeconds ?? 1)
    let slopes = frames.map {
      FeatureTable(
        $0, features: [WarningFeature.change(window: trend)], task: task, from: first)
    }
    let isPast = features.map { $0.source != .twinExcess && !$0.isPlanned }
    let isPlanned = features.map(\.isPlanned)
    var names: [String] = []
    var (owner, step, run, stretch): ([Int], [Int], [Int], [Int]) = ([], [], [], [])
    var (now, change, hot, slope): ([Double], [Double], [Double], [Double]) = ([], [], [], [])
    var (withoutLead, withoutPast) = (0, 0)
    var stretches = 0
    for (place, frame) in frames.enumerated() {
      let temperature = frame.temperatureC
      for (index, range) in frame.stretches.enumerated() {
        for k in range where k >= first {
          let row = tables[place].row(k)
          let slopeNow = slopes[place].row(k).first ?? .nan
          let hasPlan = zip(row, isPlanned).allSatisfy { $0.isFinite || !$1 }
          let hasPast =
            slopeNow.isFinite && zip(row, isPast).allSatisfy { $0.isFinite || !$1 }
          let hasLead =
            hasPlan && labels[place].changeK[k].isFinite && labels[place].willBeHot[k].isFinite
          withoutLead += hasPast && !hasLead ? 1 : 0
          withoutPast += hasLead && !hasPast ? 1 : 0
          guard hasPast, hasLead || allSteps && hasPlan else { continue }
          owner.append(place)
          step.append(k)
          run.append(names.count + frame.runOfStretch[index])
          stretch.append(stretches + index)
          now.append(temperature[k])
          change.append(labels[place].changeK[k])
          hot.append(labels[place].willBeHot[k])
          slope.append(slopeNow * Double(task.leadSeconds) / Double(trend))
        }
      }
      names += frames.count > 1 ? frame.runNames.map { "\(frame.name): \($0)" } : frame.runNames
      stretches += frame.stretches.count
    }
    self.frame = owner
    self.step = step
    self.run = run
    self.stretch = stretch
    runNames = names
    temperatureC = now
    changeK = change
    willBeHot = hot
    trendK = slope
    stepsWithoutLead = withoutLead
    stepsWithoutPast = withoutPast
  }

  /// Instant of a row. [s]
  package func instant(_ row: Int) -> Int { frames[frame[row]].instants[step[row]] }

  /// Name of the frame of a row.
  package func frameName(_ row: Int) -> String { frames[frame[row]].name }

  /// When a row is, in words.
  package func timeText(_ row: Int) -> String { frames[frame[row]].timeText(step[row]) }

  /// Temperature at a row. [°C]
  package func temperature(_ row: Int) -> Double { temperatureC[row] }

  /// Change over the lead from a row on; NaN where the lead was not measured. [K]
  package func change(_ row: Int) -> Double { changeK[row] }

  /// Whether the limit is reached within the lead of a row.
  package func isHotWithinLead(_ row: Int) -> Bool { willBeHot[row] == 1 }

  /// Whether the limit is reached at a row already.
  package func isHot(_ row: Int) -> Bool { labels[frame[row]].isHot[step[row]] }

  /// Steps of some rows by frame.
  func steps(_ rows: [Int]) -> [[Int]] {
    var result = [[Int]](repeating: [], count: frames.count)
    for row in rows { result[frame[row]].append(step[row]) }
    return result
  }

  /// Values of all columns of all rows, with a twin for the column that compares with it; 0 there without one.
  package func values(twin: OneNodeTwin?) -> [Double] {
    let width = features.count
    let column = features.firstIndex { $0.source == .twinExcess }
    let against: [FeatureTable]? = column.flatMap { column in
      twin.map { twin in
        frames.map {
          FeatureTable($0, features: [features[column]], task: task, twin: twin)
        }
      }
    }
    var values: [Double] = []
    values.reserveCapacity(count * width)
    for row in 0..<count {
      values += tables[frame[row]].row(step[row])
      if let column {
        let excess = against?[frame[row]].row(step[row]).first ?? 0
        values[row * width + column] = excess.isFinite ? excess : 0
      }
    }
    return values
  }

  /// Changes that a twin predicts for some rows. [K]
  func twinChanges(_ twin: OneNodeTwin, rows: [Int]) -> [Double] {
    let wanted = Set(rows.map { frame[$0] })
    let changes = frames.indices.map {
      wanted.contains($0) ? twin.changes(frames[$0], task: task) : []
    }
    return rows.map { changes[frame[$0]][step[$0]] }
  }
}
